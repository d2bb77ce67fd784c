package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Supplement;

/** Responses and alerts of devices: the parser reports every deviation from the use case. */
class ReferenceAnswersTest {

    private final OwnMessages own = new OwnMessages();

    private static List<Deviation.Kind> kinds(ParsedMessage parsed) {
        return parsed.deviations().stream().map(Deviation::kind).toList();
    }

    private ParsedMessage parse(
            int code, List<DlmsPayload.ResponseItem> items, Optional<String> service, Optional<GbcsMessage> command) {
        return own.parser()
                .parse(
                        own.wrapped(
                                OwnMessages.response(code, OwnMessages.ESME, OwnMessages.SUPPLIER, 7),
                                DlmsPayload.AccessResponse.of(7, items)),
                        service,
                        AnsweredCommands.of(command));
    }

    private static DlmsPayload.ResponseItem done(DlmsPayload.Operation operation) {
        return new DlmsPayload.ResponseItem(operation, 0, DlmsData.Null.VALUE);
    }

    @Test
    void theReferenceDataHasNoDeviation() throws Exception {
        Corpus corpus = new Corpus();
        List<String> flagged = new ArrayList<>();
        for (Path file : corpus.messages()) {
            ParsedMessage parsed = corpus.parse(file);
            if (!parsed.deviations().isEmpty()) {
                flagged.add(file.getFileName() + " " + parsed.flag());
            }
        }
        assertThat(flagged).isEmpty();
    }

    @Test
    void oneResetIsAnAnswerToOneResetOnly() {
        DlmsPayload.AccessRequest two = DlmsPayload.AccessRequest.of(
                7,
                List.of(
                        DlmsPayload.RequestItem.action(4, "1-0:1.6.0.255", 1, DlmsData.i8(0)),
                        DlmsPayload.RequestItem.action(4, "1-0:1.6.1.255", 1, DlmsData.i8(0))));
        GbcsMessage command = GbcsMessage.unsigned(
                new GroupingHeader(
                        1, 7, OwnMessages.SUPPLIER, OwnMessages.ESME, Optional.empty(), 0x005A, Supplement.NONE),
                two);
        List<DlmsPayload.ResponseItem> one = List.of(done(DlmsPayload.Operation.ACTION));
        assertThat(parse(0x005A, one, Optional.empty(), Optional.empty()).success())
                .contains(true);
        ParsedMessage held = parse(0x005A, one, Optional.of("6.18.2"), Optional.of(command));
        assertThat(held.success()).contains(false);
        assertThat(kinds(held)).containsExactly(Deviation.Kind.RESULTS_MISSING);
        assertThat(held.mmc().orElseThrow().json()).contains("\"@MessageSuccess\":\"false\"");
        assertThat(held.reason()).contains("1 results where the command has 2");
    }

