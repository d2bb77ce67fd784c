package org.postern.simulator.devices.internal.asn1;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.internal.firmware.Firmware;
import org.postern.simulator.devices.internal.schedule.Instruction;
import org.postern.simulator.devices.internal.schedule.ScheduledCommand;
import org.postern.simulator.devices.internal.security.Certificates;
import org.postern.simulator.devices.internal.security.Credentials;
import org.postern.simulator.devices.internal.security.TrustAnchors;
import org.postern.simulator.devices.internal.state.DeviceState;

/**
 * What a device does about the security commands and answers them, by the names of answer and command in the table of
 * shapes (GBCS, ASN.1 payloads).
 */
public final class Asn1Answers {

    /** What goes back, and what the command will do later. */
    public record Answer(Asn1Payload payload, Optional<ScheduledCommand> later) {}

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter READ = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");
    private static final String CANCEL = "99991231235959Z";
    private static final int CANNOT = 3;
    private static final int BY_CERTIFICATE = 3;
    private static final int BAD_JOIN_CERTIFICATE = 11;
    private static final int OTHER_FAILURE = 2;
    private static final int WRITE_FAILED = 5;
    private static final int NOT_RELIABLE = 2;
    private static final int NO_CERTIFICATE = 2;

    private final UseCaseTable useCases;
    private final Credentials credentials;
    private final X509Certificate root;
    private final SharedSecretCache secrets;
    private final Clock clock;

