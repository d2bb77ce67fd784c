package org.postern.simulator.devices.internal.messages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.devices.internal.prepayment.TopUps;

/**
 * Top-up tokens in commands (CS01a, CS01b), and how a meter reports that it does not accept one. A gas meter gives a
 * result type and fills the amounts with ones, as the given refusal does. An electricity meter has only the result of
 * the action: which result stands for what is the simulator's choice, {@code read-write-denied} for a duplicate,
 * {@code other-reason} for a token that is not right.
 */
final class TopUpAnswers {

    static final int CODE = 0x0007;
    static final int CODE_GAS = 0x0097;
    private static final int TOKEN_GATEWAY = 115;
    private static final String GATEWAY_OBIS = "0-0:19.40.0.255";
    private static final int TO_SERVER = 0x01;
    private static final int PREPAYMENT = 0x0705;
    private static final int TOP_UP = 0x04;
    private static final int ANSWER = 0x03;
    private static final int FROM_SERVER = 0x09;
    private static final int DENIED = 3;
    private static final int OTHER_REASON = 250;

    private TopUpAnswers() {}

    /** The digits in an electricity command. */
    static Optional<String> token(DlmsPayload.AccessRequest request) {
        return request.items().stream()
                .filter(i -> i.target().classId() == TOKEN_GATEWAY
                        && i.operation() == DlmsPayload.Operation.ACTION
                        && i.data() instanceof DlmsData.Octets)
                .map(i -> i.data().asBytes().text(StandardCharsets.US_ASCII))
                .findFirst();
    }

    /** The digits in a gas command. */
    static Optional<String> token(GbzPayload.Components request) {
        return request.components().stream()
                .filter(c -> c.cluster() == PREPAYMENT
                        && c.frame().clusterSpecific()
                        && c.frame().command() == TOP_UP)
                .flatMap(c -> {
                    try {
                        return ZclFields.load().fields(c.cluster(), c.frame(), c.payload()).stream();
                    } catch (GbcsRefusal notOfItsLayout) {
                        return java.util.stream.Stream.empty();
                    }
                })
                .filter(f -> f.name().equals("utrnTopUpCode"))
                .map(f -> f.bytes().text(StandardCharsets.US_ASCII))
                .findFirst();
    }

    /** The command that brings these digits to an electricity meter. */
    static DlmsPayload.AccessRequest electricity(String digits) {
        return DlmsPayload.AccessRequest.of(
                0,
                List.of(DlmsPayload.RequestItem.action(
                        TOKEN_GATEWAY, GATEWAY_OBIS, 1, DlmsData.octets(Bytes.ofText(digits)))));
    }

    /** The command that brings these digits to a gas meter: originating device 0, and the token. */
    static GbzPayload.Components gas(String digits) {
        return GbzPayload.components(List.of(GbzPayload.Component.of(
                PREPAYMENT,
                new GbzPayload.ZclFrame(TO_SERVER, 0, TOP_UP),
                Bytes.ofHex(String.format("00%02X", digits.length())
                        + Bytes.ofText(digits).hex()))));
    }

    static DlmsPayload.AccessResponse refusal(DlmsPayload.AccessRequest request, TopUps.Verdict verdict) {
        int result = verdict == TopUps.Verdict.DUPLICATE ? DENIED : OTHER_REASON;
        return new DlmsPayload.AccessResponse(
                request.longInvokeId(),
                request.items().stream()
                        .map(i -> new DlmsPayload.ResponseItem(i.operation(), result, DlmsData.Null.VALUE))
                        .toList());
    }

    static GbzPayload.Components refusal(GbzPayload.Components request, TopUps.Verdict verdict) {
        GbzPayload.Component asked = request.components().get(0);
        return GbzPayload.components(List.of(GbzPayload.Component.of(
                PREPAYMENT,
                new GbzPayload.ZclFrame(FROM_SERVER, asked.frame().sequence(), ANSWER),
                Bytes.ofHex(String.format("%02XFFFFFFFF00FFFFFFFF", verdict.ordinal())))));
    }
}
