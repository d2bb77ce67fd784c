package org.postern.servicerequests.internal.answers;

import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.Check;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Supplement;
import org.postern.gbcs.Verdict;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * What a parser would say of one GBCS message, right or with one fault.
 *
 * @param code message code of the command
 * @param payload what it stands in: {@code gbcs}, {@code dated-alert}, {@code local-command}, {@code scheduled},
 *     {@code device-alert}
 * @param fault name of the fault
 */
record Messages(Eui64 user, Eui64 meter, long counter, String service, int code, String payload, String fault) {

    private static final Eui64 OTHER_DEVICE = Eui64.parse("00DB123456789FFF");
    private static final Eui64 OTHER_USER = Eui64.parse("90B3D51F30010099");
    private static final Eui64 DCC = Eui64.parse("90B3D51F30000002");
    private static final int ANOTHER_CODE = 0x0019;

    ParsedMessage parsed() {
        if (fault.startsWith("ENCRYPTED")) {
            return encrypted();
        }
        if (fault.equals("NO_MESSAGE")) {
            return new ParsedMessage(
                    ParsedMessage.Status.REFUSED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    unchecked(),
                    unchecked(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    "not decoded",
                    numbered());
        }
        // the parser refuses both
        boolean refused = fault.equals("NOT_AUTHENTIC") || fault.equals("IMPOSSIBLE_DATE");
        boolean response =
                payload.startsWith("gbcs") || payload.equals("customer-number") || payload.equals("scheduled");
        Optional<Boolean> success = response && !fault.equals("UNTOLD") && !fault.equals("COMMAND") && !refused
                ? Optional.of(!payload.equals("gbcs-failed"))
                : Optional.empty();
        String answers = fault.equals("OTHER_MESSAGE_CODE") ? "1.1.1" : payload.equals("scheduled") ? "4.16" : service;
        return new ParsedMessage(
                refused ? ParsedMessage.Status.REFUSED : ParsedMessage.Status.OK,
                Optional.of(message()),
                Optional.empty(),
                Optional.empty(),
                List.of(answers),
                new Check(Verdict.VALID, ""),
                new Check(Verdict.VALID, ""),
                Optional.empty(),
                success,
                List.of(),
                fault.equals("DEVIATES")
                        ? List.of(new Deviation(Deviation.Kind.RESULTS_MISSING, "", "a result is missing"))
                        : List.of(),
                List.of(),
                refused ? "MAC invalid" : "",
                refused ? numbered() : Optional.empty());
    }

    /** A response whose content nobody here can decrypt. */
    private ParsedMessage encrypted() {
        boolean dlms = !fault.equals("ENCRYPTED_WHOLE");
        int result = fault.equals("ENCRYPTED_FAILED") ? 3 : 0;
        boolean run = payload.equals("scheduled");
        GroupingHeader header = run
                ? new GroupingHeader(2, 77, meter, DCC, Optional.empty(), code, Supplement.of(user, counter))
                : new GroupingHeader(2, counter, meter, user, Optional.empty(), code, Supplement.NONE);
        GbcsMessage message = GbcsMessage.unsigned(
                header,
                dlms
                        ? new DlmsPayload.AccessResponse(
                                1,
                                List.of(new DlmsPayload.ResponseItem(
                                        DlmsPayload.Operation.ACTION, result, DlmsData.Null.VALUE)))
                        : GbzPayload.components(List.of()));
        DecryptedPart part = new DecryptedPart(
                dlms ? "item[0]" : "component[0]",
                0,
                DecryptedPart.Status.NO_KEY,
                "no key",
                Optional.empty(),
                Optional.empty());
        Check mac = fault.equals("ENCRYPTED_UNCHECKED") ? unchecked() : new Check(Verdict.VALID, "");
        return new ParsedMessage(
                ParsedMessage.Status.OK,
                Optional.of(message),
                Optional.of(new DecryptedMessage(message, List.of(part))),
                Optional.empty(),
                List.of(run ? "4.16" : service),
                mac,
                Check.ABSENT,
                Optional.empty(),
                Optional.empty(),
                dlms ? List.of(new ParsedMessage.ItemResult(1, "ACTION", result, "")) : List.of(),
                List.of(),
                List.of(),
                part.path() + " is still encrypted: no key",
                Optional.empty());
    }

    private static Check unchecked() {
        return Check.unchecked("not decoded");
    }

    private Optional<Fault> numbered() {
        return Optional.of(ParseCorrelateFault.PROTECTION_INVALID.fault("MAC", "wrong"));
    }

    private GbcsMessage message() {
        Eui64 device = fault.equals("OTHER_DEVICE") ? OTHER_DEVICE : meter;
        Eui64 party = fault.equals("OTHER_USER") ? OTHER_USER : user;
        long number = fault.equals("OTHER_COUNTER") ? counter + 1 : counter;
        int messageCode = fault.equals("OTHER_MESSAGE_CODE") ? ANOTHER_CODE : code;
        if (fault.equals("COMMAND") || payload.equals("local-command")) {
            return GbcsMessage.unsigned(
                    GroupingHeader.command(number, party, device, messageCode),
                    DlmsPayload.AccessRequest.of(number, List.of()));
        }
        return switch (payload) {
            case "dated-alert" ->
                GbcsMessage.unsigned(
                        GroupingHeader.alert(7, device, party, 0x00CC),
                        DlmsPayload.DataNotification.of(
                                7,
                                0x8F66,
                                DlmsDateTime.IMMEDIATE,
                                List.of(DlmsData.octets(about(messageCode, number)))));
            case "device-alert" ->
                GbcsMessage.unsigned(
                        GroupingHeader.alert(7, device, party, 0x1000),
                        DlmsPayload.DataNotification.of(7, 0x8F35, DlmsDateTime.IMMEDIATE, List.of()));
            case "scheduled" ->
                response(new GroupingHeader(
                        2, 77, device, DCC, Optional.empty(), messageCode, Supplement.of(party, counter)));
            default ->
                response(new GroupingHeader(2, number, device, party, Optional.empty(), messageCode, Supplement.NONE));
        };
    }

    private GbcsMessage response(GroupingHeader header) {
        GroupingHeader dated = fault.equals("IMPOSSIBLE_DATE")
                ? header.withDateTime(DlmsDateTime.of(Bytes.ofHex("07EA0D20FF19FF0000800000")))
                : header;
        return GbcsMessage.unsigned(dated, DlmsPayload.AccessResponse.of(header.counter(), List.of()));
    }

    private static Bytes about(int code, long counter) {
        return Bytes.ofHex(
                String.format("%04X%016X2328 00005E2C800906", code, counter).replace(" ", ""));
    }
}
