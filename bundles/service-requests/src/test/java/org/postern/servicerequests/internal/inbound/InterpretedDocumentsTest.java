package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.securitylogging.SecurityEvent;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.testkit.Rtds;

/**
 * Well-signed documents of the DCC that are not, or not quite, what was asked for: what becomes of the request and what
 * is delivered.
 */
class InterpretedDocumentsTest extends InboundBench {

    private static final Instant AT = Instant.parse("2026-11-28T17:50:00Z");

    private static DuisResponse document(RequestId request, String code, ResponseBody body) {
        return new DuisResponse("5.4", Optional.of(request), Optional.of(request.responseId()), code, AT, body);
    }

    private static ResponseBody of(String service, ResponsePayload payload) {
        String reference = service.split("\\.").length > 2 ? service.substring(0, service.lastIndexOf('.')) : service;
        return new ResponseBody.ResponseMessage(reference, service, Optional.ofNullable(payload));
    }

    private OutboxEntry only(String id) {
        List<OutboxEntry> all = ledger.deliveriesOf(id);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    static Stream<ResponseBody> noAnswersToACommand() {
        Bytes bytes = Bytes.of(new byte[] {1});
        return Stream.of(
                of("7.12", null),
                of("7.12", new ResponsePayload.ScheduleId(5)),
                of("7.12", new ResponsePayload.LocalCommand(bytes)),
                of("7.12", new ResponsePayload.PreCommand("4.1", bytes)),
                of("7.12", new ResponsePayload.DccData(DuisElement.of("DSPInventory"))),
                of("7.12", new ResponsePayload.GbcsPayload(bytes)),
                of("7.12", new ResponsePayload.CustomerNumber(bytes, "1234")),
                of("7.13", new ResponsePayload.GbcsPayload(bytes)));
    }

    @ParameterizedTest
    @MethodSource("noAnswersToACommand")
    void anAnswerOfAnotherKindIsReportedAsUnprovenEverywhere(ResponseBody body) {
        String id = sent(7, "7.12");
        process(document(new RequestId(USER, METER, 7), "I0", body));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.find(id).orElseThrow().progress().cause()).startsWith("unproven: ");
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(false);
        assertThat(only(id).headers())
                .containsEntry("outcome", "unproven")
                .containsKey("flag")
                .containsKey("form");
        assertThat(only(id).json())
                .hasValueSatisfying(json -> assertThat(json)
                        .contains("\"outcome\":\"unproven\"")
                        .contains("\"flag\":")
                        .contains("\"form\":"));
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);
    }

    // a request that was reported as unknown or overdue waits for a proven answer
    @ParameterizedTest
    @EnumSource(
            value = RequestState.class,
            names = {"OVERDUE", "UNKNOWN"})
    void anUnprovenAnswerToWhatIsUnknownOrOverdueIsDeliveredAndEndsNothing(RequestState told) {
        String id = sent(7, "7.12");
        ledger.apply(Change.of(id).to(told, "told before").success(false));
        process(document(new RequestId(USER, METER, 7), "I0", of("7.12", new ResponsePayload.ScheduleId(5))));
        RequestRecord request = ledger.find(id).orElseThrow();
        assertThat(request.state()).isEqualTo(told);
        assertThat(request.progress().cause()).isEqualTo("told before");
        assertThat(only(id).headers()).containsEntry("outcome", "unproven").containsKey("flag");
        assertThat(ledger.remarks(id))
                .singleElement()
                .satisfies(remark -> assertThat(remark.text()).contains("unproven", told.name()));
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);

        process(document(new RequestId(USER, METER, 7), "E4", of("7.12", null)));
        assertThat(state(id)).as("a proven answer counts").isEqualTo(RequestState.REFUSED);
    }

    @Test
    void anAcknowledgementOfAnotherServiceEndsNothing() {
        String id = sent(7, "7.12");
        process(document(new RequestId(USER, METER, 7), "I99", of("7.13", null)));
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(only(id).headers()).containsEntry("outcome", "unproven");
    }

    // an information code of a newer version refuses nothing: the request waits on
    @Test
    void anUnknownInformationCodeIsNoRefusal() {
        String id = sent(7, "7.12");
        process(document(new RequestId(USER, METER, 7), "I7", of("7.12", null)));
        assertThat(state(id)).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(only(id).headers())
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("I7"));
    }

    @ParameterizedTest
    @CsvSource({
        "E9999, REFUSED, response code E9999 is not in the table",
        "E061301, RESPONDED, response code E061301 belongs to service 6.13"
    })
    void anUnknownOrForeignErrorCodeIsFlagged(String code, RequestState state, String flag) {
        String id = sent(7, "7.12");
        process(document(new RequestId(USER, METER, 7), code, of("7.12", null)));
        assertThat(state(id)).isEqualTo(state);
        assertThat(only(id).headers())
                .hasEntrySatisfying("flag", text -> assertThat(text).contains(flag));
    }

    @ParameterizedTest
    @CsvSource({"true, 7, success", "false, 7, failed", "true, 8, unproven"})
    void aSmets1AnswerHasTheOutcomeOfItsContent(String success, String counter, String outcome) {
        String id = sent(7, "4.16");
        DuisElement inside = DuisElement.of(
                "SMETS1SignedResponse",
                DuisElement.of(
                        "SMETS1Response",
                        DuisElement.of(
                                "Header",
                                DuisElement.leaf("BusinessOriginatorID", METER.dashed()),
                                DuisElement.leaf("BusinessTargetID", USER.dashed()),
                                DuisElement.leaf("OriginatorCounter", counter)),
                        DuisElement.of(
                                "Body",
                                DuisElement.of(
                                        "ResponseMessage",
                                        new DuisElement(
                                                DuisElement.MMC,
                                                "ReadActivePowerImportRsp",
                                                Map.of("MessageSuccess", success),
                                                List.of(),
                                                "")))));
        process(document(
                new RequestId(USER, METER, 7),
                "I0",
                new ResponseBody.Smets1ResponseMessage(
                        Optional.of("4.16"), Optional.of("4.16"), Optional.empty(), Throttle.NONE, inside)));
        assertThat(only(id).headers()).containsEntry("outcome", outcome);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(outcome.equals("success"));
    }

    /** A given answer of a device to the DCC's ACB, which had commanded it for this User. */
    private static byte[] run() {
        return Rtds.hex(Rtds.required().messages("4.6.2_ECS21c").stream()
                .filter(f -> f.toString().contains("SUCCESS_RESPONSE"))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void runsOfASchedulesAreMatchedByScheduleAndRunWhateverTheirRequestIdIs() {
        byte[] run = run();
        Eui64 device = asked(run).target();
        Eui64 acb = Eui64.parse("90B3D51F30000002");
        RequestId making = new RequestId(USER, acb, 1795887231615L);
        String schedule = sent(making, "5.1");
        ResponsePayload one = new ResponsePayload.ScheduledMessage(Bytes.of(run), 4711);
        ResponsePayload two = new ResponsePayload.ScheduledMessage(Bytes.of(run), 4712);
        List<DuisResponse> documents = List.of(
                new DuisResponse(
                        "5.4",
                        Optional.empty(),
                        Optional.of(new ResponseId(device, USER, 990001)),
                        "I0",
                        AT,
                        of("4.6.2", one)),
                document(new RequestId(USER, device, 990002), "I0", of("4.6.2", one)),
                document(making, "I0", of("4.6.2", one)),
                document(making, "I0", of("4.6.2", two)));
        List<String> stored = new ArrayList<>();
        for (DuisResponse document : documents) {
            CallbackVerdict verdict = receiver.receive(signed(document), "CN=dcc");
            assertThat(verdict).isInstanceOf(CallbackVerdict.Stored.class);
            stored.add(((CallbackVerdict.Stored) verdict).id());
            assertThat(receiver.receive(signed(document), "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        }
        for (String inbound : stored) {
            assertThat(processor.process(inbound)).isTrue();
            OutboxEntry entry = ledger.delivery(inbound + ".result").orElseThrow();
            assertThat(entry.headers())
                    .containsEntry("outcome", "success")
                    .containsEntry("form", "mmc")
                    .containsEntry("run", "1302")
                    .containsEntry("service", "4.6.2")
                    .containsEntry("device", device.dashed())
                    .containsKey("schedule")
                    .doesNotContainKey("flag");
            assertThat(entry.json())
                    .hasValueSatisfying(json -> assertThat(json).contains("RetrieveExportDailyReadLogRsp"));
        }
        // those under the request that made the schedule go where its answers go, and end nothing
        assertThat(ledger.deliveriesOf(schedule)).hasSize(2);
        assertThat(state(schedule)).isEqualTo(RequestState.SENT);
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);
        assertThat(logged).isEmpty();
    }

    @Test
    void anotherRunUnderOneRequestIdIsAnotherDocumentAndAForeignOneIsUnproven() {
        byte[] run = run();
        Eui64 device = asked(run).target();
        byte[] next = run.clone();
        // the counter's last byte: the MAC no longer fits, but it names another run
        int counter = indexOfHeader(run) + 10;
        next[counter]++;
        for (byte[] message : List.of(run, next)) {
            DuisResponse document = document(
                    new RequestId(USER, device, 990002),
                    "I0",
                    of("4.6.2", new ResponsePayload.ScheduledMessage(Bytes.of(message), 4711)));
            CallbackVerdict verdict = receiver.receive(signed(document), "CN=dcc");
            assertThat(verdict).isInstanceOf(CallbackVerdict.Stored.class);
            assertThat(processor.process(((CallbackVerdict.Stored) verdict).id()))
                    .isTrue();
            assertThat(ledger.delivery(((CallbackVerdict.Stored) verdict).id() + ".result")
                            .orElseThrow()
                            .headers())
                    .containsEntry("outcome", message == run ? "success" : "unproven")
                    .containsEntry("schedule", "4711");
        }
    }

    private static int indexOfHeader(byte[] message) {
        int at = 0;
        while (message[at] != (byte) 0xDF) {
            at++;
        }
        return at;
    }

    @Test
    void theSignedContentOfAnAlertIsBelievedAndTheCodeAroundItFlagged() {
        byte[] alert = Rtds.hex(Rtds.required().messages("NA_ECS80").stream()
                .filter(f -> f.getFileName().toString().contains("_8F36_"))
                .findFirst()
                .orElseThrow());
        Eui64 device = Eui64.of(alert, indexOfHeader(alert) + 12);
        process(new DuisResponse(
                "5.4",
                Optional.empty(),
                Optional.of(new ResponseId(device, USER, 5002)),
                "I0",
                AT,
                new ResponseBody.DeviceAlertMessage(0x8F3E, Throttle.NONE, Bytes.of(alert))));
        assertThat(pending())
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("alertCode", "8F36")
                        .containsEntry("flag", "the device reports 8F36 and the enclosing document 8F3E"));
    }

    @Test
    void aDocumentOfANewerVersionIsStoredDeliveredAsReceivedAndFlagged() {
        String id = sent(7, "7.12");
        String header = "<sr:Header><sr:RequestID>" + new RequestId(USER, METER, 7)
                + "</sr:RequestID><sr:ResponseCode>I0</sr:ResponseCode>"
                + "<sr:ResponseDateTime>2026-11-28T17:50:00.00Z</sr:ResponseDateTime></sr:Header>";
        String service =
                "<sr:ServiceReference>7.12</sr:ServiceReference><sr:ServiceReferenceVariant>7.12</sr:ServiceReferenceVariant>";
        List<String> bodies = List.of(
                "<sr:NewMessage><sr:A>1</sr:A></sr:NewMessage>",
                "<sr:DCCAlertMessage><sr:DCCAlertCode>M7</sr:DCCAlertCode><sr:DCCAlert><sr:NewAlert/></sr:DCCAlert></sr:DCCAlertMessage>",
                "<sr:ResponseMessage>" + service
                        + "<sr:DSPNewThing><sr:A>1</sr:A></sr:DSPNewThing></sr:ResponseMessage>");
        for (String body : bodies) {
            byte[] document = signedText("<sr:Response xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.5\">"
                    + header + "<sr:Body>" + body
                    + "</sr:Body></sr:Response>");
            CallbackVerdict verdict = receiver.receive(document, "CN=dcc");
            assertThat(verdict).as(body).isInstanceOf(CallbackVerdict.Stored.class);
            String inbound = ((CallbackVerdict.Stored) verdict).id();
            assertThat(processor.process(inbound)).isTrue();
            OutboxEntry entry = Stream.concat(ledger.deliveriesOf(id).stream(), pending().stream())
                    .filter(e -> e.id().startsWith(inbound))
                    .findFirst()
                    .orElseThrow();
            assertThat(entry.body()).as(body).isEqualTo(document);
            assertThat(entry.headers()).as(body).containsKey("flag").containsEntry("form", "duis");
        }
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
    }
}
