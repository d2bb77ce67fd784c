package org.postern.simulator.devices;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.MmcElement;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.AskedClock;
import org.postern.testkit.Rtds;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The simulated devices without the sockets: a Service Request goes in, is transformed and carried out, and the answer
 * comes out as the appliance's parser reads it, who holds the keys of everybody here. Time stands still until it is
 * moved.
 */
final class Meters {

    /** The time at which a test begins: a Thursday afternoon. */
    static final Instant BEGIN = Instant.parse("2026-03-19T15:10:00Z");

    private record Waiting(FutureDatedCommand dated) {}

    final Population population;
    private final List<Waiting> waiting = new ArrayList<>();
    private volatile Instant now = BEGIN;
    private final Clock clock = new AskedClock(() -> now);
    private final UserKeys user;
    private final Devices played;
    private final KeyFolder keys;
    private final GbcsCrypto crypto;
    private final GbcsParser parser;
    private final Transformer transformer = Transformer.fromTables();
    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final AtomicLong counter = new AtomicLong(5000);
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong acbCounter = new AtomicLong(900_000);
    private final SchemaValidator duisSchema;
    private final Optional<Schema> mmcSchema;

    Meters(Path folder, int homes) throws Exception {
        this(folder, homes, DeviceBounds.DEFAULT);
    }