    public Asn1Answers(UseCaseTable useCases, X509Certificate root, SharedSecretCache secrets, Clock clock) {
        this.useCases = useCases;
        this.credentials = new Credentials(root);
        this.root = root;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** @param fails the device does nothing, and reports that in the form of this command */
    public Answer answer(DeviceState meter, GbcsMessage command, boolean fails) {
        DerNode message = ((Asn1Payload) command.payload()).root();
        String shape = shape(command.header().messageCode());
        String time = message.children().stream()
                .filter(c -> c.tag() == DerNode.GENERALIZED_TIME)
                .map(c -> c.asBytes().text(java.nio.charset.StandardCharsets.US_ASCII))
                .findFirst()
                .orElse("");
        return switch (shape) {
            case "CredentialsOutcome" -> replace(meter, command, message, time, fails);
            case "FirmwareActivation" -> activate(meter, command, message, time, fails);
            default ->
                new Answer(
                        new Asn1Payload(fails ? failure(meter, command, shape) : plain(meter, shape, message)),
                        Optional.empty());
        };
    }

    private Answer replace(DeviceState meter, GbcsMessage command, DerNode message, String time, boolean fails) {
        if (time.isEmpty() || fails) {
            meter.pending().drop(Credentials.object(message));
            return new Answer(
                    new Asn1Payload(DerNode.sequence(
                            DerNode.nothing(),
                            credentials.execute(
                                    meter.anchors(),
                                    meter::replaced,
                                    command,
                                    clock.instant(),
                                    fails ? Credentials.OTHER : 0))),
                    Optional.empty());
        }
        meter.pending().drop(Credentials.object(message));
        return new Answer(
                new Asn1Payload(DerNode.sequence(DerNode.nothing())),
                dated(command, time, credentials.later(meter.anchors(), meter::replaced, command)));
    }

    private Answer activate(DeviceState meter, GbcsMessage command, DerNode message, String time, boolean fails) {
        meter.pending().drop(Firmware.OBJECT);
        if (time.isEmpty() || fails) {
            return new Answer(
                    new Asn1Payload(meter.firmware().activate(message.at(0).asBytes(), fails ? Firmware.FAILED : 0)),
                    Optional.empty());
        }
        return new Answer(
                new Asn1Payload(DerNode.nothing()),
                dated(command, time, meter.firmware().later(command)));
    }

    private static Optional<ScheduledCommand> dated(GbcsMessage command, String time, Instruction instruction) {
        if (time.equals(CANCEL)) {
            return Optional.empty();
        }
        Instant at = LocalDateTime.parse(time, READ).toInstant(ZoneOffset.UTC);
        return Optional.of(new ScheduledCommand(at, command.header().originator(), List.of(instruction)));
    }

    /** The answer's shape, or the command's where the answer is no more than a number. */
    private String shape(int code) {
        return useCases.find(code)
                .map(u -> {
                    String answer = u.asn1().getOrDefault(MessageKind.RESPONSE, "");
                    return answer.equals("Outcome") ? u.asn1().getOrDefault(MessageKind.COMMAND, "") : answer;
                })
                .orElse("");
    }

    private DerNode plain(DeviceState meter, String shape, DerNode message) {
        return switch (shape) {
            case "CredentialsReport" -> credentials.report(meter.anchors(), message);
            case "CertificationRequest" -> Der.read(meter.keys().request(use(message)));
            case "DeviceCertificate" ->
                meter.keys()
                        .certificate(meter.device().deviceId(), use(message))
                        .<DerNode>map(c -> DerNode.sequence(new DerNode.Certificate(Bytes.of(Certificates.der(c)))))
                        .orElse(DerNode.integer(NO_CERTIFICATE));
            case "Certificate" -> install(meter, message);
            case "Join" -> DerNode.integer(join(meter, message));
            case "Unjoin" ->
                DerNode.integer(meter.log().remove(Eui64.of(message.asBytes().toArray(), 0)));
            case "DeviceLog" -> DerNode.sequence(DerNode.integer(0), meter.log().entries());
            case "FirmwareVersion" ->
                DerNode.sequence(DerNode.octets(meter.firmware().version()), DerNode.integer(0));
            case "ClockStatus" -> DerNode.sequence(DerNode.time(TIME.format(clock.instant())), DerNode.integer(0));
            case "RestoreOutcome" -> restore(meter, message);
            default -> DerNode.integer(CANNOT);
        };
    }

    private static KeyUse use(DerNode message) {
        return message.at(0).asBytes().equals(TrustAnchors.Use.SIGNING.bits())
                ? KeyUse.DIGITAL_SIGNATURE
                : KeyUse.KEY_AGREEMENT;
    }

    private DerNode install(DeviceState meter, DerNode message) {
        int status = meter.keys()
                .install(
                        message instanceof DerNode.Certificate c ? Certificates.read(c.encoded()) : Optional.empty(),
                        root);
        if (status == 0) {
            secrets.forget(meter.device().deviceId());
        }
        return DerNode.integer(status);
    }

    /** A join by certificate needs one of that device that leads to the root, through any authority. */
    private static int join(DeviceState meter, DerNode message) {
        Eui64 other = Eui64.of(message.at(1).asBytes().toArray(), 0);
        if (message.at(0).asLong() == BY_CERTIFICATE) {
            Optional<Eui64> named = message.children().size() > 3 && message.at(3) instanceof DerNode.Certificate c
                    ? Certificates.read(c.encoded()).flatMap(Certificates::device)
                    : Optional.empty();
            if (!named.filter(other::equals).isPresent()) {
                return BAD_JOIN_CERTIFICATE;
            }
        }
        return meter.log().add(other, (int) message.at(2).asLong());
    }

    private static DerNode restore(DeviceState meter, DerNode message) {
        return DerNode.sequence(DerNode.sequence(
                message.children().isEmpty()
                        ? List.of()
                        : message.at(0).children().stream()
                                .map(e -> DerNode.sequence(
                                        e,
                                        DerNode.integer(meter.log()
                                                .add(Eui64.of(e.at(0).asBytes().toArray(), 0), (int)
                                                        e.at(1).asLong()))))
                                .toList()));
    }

    /** How each kind of answer reports that the command was not carried out. */
    private DerNode failure(DeviceState meter, GbcsMessage command, String shape) {
        return switch (shape) {
            case "Join" -> DerNode.integer(WRITE_FAILED);
            case "Unjoin", "Certificate" -> DerNode.integer(OTHER_FAILURE);
            case "DeviceLog" -> DerNode.sequence(DerNode.integer(1));
            case "FirmwareVersion" ->
                DerNode.sequence(DerNode.octets(meter.firmware().version()), DerNode.integer(1));
            case "ClockStatus" ->
                DerNode.sequence(DerNode.time(TIME.format(clock.instant())), DerNode.integer(NOT_RELIABLE));
            case "CredentialsReport" -> credentials.report(meter.anchors(), ((Asn1Payload) command.payload()).root());
            default -> DerNode.integer(CANNOT);
        };
    }
}
