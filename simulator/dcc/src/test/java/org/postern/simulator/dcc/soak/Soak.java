package org.postern.simulator.dcc.soak;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsRefusal;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.InProcess;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorBounds;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.UserKeys;
import org.postern.simulator.examples.ExampleFiller;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequests;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Sends a simulator one request after another, of every kind that there is: reads, each critical service at once, dated
 * and cancelled, top-ups, repetitions, alerts, faults, and callbacks that are not acknowledged. Without sockets and on
 * a virtual clock: what is sent follows from the seed, and a run takes no longer than the work in it.
 */
final class Soak implements AutoCloseable {

    private static final Instant BEGIN = Instant.parse("2026-03-19T15:10:00Z");
    /** Virtual time between two requests. */
    private static final Duration STEP = Duration.ofMillis(500);
    /** How far off a dated request is, at most. */
    private static final int MAX_AHEAD_SECONDS = 400 * 86_400;
    /** Services that would change whose commands a device takes; after them it would refuse most others. */
    private static final Set<String> HANDOVERS = Set.of("6.15.1", "6.21", "6.23", "8.5");

    private record Template(UserRole role, DuisRequest request, ExampleRequest example) {}

    private final Random random;
    private final VirtualTime time = new VirtualTime(BEGIN);
    private final SimulatorPki pki;
    private final UserKeys user;
    private final Simulator simulator;
    private final List<Template> critical = new ArrayList<>();
    private final List<SimulatedDevice> meters;
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
    private final Random refusals = new Random(7);
    private final long[] tokens;
    private byte[] earlier = new byte[0];
    private ServiceEndpoint earlierEndpoint = ServiceEndpoint.SEND_COMMAND;
    private long acknowledged;
    private long refused;

    /**
     * @param folder for the throwaway PKI
     * @param eventFile takes the record of events
     */
    Soak(Path folder, Path eventFile, int homes, SimulatorBounds bounds, long seed) throws Exception {
        this.random = new Random(seed);
        EcProvider real = EcProvider.fastest();
        EcProvider ec = new QuickSignatures(real);
        this.pki = SimulatorPki.create(folder, new Population(11, homes), time.clock());
        this.user = new UserKeys(pki, ec);
        this.simulator = new Simulator(
                SimulatorSettings.of(folder, URI.create("https://localhost/"))
                        .withEventFile(eventFile)
                        .withBounds(bounds),
                ec,
                time.clock(),
                new InProcess(time, this::acknowledges, seed, KeySource.random()));
        this.meters = pki.population().devices(DeviceType.ESME);
        this.tokens = new long[meters.size()];
        ExampleFiller filler = new ExampleFiller(pki, time.clock());
        for (ExampleRequest example : ExampleRequests.load().all()) {
            if (example.role().isEmpty() || !example.critical() || HANDOVERS.contains(example.service())) {
                continue;
            }
            for (SimulatedDevice device : pki.population().devices(example.deviceType())) {
                if (example.fits(device, pki.population())) {
                    critical.add(new Template(
                            example.role().get(),
                            reader.readRequest(filler.document(example, device, BEGIN)),
                            example));
                }
            }
        }
    }

    /** One in a hundred callbacks is not acknowledged at first. */
    private int acknowledges(byte[] document) {
        boolean taken = refusals.nextInt(100) != 0;
        acknowledged += taken ? 1 : 0;
        return taken ? 204 : 503;
    }

    Simulator simulator() {
        return simulator;
    }

    /** Callbacks that were acknowledged. */
    long acknowledged() {
        return acknowledged;
    }

    /** Requests that were refused, or not answered. */
    long refused() {
        return refused;
    }