    @Test
    void plainTextOfAnotherTypeIsUnreadableAndNotStillEncrypted() {
        GroupingHeader header = OwnMessages.response(0x0037, OwnMessages.ESME, OwnMessages.SUPPLIER, 7);
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(
                        header,
                        DlmsPayload.AccessResponse.of(
                                7, List.of(own.protectedItem(header, DlmsData.visible("no log"))))));
        assertThat(parsed.allDecrypted()).isTrue();
        assertThat(kinds(parsed)).containsExactly(Deviation.Kind.UNREADABLE);
        assertThat(parsed.success()).contains(false);
        assertThat(parsed.reason()).contains("decrypted but unreadable").doesNotContain("still encrypted");
    }

    @Test
    void aHalfHourWithoutAValueRemainsInTheLogWithItsReason() throws Exception {
        GroupingHeader header = OwnMessages.response(0x0037, OwnMessages.ESME, OwnMessages.SUPPLIER, 7);
        DlmsData log = DlmsData.array(
                DlmsData.structure(DlmsData.u32(1800), DlmsData.u32(5)),
                DlmsData.structure(DlmsData.u32(3600), DlmsData.u32(0xFFFFFFFFL)),
                DlmsData.structure(DlmsData.u32(5400), DlmsData.Null.VALUE));
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(header, DlmsPayload.AccessResponse.of(7, List.of(own.protectedItem(header, log)))));
        assertThat(parsed.success()).contains(true);
        assertThat(kinds(parsed)).containsExactly(Deviation.Kind.NO_VALUE, Deviation.Kind.NO_VALUE);
        assertThat(parsed.reason())
                .contains("PrimaryValue: no value: FFFFFFFF")
                .contains("entry 2")
                .contains("null data in entry 3");
        assertThat(parsed.mmc().orElseThrow().json())
                .contains("{\"Timestamp\":\"2000-01-01T01:00:00Z\"}")
                .contains("{\"Timestamp\":\"2000-01-01T01:30:00Z\"}")
                .doesNotContain("4294967295");
        assertThat(new Corpus().refusal(parsed.mmc().get())).isEmpty();
    }

    @Test
    void gasSamplesThatMeanOverflowInvalidOrNotAvailableAreNoSamples() {
        GroupingHeader header = OwnMessages.response(0x00A0, OwnMessages.GPF, OwnMessages.SUPPLIER, 7);
        GbzPayload.Component samples = own.protectedComponent(
                header,
                0x0702,
                new GbzPayload.ZclFrame(0x19, 0, 0x07),
                Bytes.ofHex("0100 00000000 00 FFFF 0400 010000 FFFFFF FEFFFF 00FFFF"));
        ParsedMessage parsed = own.parser().parse(own.wrapped(header, GbzPayload.components(List.of(samples))));
        assertThat(parsed.success()).contains(true);
        assertThat(kinds(parsed)).hasSize(3).containsOnly(Deviation.Kind.NO_VALUE);
        assertThat(parsed.mmc().orElseThrow().json())
                .contains("{\"Timestamp\":\"2000-01-02T00:00:00Z\"}")
                .contains("{\"Timestamp\":\"2000-01-04T00:00:00Z\"}")
                .doesNotContain("16777")
                .doesNotContain("16776");
    }

    @Test
    void anAlertThatNoTableKnowsKeepsItsHeaderTimeAndPayload() throws Exception {
        for (int code : new int[] {0x7777, 0x1001}) {
            GroupingHeader header = new GroupingHeader(
                    3, 2000, OwnMessages.ESME, OwnMessages.SUPPLIER, Optional.empty(), code, Supplement.NONE);
            byte[] bytes = own.wrapped(
                    header,
                    DlmsPayload.DataNotification.of(
                            2000,
                            0x8FFE,
                            DlmsDateTime.of(Bytes.ofHex("07EA0B1CFF0A000000800000")),
                            List.of(DlmsData.octetsHex("C0FFEE"))));
            ParsedMessage parsed = own.parser().parse(bytes);
            assertThat(parsed.proven()).as(parsed.reason()).isTrue();
            assertThat(kinds(parsed)).contains(Deviation.Kind.UNKNOWN);
            assertThat(parsed.reason()).contains("alert code 8FFE is in no table");
            MmcElement alert = parsed.mmc()
                    .orElseThrow()
                    .root()
                    .find("Body/DeviceAlertMessage")
                    .orElseThrow();
            assertThat(alert.find("DeviceAlertContent/GBCSHexAlertCode")
                            .orElseThrow()
                            .text())
                    .isEqualTo("8FFE");
            assertThat(alert.find("DeviceAlertContent/Timestamp").orElseThrow().text())
                    .isEqualTo("2026-11-28T10:00:00Z");
            MmcElement kept = alert.find("GBCSData").orElseThrow();
            assertThat(kept.attributes()).containsEntry("format", "plain").containsEntry("type", "gbcs");
            assertThat(HexFormat.of().formatHex(java.util.Base64.getDecoder().decode(kept.text())))
                    .contains("c0ffee")
                    .isEqualTo(HexFormat.of().formatHex(bytes));
            assertThat(new Corpus().refusal(parsed.mmc().get())).isEmpty();
        }
    }

    @Test
    void anAttributeThatNoTableKnowsIsFlaggedAndTheOthersAreRead() {
        GroupingHeader header = OwnMessages.response(0x0082, OwnMessages.GPF, OwnMessages.SUPPLIER, 7);
        GbzPayload.Component answer = GbzPayload.Component.of(
                0x0702,
                new GbzPayload.ZclFrame(0x08, 0, 0x01),
                Bytes.ofHex("0502 00 21 6400 1400 00 30 02 EEEE 00 20 05"));
        ParsedMessage parsed = own.parser().parse(own.wrapped(header, GbzPayload.components(List.of(answer))));
        assertThat(kinds(parsed)).contains(Deviation.Kind.UNKNOWN, Deviation.Kind.RESULTS_SURPLUS);
        assertThat(parsed.mmc().orElseThrow().json())
                .contains("\"SupplyState\":\"Enabled\"")
                .contains("\"RemainingBatteryCapacity\":\"100\"")
                .contains("\"AttributeID\":\"EEEE\"");
    }
}
