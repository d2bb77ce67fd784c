package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Cases;
import org.postern.testkit.Rtds;

/**
 * The case documents: each put under a request of this run, its GBCS message protected anew by the device, signed by
 * the DCC, handed to Receive Response, and held to its right value. No file of the two folders is left out.
 */
class ReferenceDocumentsTest extends OnFullLifeCycle {

    private static final Pattern PAYLOAD = Pattern.compile("(<sr:GBCSPayload>)([^<]*)(<)");
    private static final String SCHEDULE = "4711";
    private DeviceMessages device;

    @BeforeEach
    void onlyTheseDocumentsCome() {
        device = new DeviceMessages(pki);
        line.simulator.faults().add(FaultRule.parse("drop-callback"));
    }

    private Eui64 meter() {
        return line.simulator.population().devices(DeviceType.ESME).get(0).deviceId();
    }

    /** A request that the DCC has acknowledged. */
    private RequestRecord sent(String service) throws InterruptedException {
        String body = service.equals("7.12") ? "{\"RandomisedOffsetLimit\":600}" : "{}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                ("{\"service\":\"" + service + "\",\"device\":\"" + meter().dashed() + "\",\"role\":\"IS\",\"body\":"
                                + body + "}")
                        .getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        RequestRecord record = line.await(
                ((Admission.Accepted) admission).id(),
                RequestState.ACKNOWLEDGED,
                RequestState.NOT_CORRELATED,
                RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.ACKNOWLEDGED);
        return record;
    }