    /** Sends that many requests. */
    void send(int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            one(random.nextInt(100));
            time.forward(STEP);
        }
    }

    private void one(int kind) throws Exception {
        if (kind < 45) {
            DuisRequest request = user.request(
                    UserRole.IS,
                    anyMeter().deviceId(),
                    CommandVariant.CV1,
                    "4.1.1",
                    DuisElement.of("ReadInstantaneousImportRegisters"));
            post(UserRole.IS, request);
        } else if (kind < 50) {
            again();
        } else if (kind < 62) {
            topUp();
        } else if (kind < 95) {
            critical(critical.get(random.nextInt(critical.size())));
        } else if (kind < 98) {
            simulator.deviceAlert(anyMeter().deviceId(), 0x8F30, random.nextBoolean(), UserRole.IS);
            simulator.powerOutage(anyMeter().deviceId(), UserRole.ED);
        } else {
            fault();
        }
    }

    private SimulatedDevice anyMeter() {
        return meters.get(random.nextInt(meters.size()));
    }

    /** The latest document once more. */
    private void again() {
        if (earlier.length > 0) {
            simulator.post(earlierEndpoint, earlier);
        }
    }

    private void topUp() throws Exception {
        int which = random.nextInt(meters.size());
        Eui64 meter = meters.get(which).deviceId();
        long number = ++tokens[which];
        String digits = user.token(UserRole.IS, meter, number, 1 + random.nextInt(20));
        if (random.nextInt(10) == 0) {
            simulator.keypad(meter, digits);
        }
        DuisRequest request = new DuisRequest(
                new RequestId(SimulatorPki.user(UserRole.IS), meter, number << 32),
                CommandVariant.CV1,
                "2.2",
                "2.2",
                DuisElement.of("TopUpDevice", DuisElement.leaf("UTRN", digits)));
        post(UserRole.IS, request);
    }

    private void critical(Template template) throws Exception {
        DuisRequest example = template.request();
        RequestId id = user.request(
                        template.role(),
                        example.requestId().target(),
                        CommandVariant.CV4,
                        example.serviceReferenceVariant(),
                        example.body())
                .requestId();
        DuisRequest request = new DuisRequest(
                id,
                CommandVariant.CV4,
                example.serviceReference(),
                example.serviceReferenceVariant(),
                template.example().execution() == ExampleRequest.Execution.DATED
                        ? dated(example.body())
                        : example.body());
        Optional<byte[]> preCommand = post(template.role(), request);
        if (preCommand.isPresent()) {
            byte[] signed;
            try {
                signed = user.signPreCommand(template.role(), preCommand.get());
            } catch (GbcsRefusal altered) {
                // a fault altered the Pre-Command so that it is no message
                refused++;
                return;
            }
            post(template.role(), request.signedPreCommand(CommandVariant.CV5, signed));
        }
    }

    private DuisElement dated(DuisElement body) {
        Instant when = time.now().plusSeconds(60 + random.nextInt(MAX_AHEAD_SECONDS));
        List<DuisElement> children = new ArrayList<>();
        for (DuisElement child : body.children()) {
            children.add(
                    child.name().equals("ExecutionDateTime")
                            ? new DuisElement(
                                    child.namespace(),
                                    child.name(),
                                    child.attributes(),
                                    List.of(),
                                    DuisWriter.dateTime(when))
                            : child);
        }
        return new DuisElement(body.namespace(), body.name(), body.attributes(), children, body.text());
    }

    private void fault() {
        String[] rules = {
            "reorder times=3", "duplicate 2 times=1", "device-failure times=1", "delay-callback 5000 times=2",
            "contradict times=1", "drop-callback times=1", "alter-pre-command times=1", "not-actioned times=1"
        };
        if (simulator.faults().rules().size() < 20) {
            simulator.faults().add(FaultRule.parse(rules[random.nextInt(rules.length)]));
        }
    }

    /** The Pre-Command that came back, where one did. */
    private Optional<byte[]> post(UserRole role, DuisRequest request) throws Exception {
        byte[] document = user.sign(role, request);
        Simulator.Answer answer = simulator.post(request.variant().endpoint(), document);
        earlier = document;
        earlierEndpoint = request.variant().endpoint();
        if (answer.status() != 200) {
            refused++;
            return Optional.empty();
        }
        DuisResponse response = reader.readResponse(answer.body());
        refused += response.responseCode().startsWith("E") ? 1 : 0;
        return response.body() instanceof ResponseBody.ResponseMessage message
                        && message.payload().orElse(null) instanceof ResponsePayload.PreCommand given
                ? Optional.of(given.payload().toArray())
                : Optional.empty();
    }

    /** Bytes of the heap that are in use after a full collection. */
    static long liveHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Collections that are beyond their bounds. */
    List<CollectionSize> beyond() {
        return simulator.sizes().stream().filter(s -> s.size() > s.bound()).toList();
    }

    /** Tasks that wait on the virtual clock. */
    int tasks() {
        return time.waiting();
    }

    /** Kinds of collections that are at their bounds. */
    Set<String> full() {
        Set<String> full = new TreeSet<>();
        simulator.sizes().stream().filter(s -> s.size() == s.bound()).forEach(s -> full.add(s.name()));
        return full;
    }

    @Override
    public void close() {
        simulator.close();
    }
}
