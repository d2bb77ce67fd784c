package org.postern.simulator.dcc;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.SharedSecretCache;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;

/**
 * A simulator and a User on real sockets, the appliance's parser and the official schemas: all that comes back is
 * checked by them.
 */
final class Line implements AutoCloseable {

    final SimulatorPki pki;
    final Simulator simulator;
    final TestUser user;
    final CriticalCases cases;
    /** Alerts that answer no request, in the order in which they came. */
    final List<DuisResponse> unasked = new ArrayList<>();

    private final Map<RequestId, Deque<ResponsePayload>> inbox = new HashMap<>();
    private final Map<RequestId, String> refused = new HashMap<>();
    private final GbcsParser parser;
    private final SchemaValidator duis;
    private final Schema mmc;

    Line(Path folder, int homes) throws Exception {
        EcProvider ec = EcProvider.fastest();
        pki = SimulatorPki.create(folder, new Population(11, homes), Clock.systemUTC());
        user = new TestUser(pki, ec);
        simulator = new Simulator(
                SimulatorSettings.of(folder, user.callbackUrl())
                        .withPorts(0, -1)
                        .withPace(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(200)),
                ec,
                Clock.systemUTC());
        cases = new CriticalCases(pki, ec);
        parser = GbcsParser.over(user, ec, new SharedSecretCache(100), SimulatorPki.ACCESS_CONTROL_BROKER);
        duis = SchemaValidator.of(Rtds.required().duisSchema().getParent());
        mmc = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Rtds.required().mmcSchema().toFile());
    }

    DuisResponse ask(UserRole role, DuisRequest request) throws Exception {
        byte[] document = user.sign(role, request);
        duis.validate(document);
        byte[] answer = user.post(simulator.servicesPort(), request.variant().endpoint(), document)
                .body();
        duis.validate(answer);
        return user.verify(answer).document();
    }

    byte[] preCommand(UserRole role, DuisRequest request) throws Exception {
        DuisResponse response = ask(role, request);
        if (!response.responseCode().equals("I0")) {
            throw new AssertionError(request.serviceReferenceVariant() + " refused with " + response.responseCode()
                    + " " + simulator.recorder().events(request.requestId().toString()));
        }
        return ((ResponsePayload.PreCommand) ((ResponseBody.ResponseMessage) response.body())
                        .payload()
                        .orElseThrow())
                .payload()
                .toArray();
    }

    /** Transform, signature, Send Command: gives the response code of the last. */
    String critical(UserRole role, DuisRequest request) throws Exception {
        byte[] signed = user.signPreCommand(role, preCommand(role, request));
        return ask(role, request.signedPreCommand(CommandVariant.CV5, signed)).responseCode();
    }

    /** The next callback for the request, accepted by the official schema; those for others are kept for them. */
    ResponsePayload next(DuisRequest request) throws Exception {
        Deque<ResponsePayload> mine = inbox.computeIfAbsent(request.requestId(), r -> new ArrayDeque<>());
        while (mine.isEmpty()) {
            take(simulator.recorder().events(request.requestId().toString()).toString());
        }
        return mine.remove();
    }

    private void take(String wanted) throws Exception {
        byte[] document = user.received.poll(20, TimeUnit.SECONDS);
        if (document == null) {
            throw new AssertionError("no callback came: " + wanted);
        }
        duis.validate(document);
        DuisResponse response = user.verify(document).document();
        if (response.body() instanceof ResponseBody.ResponseMessage message
                && response.requestId().isPresent()) {
            message.payload()
                    .ifPresentOrElse(
                            p -> inbox.computeIfAbsent(response.requestId().get(), r -> new ArrayDeque<>())
                                    .add(p),
                            () -> refused.put(response.requestId().get(), response.responseCode()));
        } else {
            unasked.add(response);
        }
    }

    /** Waits for a response without payload, and gives its code. */
    String code(DuisRequest request) throws Exception {
        while (!refused.containsKey(request.requestId())) {
            take(simulator.recorder().events(request.requestId().toString()).toString());
        }
        return refused.get(request.requestId());
    }

    /** The payload read by the appliance, proven, with an MMC document that the official schema accepts. */
    ParsedMessage read(ResponsePayload payload, String service) throws Exception {
        ParsedMessage parsed = parser.parse(payload.gbcs().orElseThrow().toArray(), Optional.of(service));
        if (!parsed.ok() || !parsed.proven() || parsed.mmc().isEmpty()) {
            throw new AssertionError(parsed + ": " + parsed.reason());
        }
        mmc.newValidator()
                .validate(new StreamSource(
                        new StringReader(new String(parsed.mmc().get().xml(), StandardCharsets.UTF_8))));
        return parsed;
    }

    /**
     * Reads what comes of a message that may not be proven: the MAC of an answer to the ACB is not the User's to check.
     */
    ParsedMessage readOnly(ResponsePayload payload, String service) {
        return parser.parse(payload.gbcs().orElseThrow().toArray(), Optional.of(service));
    }

    ParsedMessage readAlert(DuisResponse response) {
        return parser.parse(((ResponseBody.DeviceAlertMessage) response.body())
                .gbcsPayload()
                .toArray());
    }

    /** Asks for a non-critical service and gives the answer's payload. */
    ResponsePayload noncritical(UserRole role, DuisRequest request) throws Exception {
        DuisResponse response = ask(role, request);
        if (!response.responseCode().equals("I99")) {
            throw new AssertionError(request.serviceReferenceVariant() + ": " + response.responseCode() + " "
                    + simulator.recorder().events(request.requestId().toString()));
        }
        return next(request);
    }

    /** Waits for an alert of the DCC with that payload and text, which the official schema accepts. */
    ResponseBody.DccAlertMessage dccAlert(String payload, String text) throws Exception {
        while (true) {
            for (DuisResponse response : List.copyOf(unasked)) {
                if (response.body() instanceof ResponseBody.DccAlertMessage alert
                        && alert.payload().name().equals(payload)
                        && alert.payload().toString().contains(text)) {
                    unasked.remove(response);
                    return alert;
                }
            }
            take(payload + " " + text);
        }
    }

    /** Waits for an alert of a device. */
    DuisResponse deviceAlert(int code) throws Exception {
        while (true) {
            for (DuisResponse response : List.copyOf(unasked)) {
                if (response.body() instanceof ResponseBody.DeviceAlertMessage alert && alert.alertCode() == code) {
                    unasked.remove(response);
                    return response;
                }
            }
            take("device alert " + Integer.toHexString(code));
        }
    }

    byte[] post(ServiceEndpoint endpoint, byte[] document) throws Exception {
        return user.post(simulator.servicesPort(), endpoint, document).body();
    }

    void fault(String line) {
        simulator.faults().add(FaultRule.parse(line));
    }

    void quiet() throws InterruptedException {
        until(() -> simulator.outstandingCallbacks() == 0);
        user.received.clear();
        inbox.clear();
        unasked.clear();
    }

    static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited for too long");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() {
        simulator.close();
        user.close();
    }
}
