package org.postern.dccsimulator.internal.meter;

import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.postern.catalogue.DeviceType;
import org.postern.dccsimulator.Population;
import org.postern.dccsimulator.SimulatedDevice;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;

/** What a device answers to the security commands, by the name of the answer's shape in the use-case table (facts 5). */
final class Asn1Answers {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    /** Status of a cell in which nothing stands. */
    private static final int NO_TRUST_ANCHOR = 10;
    private static final int CANNOT = 3;

    private final UseCaseTable useCases;
    private final Population population;
    private final KeyFolder keys;
    private final Clock clock;

    Asn1Answers(UseCaseTable useCases, Population population, KeyFolder keys, Clock clock) {
        this.useCases = useCases;
        this.population = population;
        this.keys = keys;
        this.clock = clock;
    }

    Asn1Payload answer(Meter meter, GbcsMessage command) {
        DerNode root = ((Asn1Payload) command.payload()).root();
        String shape = useCases.find(command.header().messageCode()).map(u -> u.asn1().getOrDefault(MessageKind.RESPONSE, "")).orElse("");
        return new Asn1Payload(switch (shape) {
            case "Outcome" -> DerNode.integer(0);
            case "FirmwareActivation" -> dated(root) ? DerNode.nothing()
                    : DerNode.sequence(DerNode.integer(0), DerNode.octets(meter.firmware()));
            case "FirmwareVersion" -> DerNode.sequence(DerNode.octets(meter.firmware()), DerNode.integer(0));
            case "DeviceLog" -> DerNode.sequence(DerNode.integer(0), DerNode.sequence(population.home(meter.device().premises()).stream()
                    .filter(d -> !d.deviceId().equals(meter.device().deviceId())).map(Asn1Answers::entry).toList()));
            case "ClockStatus" -> DerNode.sequence(DerNode.time(TIME.format(clock.instant())), DerNode.integer(0));
            case "RestoreOutcome" -> DerNode.sequence(root.children().isEmpty() ? List.of() : root.children().get(0).children().stream()
                    .map(e -> DerNode.sequence(e, DerNode.integer(0))).toList());
            case "DeviceCertificate" -> certificate(meter, root);
            case "CredentialsOutcome" -> dated(root) ? DerNode.sequence(DerNode.nothing()) : credentials(command, root);
            case "CredentialsReport" -> DerNode.sequence(root.children().size() < 2 ? List.of() : root.children().get(1).children().stream()
                    .map(role -> DerNode.sequence(role, DerNode.enumerated(NO_TRUST_ANCHOR))).toList());
            default -> DerNode.integer(CANNOT);
        });
    }

    private static boolean dated(DerNode root) {
        return root.children().stream().anyMatch(c -> c.tag() == DerNode.GENERALIZED_TIME);
    }

    private static DerNode entry(SimulatedDevice device) {
        return DerNode.sequence(DerNode.octets(Bytes.of(device.deviceId().toBytes())), DerNode.integer(number(device.type())));
    }

    private static int number(DeviceType type) {
        return switch (type) {
            case GSME -> 0;
            case ESME -> 1;
            case CHF -> 2;
            case GPF -> 3;
            case HCALCS -> 4;
            case PPMID -> 5;
            default -> 6;
        };
    }

    private DerNode certificate(Meter meter, DerNode root) {
        boolean signing = !root.children().isEmpty() && root.children().get(0).asBytes().hex().endsWith("80");
        return keys.certificate(meter.device().deviceId(), signing ? KeyUse.DIGITAL_SIGNATURE : KeyUse.KEY_AGREEMENT).<DerNode>map(c -> {
            try {
                return DerNode.sequence(new DerNode.Certificate(Bytes.of(c.getEncoded())));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read encodes", e);
            }
        }).orElse(DerNode.integer(CANNOT));
    }

    /** Every replacement succeeds: the old and the new holder of each cell are the originator. */
    private static DerNode credentials(GbcsMessage command, DerNode root) {
        List<DerNode> control = root.children().get(0).children();
        DerNode eui = DerNode.octets(Bytes.of(command.header().originator().toBytes()));
        DerNode keyId = DerNode.octets(Bytes.of(new byte[8]));
        List<DerNode> outcomes = root.children().get(1).children().stream()
                .map(r -> DerNode.sequence(r.children().get(1), DerNode.enumerated(0), eui, keyId, eui, keyId)).toList();
        return DerNode.sequence(DerNode.nothing(), DerNode.sequence(DerNode.unsigned(command.header().counter()), control.get(0),
                DerNode.sequence(List.of()), DerNode.sequence(outcomes)));
    }
}