    Meters(Path folder, int homes, DeviceBounds bounds) throws Exception {
        EcProvider ec = EcProvider.fastest();
        this.crypto = new GbcsCrypto(ec);
        SimulatorPki pki = SimulatorPki.create(folder, new Population(11, homes), Clock.systemUTC());
        this.population = pki.population();
        this.user = new UserKeys(pki, ec);
        this.keys = new KeyFolder(pki.secretKeys(), ec, crypto);
        this.played = new Devices(
                pki, keys, ec, KeySource.random(), new SharedSecretCache(1000), UseCaseTable.load(), clock, bounds);
        PartyKeys all = new PartyKeys() {
            @Override
            public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
                return user.certificate(party, use);
            }

            @Override
            public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
                return user.agree(own, use, peer).or(() -> keys.agree(own, use, peer));
            }
        };
        this.parser = GbcsParser.over(all, ec, new SharedSecretCache(1000), SimulatorPki.ACCESS_CONTROL_BROKER);
        this.duisSchema =
                Rtds.present() ? SchemaValidator.of(Rtds.required().duisSchema().getParent()) : SchemaValidator.none();
        this.mmcSchema = Rtds.present()
                ? Optional.of(SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                        .newSchema(Rtds.required().mmcSchema().toFile()))
                : Optional.empty();
    }

    Instant now() {
        return now;
    }

    void forward(Duration time) {
        at(now.plus(time));
    }

    /** Moves the time; what devices have to do until then they do when its time comes. */
    void at(Instant time) {
        List<Waiting> due = waiting.stream()
                .filter(w -> !w.dated().at().isAfter(time))
                .sorted(Comparator.comparing(w -> w.dated().at()))
                .toList();
        waiting.removeAll(due);
        for (Waiting w : due) {
            now = w.dated().at();
            for (int i = 0; i < w.dated().count(); i++) {
                w.dated().takeEffect(i, true);
            }
        }
        now = time;
    }

    /** The n-th device of a kind: a device type, or a kind of electricity meter. */
    SimulatedDevice device(String kind, int n) {
        return devices(kind).get(n);
    }

    List<SimulatedDevice> devices(String kind) {
        boolean variant = Arrays.stream(DeviceFacts.Variant.values())
                .anyMatch(v -> v.name().equals(kind));
        return variant
                ? population.devices(DeviceType.ESME).stream()
                        .filter(d -> d.variant().name().equals(kind))
                        .toList()
                : population.devices(DeviceType.valueOf(kind));
    }

    /** What came of a request. */
    record Answer(Transformed command, ParsedMessage parsed) {

        MmcElement element(String path) {
            MmcElement e = root();
            for (String step : path.split("/")) {
                e = e.children().stream()
                        .filter(c -> c.name().equals(step))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no " + step + " of " + path));
            }
            return e;
        }

        String text(String path) {
            return element(path).text();
        }

        long number(String path) {
            return Long.parseLong(text(path));
        }

        /** Elements of that name beneath the path. */
        List<MmcElement> all(String path) {
            int cut = path.lastIndexOf('/');
            return (cut < 0 ? root() : element(path.substring(0, cut)))
                    .children().stream()
                            .filter(c -> c.name().equals(path.substring(cut + 1)))
                            .toList();
        }

        /** The response element. */
        MmcElement root() {
            MmcElement e = parsed.mmc().orElseThrow().root();
            for (String step : new String[] {"Body", "ResponseMessage", "SMETSData"}) {
                String name = step;
                e = e.children().stream()
                        .filter(c -> c.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no " + name));
            }
            return e.children().get(0);
        }
    }

    /** Text of a child. */
    static String text(MmcElement e, String child) {
        return e.children().stream()
                .filter(c -> c.name().equals(child))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + child))
                .text();
    }

    static long number(MmcElement e, String child) {
        return Long.parseLong(text(e, child));
    }

    Answer ask(SimulatedDevice device, String service, String body) throws Exception {
        return ask(device, service, body, Map.of());
    }

    /**
     * Sends a request.
     *
     * @param body content of the body element, as XML without a namespace
     * @param facts of the inventory, beside those of the population
     */
    Answer ask(SimulatedDevice device, String service, String body, Map<String, String> facts) throws Exception {
        ServiceRow row = catalogue.find(service).orElseThrow();
        DuisRequest request = new DuisRequest(
                new RequestId(SimulatorPki.user(role(row, device)), device.deviceId(), counter.incrementAndGet()),
                row.critical() ? CommandVariant.CV4 : CommandVariant.CV1,
                row.reference(),
                service,
                element("<" + row.bodyElement() + ">" + body + "</" + row.bodyElement() + ">"));
        duisSchema.validate(user.sign(role(row, device), request));
        DeviceFacts known = population.facts(
                device,
                request.body()
                        .find("OtherDeviceID")
                        .or(() -> request.body().find("DeviceID"))
                        .map(Eui64::parse),
                this::agreementCertificate);
        Map<String, String> attributes = new LinkedHashMap<>(known.attributes());
        attributes.putAll(facts);
        DeviceFacts inventory = new DeviceFacts(known.deviceId(), known.deviceType(), known.variant(), attributes);
        Transformed made = transformer.explain(request, inventory, now);
        if (made.acb()) {
            made = transformer.explainForAcb(
                    request, inventory, now, SimulatorPki.ACCESS_CONTROL_BROKER, acbCounter.incrementAndGet());
        }
        byte[] bytes = made.critical() ? made.bytes() : Arrays.copyOf(made.bytes(), made.bytes().length - 1);
        GbcsMessage command = made.critical()
                ? new GbcsCodec().decode(user.signPreCommand(role(row, device), bytes))
                : wrapped(new GbcsCodec().decode(bytes).unsigned());
        CommandResult carried = played.find(device.deviceId())
                .orElseThrow()
                .carryOut(command, false)
                .orElseThrow();
        carried.dated().ifPresent(dated -> waiting.add(new Waiting(dated)));
        return new Answer(made, parser.parse(carried.answer().encoded().toArray(), Optional.of(service)));
    }

    /** Has a device carry out an electricity command made by hand, and gives the answer as it reads. */
    ParsedMessage carry(SimulatedDevice device, int messageCode, List<DlmsPayload.RequestItem> items) {
        long number = counter.incrementAndGet();
        GbcsMessage command = wrapped(GbcsMessage.unsigned(
                GroupingHeader.command(number, SimulatorPki.user(UserRole.IS), device.deviceId(), messageCode),
                DlmsPayload.AccessRequest.of(number, items)));
        return parser.parse(played.find(device.deviceId())
                .orElseThrow()
                .carryOut(command, false)
                .orElseThrow()
                .answer()
                .encoded()
                .toArray());
    }

    /** The command in the Access Control Broker's MAC wrapper. */
    private GbcsMessage wrapped(GbcsMessage command) {
        Eui64 target = command.header().target();
        byte[] z = keys.agree(
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(target, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        return command.wrapped(crypto.mac(z, command));
    }

    private String agreementCertificate(Eui64 device) {
        try {
            return java.util.Base64.getEncoder()
                    .encodeToString(keys.certificate(device, KeyUse.KEY_AGREEMENT)
                            .orElseThrow()
                            .getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Base64 of a User's Key Agreement certificate. */
    String agreementCertificate(UserRole role) throws Exception {
        return java.util.Base64.getEncoder()
                .encodeToString(user.certificate(SimulatorPki.user(role), KeyUse.KEY_AGREEMENT)
                        .orElseThrow()
                        .getEncoded());
    }

    /** A genuine top-up token for the meter, of so many pounds; every one has another counter. */
    String token(SimulatedDevice meter, int pounds) {
        return user.token(
                meter.type() == DeviceType.GSME ? UserRole.GS : UserRole.IS,
                meter.deviceId(),
                tokens.incrementAndGet(),
                pounds);
    }

    /** Throws where the official schema does not accept the document. */
    void validate(ParsedMessage parsed) throws Exception {
        if (mmcSchema.isPresent()) {
            mmcSchema
                    .get()
                    .newValidator()
                    .validate(new StreamSource(
                            new ByteArrayInputStream(parsed.mmc().orElseThrow().xml())));
        }
    }

    private static UserRole role(ServiceRow row, SimulatedDevice device) {
        boolean gas = device.type() == DeviceType.GSME || device.type() == DeviceType.GPF;
        return row.roles().stream()
                .filter(SimulatorPki.ROLES::contains)
                .filter(r -> gas ? r == UserRole.GS || r == UserRole.GT : r != UserRole.GS && r != UserRole.GT)
                .sorted()
                .findFirst()
                .orElse(gas ? UserRole.GS : UserRole.IS);
    }

    private static DuisElement element(String xml) throws Exception {
        return element(DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new StringReader(xml)))
                .getDocumentElement());
    }

    private static DuisElement element(Element e) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < e.getAttributes().getLength(); i++) {
            attributes.put(
                    e.getAttributes().item(i).getNodeName(),
                    e.getAttributes().item(i).getNodeValue());
        }
        List<DuisElement> children = new ArrayList<>();
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) {
                children.add(element(child));
            }
        }
        return new DuisElement(
                DuisElement.DUIS, e.getTagName(), attributes, children, children.isEmpty() ? e.getTextContent() : "");
    }
}
