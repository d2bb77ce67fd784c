package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.Obis;

/**
 * The content of the alert that reports the outcome of a future-dated command (GBCS, Alert messages).
 *
 * @param alertCode 8F66 carried out, 8F67 not
 * @param commandCode message code of the command; empty if the alert's own code identifies it (00CA, 00CB, 0124)
 * @param counter originator counter of the command
 * @param subject the instruction: object and attribute, or cluster and command; empty if the alert concerns the whole
 *     command
 * @param firmware outcome and version of a firmware activation (00CA)
 */
public record OutcomeAlert(
        int alertCode, OptionalInt commandCode, OptionalLong counter, String subject, Optional<Firmware> firmware) {

    private static final int COSEM = 0x00CC;
    private static final int GBZ = 0x00CD;
    private static final int FIRMWARE = 0x00CA;
    /** Message code of the alert by that of the command, for alerts that do not name the command. */
    private static final Map<Integer, Integer> ALERT_BY_COMMAND = Map.ofEntries(
            Map.entry(0x0012, FIRMWARE),
            Map.entry(0x0102, 0x00CB),
            Map.entry(0x0103, 0x00CB),
            Map.entry(0x0104, 0x00CB),
            Map.entry(0x0105, 0x00CB),
            Map.entry(0x0106, 0x00CB),
            Map.entry(0x0107, 0x00CB),
            Map.entry(0x0108, 0x00CB),
            Map.entry(0x0109, 0x00CB),
            Map.entry(0x0125, 0x0124),
            Map.entry(0x0126, 0x0124));

    private static final int COSEM_LENGTH = 19;
    private static final int GBZ_LENGTH = 15;
    private static final int GBZ_COUNTED = 0x0E;

    /**
     * The outcome of a firmware activation as reported by the device (CS06).
     *
     * @param outcome 0 for activated, otherwise the reason why not (1 to 3)
     * @param version four bytes, upper-case hex
     */
    public record Firmware(long outcome, String version) {

        /** Reads {@code SEQUENCE {INTEGER outcome, OCTET STRING version}}. */
        static Firmware of(DerNode node) {
            return new Firmware(node.at(0).asLong(), node.at(1).asBytes().hex().toUpperCase(java.util.Locale.ROOT));
        }
    }

    /** The alert code of any alert; empty if its content does not conform to GBCS. */
    static Optional<Integer> code(GbcsMessage message) {
        try {
            return message.payload()
                    .fold(
                            d -> Optional.of(((DlmsPayload.DataNotification) d).alertCode()),
                            g -> Optional.of(((GbzPayload.Alert) g).alertCode()),
                            a -> Optional.of((int) a.root().at(0).asLong() & 0xFFFF),
                            o -> Optional.empty());
        } catch (ClassCastException | IllegalStateException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** The time of the event in any alert, by the device's clock; empty if its content does not conform to GBCS. */
    static Optional<Instant> time(GbcsMessage message) {
        return message.payload() instanceof DlmsPayload.DataNotification dlms
                ? dlms.time().instant()
                : message.payload() instanceof GbzPayload.Alert gbz
                        ? Optional.of(Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + gbz.time()))
                        : Optional.empty();
    }

    /** True if this alert, with the given message code, concerns a command with the given message code. */
    boolean concerns(int alertMessage, int command) {
        return mayConcern(alertMessage, command) && (commandCode.isEmpty() || commandCode.getAsInt() == command);
    }

    /** True for the message codes of alerts that report an outcome. */
    static boolean isOutcomeCode(int messageCode) {
        return messageCode == COSEM || messageCode == GBZ || ALERT_BY_COMMAND.containsValue(messageCode);
    }

    /** True if an alert with that message code may concern a command with the given message code. */
    static boolean mayConcern(int alert, int command) {
        Integer only = ALERT_BY_COMMAND.get(command);
        return only == null ? alert == COSEM || alert == GBZ : only == alert;
    }

    /** Reads the alert; empty if its content does not conform to GBCS. */
    static Optional<OutcomeAlert> of(GbcsMessage message) {
        int code = message.header().messageCode();
        try {
            return switch (code) {
                case COSEM -> Optional.of(cosem((DlmsPayload.DataNotification) message.payload()));
                case GBZ -> Optional.of(gbz((GbzPayload.Alert) message.payload()));
                default ->
                    isOutcomeCode(code)
                            ? Optional.of(asn1(((Asn1Payload) message.payload()).root(), code))
                            : Optional.empty();
            };
        } catch (ClassCastException | IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Message code (2), counter (8), class (2), OBIS (6), attribute (1). */
    private static OutcomeAlert cosem(DlmsPayload.DataNotification alert) {
        Bytes about = ((DlmsData.Octets) alert.more().get(0)).bytes();
        if (about.length() != COSEM_LENGTH) {
            throw new IllegalArgumentException("length");
        }
        String subject =
                new DlmsPayload.Target((int) about.number(10, 2), Obis.of(about.slice(12, 6)), about.at(18)).toString();
        return new OutcomeAlert(
                alert.alertCode(),
                OptionalInt.of((int) about.number(0, 2)),
                OptionalLong.of(about.number(2, 8)),
                subject,
                Optional.empty());
    }

    /** Length 0E, message code (2), counter (8), cluster (2), frame control (1), command (1). */
    private static OutcomeAlert gbz(GbzPayload.Alert alert) {
        Bytes about = alert.additional();
        if (about.length() != GBZ_LENGTH || about.at(0) != GBZ_COUNTED) {
            throw new IllegalArgumentException("length");
        }
        return new OutcomeAlert(
                alert.alertCode(),
                OptionalInt.of((int) about.number(1, 2)),
                OptionalLong.of(about.number(3, 8)),
                String.format("cluster %04X command %02X", about.number(11, 2), about.at(14)),
                Optional.empty());
    }

    private static OutcomeAlert asn1(DerNode root, int code) {
        int alertCode = (int) root.at(0).asLong() & 0xFFFF;
        if (code == FIRMWARE) {
            return new OutcomeAlert(
                    alertCode,
                    OptionalInt.empty(),
                    OptionalLong.of(root.at(2).asLong()),
                    "",
                    Optional.of(Firmware.of(root.at(3))));
        }
        return new OutcomeAlert(
                alertCode, OptionalInt.empty(), OptionalLong.of(root.at(2, 0).asLong()), "", Optional.empty());
    }
}