    /** The document under these ids, signed. */
    private byte[] document(String file, RequestId request, Optional<ResponseId> other) throws IOException {
        String text = Files.readString(Cases.required().path(file));
        text = text.replaceAll("<sr:RequestID>[^<]*", "<sr:RequestID>" + request)
                .replaceAll("<sr:ResponseID>[^<]*", "<sr:ResponseID>" + other.orElse(request.responseId()))
                .replaceAll(
                        "(<ra:BusinessOriginatorID[^>]*>)[^<]*",
                        "$1" + request.target().dashed())
                .replaceAll(
                        "(<ra:BusinessTargetID[^>]*>)[^<]*",
                        "$1" + request.originator().dashed())
                .replaceAll("(<ra:OriginatorCounter[^>]*>)[^<]*", "$1" + request.counter());
        // a run of a schedule stands under the request that made it and is of the meter all the same
        RequestId said = new RequestId(request.originator(), meter(), request.counter());
        return device.signedText(PAYLOAD.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(1)
                        + Base64.getEncoder()
                                .encodeToString(
                                        device.saidAnew(Base64.getDecoder().decode(match.group(2)), said))
                        + match.group(3))));
    }

    private void received(byte[] document) {
        assertThat(line.line.receive(document, "CN=dcc")).isInstanceOf(CallbackVerdict.Stored.class);
    }

    /** The next delivery after so many. */
    private OutboxEntry delivered(int before) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (line.deliveredIds.size() <= before && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
        assertThat(line.deliveredIds).hasSize(before + 1);
        return line.ledger.delivery(line.deliveredIds.get(before)).orElseThrow();
    }

    private RequestRecord now(RequestRecord request) {
        return line.ledger.find(request.id()).orElseThrow();
    }

    @Test
    void everyFileHasItsRightValueHere() throws IOException {
        assertThat(Cases.required().files("documents").stream()
                        .map(f -> f.getFileName().toString()))
                .containsExactly(
                        "416-null-data-ok-result.xml",
                        "416-wrong-type.xml",
                        "DSPScheduleID-for-712.xml",
                        "E21-then-ok-0.xml",
                        "E21-then-ok-1.xml",
                        "I0-no-payload.xml",
                        "LocalCommand-for-712cv4.xml",
                        "alert-code-mismatch.xml",
                        "baddate.xml",
                        "ok-then-other-respid-0.xml",
                        "ok-then-other-respid-1.xml",
                        "other-code.xml",
                        "smets1-false.xml",
                        "srv-other.xml",
                        "two-items.xml",
                        "utf16.xml",
                        "zero-items.xml");
        assertThat(Cases.required().files("schedules").stream()
                        .map(f -> f.getFileName().toString()))
                .containsExactly(
                        "A1-noReqId.xml",
                        "A2-unknownReqId.xml",
                        "A3-reqId51.xml",
                        "A4-reqId51-day2.xml",
                        "A5-reqId51-sched2.xml");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "416-null-data-ok-result, 4.16, success without data",
        "416-wrong-type, 4.16, data of another type",
        "DSPScheduleID-for-712, 7.12, DSPScheduleID",
        "I0-no-payload, 7.12, no payload with code I0",
        "LocalCommand-for-712cv4, 7.12, LocalCommand",
        "other-code, 7.12, message code 004F",
        "srv-other, 7.12, it answers service 7.13",
        "two-items, 7.12, 2 results",
        "zero-items, 7.12, 0 results",
        "baddate, 4.16, the date-time of the GBCS message is impossible"
    })
    void anAnswerToAnotherRequestIsNoSuccessAndIsExplained(String file, String service, String reason)
            throws Exception {
        RequestRecord request = sent(service);
        received(document("documents/" + file + ".xml", request.requestId().orElseThrow(), Optional.empty()));
        line.await(request.id(), RequestState.DELIVERED);
        assertThat(now(request).progress().success()).contains(false);
        assertThat(line.ledger.path(request.id()).stream().map(t -> t.cause()))
                .anySatisfy(cause -> assertThat(cause).startsWith("unproven: ").contains(reason));
        assertThat(line.deliveries(request.id())).singleElement().satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", "unproven")
                    .containsKey("form")
                    .hasEntrySatisfying("flag", flag -> assertThat(flag).contains(reason));
            assertThat(entry.json().orElseThrow())
                    .contains("\"outcome\":\"unproven\"")
                    .contains("\"flag\":")
                    .contains("\"form\":");
            // of these two the device's own message is whole: what is around it belongs to another kind or service
            if (!file.equals("LocalCommand-for-712cv4") && !file.equals("srv-other")) {
                assertThat(new String(entry.body(), StandardCharsets.UTF_8))
                        .doesNotContain("ActivePowerImport>")
                        .doesNotContain("MessageSuccess=\"true\"");
            }
        });
    }

    @Test
    void aProvenAnswerAfterE21Wins() throws Exception {
        RequestRecord request = sent("7.12");
        RequestId id = request.requestId().orElseThrow();
        received(document("documents/E21-then-ok-0.xml", id, Optional.empty()));
        assertThat(delivered(0).headers()).containsEntry("outcome", "unknown").containsEntry("responseCode", "E21");
        assertThat(now(request).state()).isEqualTo(RequestState.UNKNOWN);
        received(document("documents/E21-then-ok-1.xml", id, Optional.empty()));
        assertThat(delivered(1).headers()).containsEntry("outcome", "success").containsEntry("authenticated", "yes");
        assertThat(line.await(request.id(), RequestState.DELIVERED).progress().success())
                .contains(true);
    }

    @Test
    void aDocumentUnderAnotherResponseIdIsPutAsideAndTheOtherRequestIsAnswered() throws Exception {
        RequestRecord first = sent("7.12");
        RequestRecord second = sent("7.12");
        received(document(
                "documents/ok-then-other-respid-0.xml", first.requestId().orElseThrow(), Optional.empty()));
        assertThat(delivered(0).headers()).containsEntry("outcome", "success").containsEntry("requestId", first.name());
        byte[] crossed = document(
                "documents/ok-then-other-respid-1.xml",
                first.requestId().orElseThrow(),
                Optional.of(second.requestId().orElseThrow().responseId()));
        assertThat(line.line.receive(crossed, "CN=dcc")).isInstanceOf(CallbackVerdict.Quarantined.class);
        assertThat(now(second).state()).isEqualTo(RequestState.ACKNOWLEDGED);
        received(document(
                "documents/ok-then-other-respid-0.xml", second.requestId().orElseThrow(), Optional.empty()));
        assertThat(delivered(1).headers())
                .containsEntry("outcome", "success")
                .containsEntry("requestId", second.name());
        assertThat(line.ledger.inboundCounts()).containsEntry(InboundState.QUARANTINED, 1L);
    }

    @Test
    void theSignedContentOfAnAlertIsBelieved() throws Exception {
        received(document(
                "documents/alert-code-mismatch.xml",
                new RequestId(SimulatorPki.user(UserRole.IS), meter(), 5002),
                Optional.empty()));
        OutboxEntry alert = delivered(0);
        assertThat(alert.headers())
                .containsEntry("outcome", "alert")
                .containsEntry("alertCode", "8F35")
                .containsEntry("authenticated", "yes")
                .containsEntry("device", meter().dashed())
                .hasEntrySatisfying(
                        "flag", flag -> assertThat(flag).contains("8F35").contains("8F3E"));
        assertThat(alert.json().orElseThrow()).contains("\"flag\":");
    }

    @Test
    void aFailureOfTheFirstGenerationIsAFailure() throws Exception {
        RequestRecord request = sent("4.16");
        received(document("documents/smets1-false.xml", request.requestId().orElseThrow(), Optional.empty()));
        assertThat(delivered(0).headers()).containsEntry("outcome", "failed").containsKey("flag");
        assertThat(line.await(request.id(), RequestState.DELIVERED).progress().success())
                .contains(false);
    }

    @Test
    void anotherEncodingIsRefusedWithANumberAtBothEnds() throws Exception {
        byte[] document = Files.readAllBytes(Cases.required().path("documents/utf16.xml"));
        assertThat(line.line.receive(document, "CN=dcc"))
                .isInstanceOfSatisfying(
                        CallbackVerdict.Refused.class,
                        refused -> assertThat(refused.fault().code()).matches("PST-1\\d{3}"));
        for (Channel channel : Channel.values()) {
            assertThat(line.line.admit(new Submission(
                            channel,
                            Submission.Format.XML,
                            document,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            "crm")))
                    .isInstanceOfSatisfying(
                            Admission.Refused.class,
                            refused -> assertThat(refused.fault().code()).matches("PST-1\\d{3}"));
        }
    }

    // of a newer GBCS: header and signature stand where they always do
    @Test
    void anAnswerWithUnknownCodeAndContentIsAuthenticatedStoredAndDeliveredAsReceived() throws Exception {
        RequestRecord request = sent("4.16");
        RequestId id = request.requestId().orElseThrow();
        byte[] message = device.signedContent(2, id, 0x7ABC, "4711C0FFEE");
        received(device.document(
                id,
                "I0",
                new ResponseBody.ResponseMessage(
                        "4.16", "4.16", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message))))));
        OutboxEntry entry = delivered(0);
        assertThat(entry.headers())
                .containsEntry("outcome", "unproven")
                .containsEntry("authenticated", "yes")
                .containsEntry("signature", "valid")
                .containsEntry("form", "gbcs")
                .containsEntry("messageCode", "7ABC")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("7ABC"))
                .hasEntrySatisfying(
                        "reason",
                        reason -> assertThat(reason)
                                .contains("the protection that this message code requires is not known"));
        assertThat(entry.body()).isEqualTo(message);
        assertThat(line.await(request.id(), RequestState.DELIVERED).progress().success())
                .contains(false);
    }

    @Test
    void anAlertOfAnUnknownCodeAndContentIsAuthenticatedAndDelivered() {
        RequestId about = new RequestId(SimulatorPki.user(UserRole.IS), meter(), 900_001);
        byte[] message = device.signedContent(3, about, 0x7ABC, "4711C0FFEE");
        received(device.document(
                about, "I0", new ResponseBody.DeviceAlertMessage(0x8FFE, Throttle.NONE, Bytes.of(message))));
        OutboxEntry entry = delivered(0);
        assertThat(entry.headers())
                .containsEntry("outcome", "alert")
                .containsEntry("authenticated", "yes")
                .containsEntry("alertCode", "8FFE")
                .containsEntry("device", meter().dashed())
                .containsKey("flag");
        assertThat(new String(entry.body(), StandardCharsets.UTF_8))
                .contains(Base64.getEncoder().encodeToString(message));
    }

    /** A 5.1 that the DCC has answered. */
    private RequestId schedule() {
        return schedule(new byte[] {1});
    }

    private RequestId schedule(byte[] request51) {
        RequestId id = new RequestId(SimulatorPki.user(UserRole.IS), SimulatorPki.ACCESS_CONTROL_BROKER, 77);
        String request = line.ledger
                .admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), Optional.empty(), "crm", "xml"),
                        request51,
                        Optional.of(id),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of("5.1"),
                                Optional.of(CommandVariant.CV8),
                                Optional.of(id.target())),
                        Lane.BULK,
                        Optional.of(request51),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        assertThat(line.ledger.apply(Change.of(request)
                        .from(RequestState.ADMITTED)
                        .to(RequestState.SENT, "test")
                        .to(RequestState.RESPONDED, "test")
                        .to(RequestState.DELIVERED, "test")))
                .isTrue();
        return id;
    }

    private void run(byte[] document, int number, String schedule, String counter) {
        received(document);
        OutboxEntry entry = delivered(number);
        assertThat(entry.headers())
                .containsEntry("outcome", "success")
                .containsEntry("schedule", schedule)
                .containsEntry("run", counter)
                .containsEntry("device", meter().dashed())
                .containsEntry("service", "4.16")
                .containsEntry("form", "mmc")
                .containsEntry("useCase", "ECS17c");
        assertThat(new String(entry.body(), StandardCharsets.UTF_8)).contains("ReadActivePowerImportRsp");
        assertThat(entry.json().orElseThrow())
                .contains("\"schedule\":\"" + schedule + "\"")
                .contains("\"authenticated\":");
    }

    @Test
    void theRunsOfASchedulesAreMatchedDecodedAndDelivered() throws Exception {
        RequestId made = schedule();
        RequestId meters = new RequestId(SimulatorPki.user(UserRole.IS), meter(), 990001);
        List<Path> files = Cases.required().files("schedules");
        assertThat(files).hasSize(5);
        run(document("schedules/A1-noReqId.xml", meters, Optional.empty()), 0, SCHEDULE, "77001");
        run(
                document(
                        "schedules/A2-unknownReqId.xml",
                        new RequestId(meters.originator(), meter(), 990002),
                        Optional.empty()),
                1,
                SCHEDULE,
                "77002");
        run(document("schedules/A3-reqId51.xml", made, Optional.empty()), 2, SCHEDULE, "77003");
        run(document("schedules/A4-reqId51-day2.xml", made, Optional.empty()), 3, SCHEDULE, "77004");
        run(document("schedules/A5-reqId51-sched2.xml", made, Optional.empty()), 4, "4712", "77005");
        assertThat(line.ledger.inboundCounts()).doesNotContainKey(InboundState.QUARANTINED);
        assertThat(line.securityLog.tail(100))
                .noneSatisfy(event -> assertThat(event.id()).isEqualTo("SL-204"));
    }

    /** The given 5.1, for that service and meter. */
    private byte[] made(String service, Eui64 meter) throws IOException {
        Path given = Rtds.required().requests().stream()
                .filter(file -> file.getFileName().toString().startsWith("ECS21a_5.1"))
                .findFirst()
                .orElseThrow();
        return Files.readString(given)
                .replaceAll(
                        "(<sr:DSPScheduledServiceReference)>[^<]*",
                        "$1>" + service.replaceAll("^(\\d+\\.\\d+).*", "$1"))
                .replaceAll("(<sr:DSPScheduledServiceReferenceVariant)>[^<]*", "$1>" + service)
                .replaceAll("(<sr:DeviceID)>[^<]*", "$1>" + meter.dashed())
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aRunOfTheScheduleThatWasMadeIsASuccess() throws Exception {
        RequestId made = schedule(made("4.16", meter()));
        run(document("schedules/A3-reqId51.xml", made, Optional.empty()), 0, SCHEDULE, "77003");
    }

    @Test
    void aRunOfAnotherServiceThanTheScheduleWasMadeForIsUnproven() throws Exception {
        RequestId made = schedule(made("4.6.1", meter()));
        received(document("schedules/A3-reqId51.xml", made, Optional.empty()));
        assertThat(delivered(0).headers())
                .containsEntry("outcome", "unproven")
                .hasEntrySatisfying(
                        "flag", flag -> assertThat(flag).contains("the schedule was created for service 4.6.1"));
    }

    @Test
    void aRunOfAnotherMeterThanTheScheduleWasMadeForIsUnproven() throws Exception {
        RequestId made = schedule(made(
                "4.16",
                line.simulator.population().devices(DeviceType.ESME).get(1).deviceId()));
        received(document("schedules/A3-reqId51.xml", made, Optional.empty()));
        assertThat(delivered(0).headers())
                .containsEntry("outcome", "unproven")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("the schedule was created for device"));
    }
}
