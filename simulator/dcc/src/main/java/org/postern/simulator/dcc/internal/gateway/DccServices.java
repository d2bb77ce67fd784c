package org.postern.simulator.dcc.internal.gateway;

import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.Sha256;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.DuisException;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.Verdict;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultKind;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.Latest;
import org.postern.simulator.dcc.PreCommandAlteration;
import org.postern.simulator.dcc.SimulatorBounds;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The three services of the simulated DCC, from bytes to reply.
 *
 * <p>In order: the document and its signature, the signer's User ID, role, Command Variant, service address, body,
 * target; then what the variant asks for. A RequestID with its Command Variant is done once: the same bytes again get
 * the first answer again; other bytes, and those whose first answer is no longer stored ({@link FirstReplies}), are
 * refused with {@link #DUPLICATE}.
 */
final class DccServices {

    /** For a RequestID that was used before. The simulator's choice: which code the DCC uses is not public. */
    static final String DUPLICATE = "E100";
    /** For a Signed Pre-Command that was never issued, or not signed by the User. The simulator's choice. */
    static final String NOT_ISSUED = "E1000";

    private static final String GBCS_VERSION = "4.3";
    private static final int LATEST = 200;
    /** Retry-After while too much is outstanding. */
    private static final int RETRY_SECONDS = 10;
    /** The service whose command the change of supplier party signs. */
    private static final String CHANGE_OF_SUPPLIER = "6.23";

    /** Everything the services work with. */
    record Parts(
            DuisVerifier verifier,
            DccSigners signers,
            ServiceCatalogue catalogue,
            Transformer transformer,
            Population population,
            Devices devices,
            AcbMessages messages,
            DccInventory inventory,
            FirmwareDistribution firmware,
            DeviceTraffic traffic,
            Callbacks callbacks,
            FaultMenu faults,
            EventRecorder recorder,
            Clock clock) {}

    private final Parts parts;
    private final SimulatorBounds bounds;
    private final FirstReplies firsts;
    private final Map<String, String> counters;
    /** Digest of the Pre-Command that Transform gave. */
    private final Map<String, String> issued;
    /** The unaltered Pre-Commands of the latest requests, whose fields can be listed. */
    private final Latest<byte[]> latest = new Latest<>(LATEST);

    private final AtomicLong acbCounter;

    DccServices(Parts parts, SimulatorBounds bounds) {
        this.parts = parts;
        this.bounds = bounds;
        this.firsts = new FirstReplies(bounds.requests(), bounds.replies());
        this.counters = Collections.synchronizedMap(new Latest<>(bounds.requests()));
        this.issued = Collections.synchronizedMap(new Latest<>(bounds.requests()));
        this.acbCounter = new AtomicLong(parts.clock().millis());
    }

    /** The reply to one POST. */
    Reply handle(ServiceEndpoint endpoint, byte[] document) {
        VerifiedDuis<DuisRequest> verified;
        try {
            verified = parts.verifier().verifyRequest(document);
        } catch (DuisException e) {
            parts.recorder().saw("", "http.400", "fault", e.fault().code(), "digest", Sha256.hex(document));
            return Reply.status(400);
        }
        DuisRequest request = verified.document();
        FaultMenu.Occasion occasion = new FaultMenu.Occasion(
                FaultKind.Stage.EXCHANGE,
                request.requestId().target(),
                request.serviceReferenceVariant(),
                request.variant().number());
        Optional<Reply> refusal = before(request, occasion);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String digest = Sha256.hex(document);
        String key = request.requestId() + "/" + request.variant().number();
        FirstReplies.Found found = firsts.find(key, digest, () -> {
            parts.recorder().saw(request.requestId().toString(), "received", "cv", key, "digest", digest);
            return decide(endpoint, verified, occasion);
        });
        switch (found.standing()) {
            case OTHER_BYTES ->
                parts.recorder()
                        .saw(request.requestId().toString(), "other-bytes-same-id", "cv", key, "digest", digest);
            case SAME_BYTES ->
                parts.recorder().saw(request.requestId().toString(), "same-bytes-again", "cv", key, "digest", digest);
            default -> {}
        }
        if (found.reply().isEmpty()) {
            return Reply.xml(sign(response(request, DUPLICATE, Optional.empty()), occasion));
        }
        return after(request, occasion, found.reply().get());
    }

    /** Faults that strike before anything is accepted. */
    private Optional<Reply> before(DuisRequest request, FaultMenu.Occasion occasion) {
        if (strikes(FaultKind.UNREACHABLE, request, occasion).isPresent()) {
            return Optional.of(Reply.close());
        }
        Optional<FaultRule> busy = strikes(FaultKind.HTTP_503, request, occasion);
        if (busy.isPresent()) {
            return Optional.of(new Reply(503, new byte[0], busy.get().number(-1)));
        }
        if (parts.callbacks().full()) {
            parts.recorder().saw(request.requestId().toString(), "busy");
            return Optional.of(new Reply(503, new byte[0], RETRY_SECONDS));
        }
        strikes(FaultKind.DELAY, request, occasion).ifPresent(rule -> pause(rule.number(0)));
        return Optional.empty();
    }

    /** Faults that strike after acceptance. */
    private Reply after(DuisRequest request, FaultMenu.Occasion occasion, Reply reply) {
        if (strikes(FaultKind.DROP_ANSWER, request, occasion).isPresent()) {
            return Reply.close();
        }
        if (strikes(FaultKind.GARBAGE, request, occasion).isPresent()) {
            return Reply.xml(new byte[] {0x3C, 0x00, (byte) 0xFF, 0x21, 0x3E});
        }
        return reply;
    }

    private Optional<FaultRule> strikes(FaultKind kind, DuisRequest request, FaultMenu.Occasion occasion) {
        Optional<FaultRule> rule = parts.faults().strikes(kind, occasion);
        rule.ifPresent(r ->
                parts.recorder().saw(request.requestId().toString(), "fault." + kind.written(), "rule", r.toString()));
        return rule;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply decide(ServiceEndpoint endpoint, VerifiedDuis<DuisRequest> verified, FaultMenu.Occasion occasion) {
        DuisRequest request = verified.document();
        Optional<ServiceRow> row = parts.catalogue().find(request.serviceReferenceVariant());
        String bodyElement = request.variant().carriesSignedPreCommand()
                ? DuisRequest.SIGNED_PRE_COMMAND
                : row.map(ServiceRow::bodyElement).orElse("");
        if (row.isEmpty()
                || !row.get().reference().equals(request.serviceReference())
                || !request.body().name().equals(bodyElement)) {
            parts.recorder().saw(request.requestId().toString(), "http.400", "fault", "structure");
            return Reply.status(400);
        }
        Optional<String> error = check(endpoint, verified, row.get());
        if (error.isEmpty()) {
            error = strikes(FaultKind.ERROR_CODE, request, occasion).map(FaultRule::argument);
        }
        try {
            return error.isPresent() ? refuse(request, error.get(), occasion) : carryOut(request, row.get(), occasion);
        } catch (PosternException e) {
            parts.recorder()
                    .saw(
                            request.requestId().toString(),
                            "not-applicable",
                            "fault",
                            e.fault().code(),
                            "field",
                            e.fault().field(),
                            "cause",
                            e.fault().cause());
            return refuse(request, "E11", occasion);
        }
    }

    /** Access control: the response code of what is wrong. */
    private Optional<String> check(ServiceEndpoint endpoint, VerifiedDuis<DuisRequest> verified, ServiceRow row) {
        DuisRequest request = verified.document();
        Eui64 user = request.requestId().originator();
        UserRole role = SimulatorPki.role(user);
        if (role == null
                || !parts.signers().owner(verified.signer()).map(user::equals).orElse(false)) {
            return Optional.of("E1");
        }
        // prepayment counters, whose low word is zero, are a series of each meter's own (DUIS, RequestID)
        boolean prepayment = (request.requestId().counter() & 0xFFFF_FFFFL) == 0;
        String counter =
                user.hex() + ":" + (prepayment ? request.requestId().target().hex() + ":" : "")
                        + Long.toUnsignedString(request.requestId().counter());
        String earlier = counters.putIfAbsent(counter, request.requestId().toString());
        if (earlier != null && !earlier.equals(request.requestId().toString())) {
            parts.recorder().saw(request.requestId().toString(), "counter-reused", "earlier", earlier);
            return Optional.of(DUPLICATE);
        }
        if (!row.roles().contains(role)) {
            return Optional.of("E2");
        }
        if (!row.variants().contains(request.variant())) {
            return Optional.of("E12");
        }
        if (request.variant().endpoint() != endpoint) {
            return Optional.of("E13");
        }
        boolean known = row.nonDevice()
                ? request.requestId().target().equals(SimulatorPki.ACCESS_CONTROL_BROKER)
                : parts.devices().find(request.requestId().target()).isPresent();
        return known ? Optional.empty() : Optional.of("E19");
    }

    private Reply refuse(DuisRequest request, String code, FaultMenu.Occasion occasion) {
        parts.recorder()
                .saw(
                        request.requestId().toString(),
                        "refused." + code,
                        "service",
                        request.serviceReferenceVariant(),
                        "cv",
                        Integer.toString(request.variant().number()));
        return Reply.xml(sign(response(request, code, Optional.empty()), occasion));
    }

    private Reply carryOut(DuisRequest request, ServiceRow row, FaultMenu.Occasion occasion) {
        CommandVariant variant = request.variant();
        if (variant == CommandVariant.CV8) {
            if (FirmwareDistribution.isDistribution(request)) {
                accepted(request);
                FirmwareDistribution.Answer answer = parts.firmware().distribute(request);
                return Reply.xml(sign(response(request, answer.code(), answer.payload()), occasion));
            }
            Optional<ResponsePayload> data = parts.inventory().answer(request);
            if (row.variant().equals("8.2") && data.isEmpty()) {
                return refuse(request, "E19", occasion);
            }
            accepted(request);
            return Reply.xml(sign(response(request, data.isPresent() ? "I0" : "I99", data), occasion));
        }
        Device device = parts.devices().find(request.requestId().target()).orElseThrow();
        if (variant == CommandVariant.CV4) {
            return transform(request, device, occasion);
        }
        Optional<GbcsMessage> command =
                variant.carriesSignedPreCommand() ? signedPreCommand(request) : Optional.of(command(request, device));
        if (command.isEmpty()) {
            return refuse(request, NOT_ISSUED, occasion);
        }
        accepted(request);
        boolean local = variant == CommandVariant.CV2 || variant == CommandVariant.CV6;
        if (!local) {
            parts.traffic().send(request, row, device, command.get());
        }
        boolean handOut = local || variant == CommandVariant.CV3 || variant == CommandVariant.CV7;
        return Reply.xml(sign(
                response(
                        request,
                        local ? "I0" : "I99",
                        handOut
                                ? Optional.of(new ResponsePayload.LocalCommand(Bytes.of(parts.messages()
                                        .wrapped(command.get())
                                        .encoded()
                                        .toArray())))
                                : Optional.empty()),
                occasion));
    }

    private void accepted(DuisRequest request) {
        parts.recorder()
                .saw(
                        request.requestId().toString(),
                        "accepted." + request.serviceReferenceVariant(),
                        "cv",
                        Integer.toString(request.variant().number()));
    }

    private Reply transform(DuisRequest request, Device device, FaultMenu.Occasion occasion) {
        byte[] right = parts.transformer()
                .transform(request, facts(request, device), parts.clock().instant());
        byte[] given = right;
        String id = request.requestId().toString();
        Optional<byte[]> other = foreign(id);
        Optional<FaultRule> foreign =
                other.isPresent() ? strikes(FaultKind.FOREIGN_PRE_COMMAND, request, occasion) : Optional.empty();
        // only one of the two, so that the event record names the fault that was applied
        Optional<FaultRule> alter =
                foreign.isPresent() ? Optional.empty() : strikes(FaultKind.ALTER_PRE_COMMAND, request, occasion);
        if (foreign.isPresent()) {
            given = PreCommandAlteration.alter(other.get(), foreign.get().argument())
                    .orElse(other.get());
            parts.recorder()
                    .saw(id, "pre-command.altered", "field", "all, of another request", "digest", Sha256.hex(given));
        }
        if (alter.isPresent()) {
            Optional<byte[]> altered =
                    PreCommandAlteration.alter(right, alter.get().argument());
            given = altered.orElse(right);
            parts.recorder()
                    .saw(
                            id,
                            altered.isPresent() ? "pre-command.altered" : "pre-command.no-such-field",
                            "field",
                            alter.get().argument(),
                            "digest",
                            Sha256.hex(given));
        }
        issued.put(id, Sha256.hex(given));
        synchronized (latest) {
            latest.put(id, right);
        }
        parts.recorder()
                .saw(id, "pre-command", "service", request.serviceReferenceVariant(), "digest", Sha256.hex(given));
        return Reply.xml(sign(
                response(request, "I0", Optional.of(new ResponsePayload.PreCommand(GBCS_VERSION, Bytes.of(given)))),
                occasion));
    }

    /** The latest Pre-Command of another request. */
    private Optional<byte[]> foreign(String requestId) {
        synchronized (latest) {
            return latest.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(requestId))
                    .map(java.util.Map.Entry::getValue)
                    .reduce((first, second) -> second);
        }
    }

    /** What can be altered in the Pre-Command of that request; empty where it is none of the latest. */
    List<String> fields(String requestId) {
        byte[] preCommand;
        synchronized (latest) {
            preCommand = latest.get(requestId);
        }
        return preCommand == null ? List.of() : PreCommandAlteration.fields(preCommand);
    }

    /** How full its collections are. */
    List<CollectionSize> sizes() {
        int preCommands;
        synchronized (latest) {
            preCommands = latest.size();
        }
        return List.of(
                new CollectionSize("dcc.requests", firsts.requests(), bounds.requests()),
                new CollectionSize("dcc.replies", firsts.replies(), bounds.replies()),
                new CollectionSize("dcc.counters", counters.size(), bounds.requests()),
                new CollectionSize("dcc.pre-commands-issued", issued.size(), bounds.requests()),
                new CollectionSize("dcc.pre-commands-to-alter", preCommands, LATEST));
    }

    /** The command inside a Signed Pre-Command, if it is one that Transform gave and the User signed. */
    private Optional<GbcsMessage> signedPreCommand(DuisRequest request) {
        String id = request.requestId().toString();
        String problem;
        try {
            byte[] payload = request.signedPreCommandPayload();
            GbcsMessage message = parts.messages().read(payload);
            String digest = Sha256.hex(message.asPreCommand().encoded().toArray());
            RequestId header = new RequestId(
                    message.header().originator(),
                    message.header().target(),
                    message.header().counter());
            Verdict verdict = parts.messages()
                    .authenticateSignedPreCommand(message)
                    .signature()
                    .verdict();
            parts.recorder().saw(id, "signed-pre-command", "digest", digest, "signature", verdict.name());
            problem = verdict != Verdict.VALID
                    ? "signature " + verdict
                    : !header.equals(request.requestId())
                            ? "header"
                            : !digest.equals(issued.get(id)) ? "not issued" : "";
            if (problem.isEmpty()) {
                return Optional.of(message);
            }
        } catch (GbcsRefusal | DuisException e) {
            problem = e.fault().code();
        } catch (PosternException e) {
            problem = e.fault().code();
        }
        parts.recorder().saw(id, "signed-pre-command.refused", "problem", problem);
        return Optional.empty();
    }

    private GbcsMessage command(DuisRequest request, Device device) {
        Instant now = parts.clock().instant();
        Transformed made = parts.transformer().explain(request, facts(request, device), now);
        if (made.acb()) {
            Eui64 signer = request.serviceReferenceVariant().equals(CHANGE_OF_SUPPLIER)
                    ? SimulatorPki.TRANS_COS
                    : SimulatorPki.ACCESS_CONTROL_BROKER;
            made = parts.transformer()
                    .explainForAcb(request, facts(request, device), now, signer, acbCounter.incrementAndGet());
        }
        return parts.messages().beforeMac(made.bytes());
    }

    /** What the DCC knows of the target, and of the other device that a join or an admission names. */
    private DeviceFacts facts(DuisRequest request, Device device) {
        Optional<Eui64> other = request.body()
                .find("OtherDeviceID")
                .or(() -> request.body().find("DeviceID"))
                .map(Eui64::parse);
        return parts.population().facts(device.identity(), other, parts.messages()::agreementCertificate);
    }

    private DuisResponse response(DuisRequest request, String code, Optional<ResponsePayload> payload) {
        return Responses.to(request, code, payload, parts.clock().instant());
    }

    private byte[] sign(DuisResponse response, FaultMenu.Occasion occasion) {
        return parts.signers().sign(response, occasion, parts.faults(), parts.recorder());
    }
}
