package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Instruction;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.lifecycle.FutureDatedRequests;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.testkit.Rtds;
import org.postern.testkitservices.RecordingSecurityLog;

/**
 * What the given answers and outcome alerts of future-dated commands make of their requests (DUIS, future dated
 * services): real bytes, real keys, real ledger.
 */
class DatedInboundTest {

    private static final EcProvider EC = EcProvider.fastest();
    private static final Instant TIME = Instant.parse("2030-01-15T09:00:00Z");
    private static final Instant NEVER = Instant.parse("3000-12-31T00:00:00Z");
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");

    @TempDir
    Path folder;

    private final List<SecurityEvent> logged = Collections.synchronizedList(new ArrayList<>());
    private OpenLedger ledger;
    private Processor processor;
    private int documents;

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        SecurityLog log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                logged.add(event);
                return super.append(event);
            }
        };
        GbcsParser parser = GbcsParser.over(
                new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(10),
                Eui64.parse("90B3D51F30000002"));
        ServiceCatalogue catalogue = new ServiceCatalogue();
        Metrics metrics = new InboundBench.NoMetrics();
        processor = new Processor(
                ledger,
                new Settlement(new Settlement.Collaborators(
                        new DuisReader(DuisLimits.DEFAULT),
                        parser,
                        ResponseCodes.standard(),
                        catalogue,
                        new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO),
                        ledger,
                        new Progress(ledger, new WorkOffers(System::nanoTime), metrics),
                        log,
                        metrics,
                        new FutureDatedRequests(ledger, catalogue, Duration.ofMinutes(10)),
                        Clock.systemUTC())),
                metrics,
                System::nanoTime);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static byte[] given(String folder, String part) {
        return Rtds.hex(Rtds.required().messages(folder).stream()
                .filter(f -> f.getFileName().toString().contains(part))
                .findFirst()
                .orElseThrow());
    }

    private static List<byte[]> alerts(String folder) {
        return Rtds.required().messages(folder).stream()
                .filter(f -> f.getFileName().toString().contains("_ALERT"))
                .map(Rtds::hex)
                .toList();
    }

    /** The RequestID of a given Pre-Command (GBCS, Grouping Header): counter at 3, originator at 12, target at 21. */
    private static RequestId asked(byte[] preCommand) {
        return new RequestId(
                Eui64.of(preCommand, 12),
                Eui64.of(preCommand, 21),
                Eui64.of(preCommand, 3).value());
    }

    /** A request that was sent with that Pre-Command. */
    private String sent(RequestId request, String service, Optional<byte[]> preCommand, Optional<Instant> time) {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(request),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(CommandVariant.CV4),
                                Optional.of(request.target())),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        time,
                        Optional.of(TIME),
                        Optional.empty()))
                .id();
        Change change = Change.of(id)
                .from(RequestState.ADMITTED)
                .to(RequestState.SENT, "test")
                .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1});
        preCommand.ifPresent(change::preCommand);
        ledger.apply(change);
        return id;
    }

    private String sent(byte[] preCommand, String service, Instant time) {
        return sent(asked(preCommand), service, Optional.of(preCommand), Optional.of(time));
    }

    private String receive(RequestId request, String code, ResponsePayload payload) {
        String service = ledger.findByRequestId(request)
                .flatMap(record -> record.target().service())
                .orElse("1.6");
        DuisResponse response = new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                code,
                Clock.systemUTC().instant(),
                new ResponseBody.ResponseMessage(
                        new ServiceCatalogue().require(service).reference(), service, Optional.ofNullable(payload)));
        return store(request, response);
    }

    private String store(RequestId request, DuisResponse response) {
        String inbound = ledger.store(new InboundDocument(
                        new InboundIdentity("document " + documents++),
                        Optional.ofNullable(request),
                        response.kind(),
                        response.responseCode(),
                        DuisWriter.write(response).toArray(),
                        Clock.systemUTC().instant(),
                        "acb"))
                .id();
        return inbound;
    }

    private void outcome(RequestId request, boolean actioned, byte[] alert, int number, int total) {
        assertThat(processor.process(receive(
                        request,
                        "I0",
                        new ResponsePayload.FutureDatedDeviceAlertMessage(actioned, Bytes.of(alert), number, total))))
                .isTrue();
    }

    private void answer(RequestId request, byte[] message) {
        assertThat(processor.process(receive(request, "I0", new ResponsePayload.GbcsPayload(Bytes.of(message)))))
                .isTrue();
    }

    private RequestState state(String id) {
        return ledger.find(id).map(RequestRecord::state).orElseThrow();
    }

    private OutboxEntry last(String id) {
        List<OutboxEntry> all = ledger.deliveriesOf(id);
        return all.get(all.size() - 1);
    }

    private static byte[] prepayment() {
        return given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_PRECOMMAND");
    }

    @Test
    void theGivenOutcomesOfADatedCommandEndItInWhateverOrderTheyCome() {
        byte[] command = prepayment();
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        List<byte[]> alerts = alerts("2.1_ECS08");
        assertThat(alerts).hasSize(4);
        Collections.shuffle(order, new Random(3));
        String id = sent(command, "2.1", TIME);
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(ledger.find(id).orElseThrow().timing().dueBy())
                .contains(TIME.plus(Duration.ofHours(24)).plus(Duration.ofMinutes(10)));
        assertThat(last(id).headers())
                .containsEntry("outcome", "accepted-by-device")
                .doesNotContainKey("flag");

        for (int i = 0; i < 3; i++) {
            outcome(asked(command), true, alerts.get(order.get(i)), order.get(i) + 1, 4);
            assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
            assertThat(last(id).headers())
                    .containsEntry("instruction", order.get(i) + 1 + "/4")
                    .containsEntry("instructionsDone", i + 1 + "/4")
                    .containsEntry("alertCode", "8F66")
                    .containsEntry("authenticated", "yes")
                    .containsKey("subject")
                    .doesNotContainKey("flag");
        }
        outcome(asked(command), true, alerts.get(order.get(3)), order.get(3) + 1, 4);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(true);
        assertThat(ledger.instructions(id)).extracting(Instruction::number).containsExactly(1, 2, 3, 4);
        assertThat(ledger.instructions(id))
                .extracting(Instruction::subject)
                .contains("9000/0-0:94.44.128.9/6")
                .doesNotHaveDuplicates();
        assertThat(ledger.remarks(id)).isEmpty();
        assertThat(logged).isEmpty();
    }

    @Test
    void outcomesMayOvertakeTheAcceptanceAndTheAcknowledgement() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        outcome(asked(command), true, alerts("2.1_ECS08").get(0), 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        processor.process(receive(asked(command), "I99", null));
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(last(id).headers()).containsEntry("outcome", "accepted-by-device");
        outcome(asked(command), true, alerts("2.1_ECS08").get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }

    @Test
    void anInstructionCountsOnceThoughTwoDocumentsReportIt() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        byte[] alert = alerts("2.1_ECS08").get(0);
        outcome(asked(command), true, alert, 1, 2);
        outcome(asked(command), true, alert, 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(ledger.find(id).orElseThrow().timing().instructionsDone()).isEqualTo(1);
        assertThat(last(id).headers())
                .containsEntry("instructionsDone", "1/2")
                .containsEntry("flag", "instruction 1 was reported before, with the same outcome");
    }

    @Test
    void aChangingNumberOfInstructionsIsFlaggedAndTheGreaterOneIsWaitedFor() {
        byte[] command = prepayment();
        List<byte[]> alerts = alerts("2.1_ECS08");
        String id = sent(command, "2.1", TIME);
        outcome(asked(command), true, alerts.get(0), 1, 3);
        outcome(asked(command), true, alerts.get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.PARTIALLY_ACTIONED);
        assertThat(last(id).headers())
                .containsEntry("instructionsDone", "2/3")
                .containsEntry("flag", "the command has 2 instructions by this alert and 3 by an earlier one");
        assertThat(ledger.remarks(id))
                .extracting(Remark::text)
                .singleElement()
                .asString()
                .contains("2 instructions by this alert");
        outcome(asked(command), true, alerts.get(2), 3, 3);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }

    @Test
    void whatIsNotProvablyTheOutcomeOfThisRequestIsDeliveredAndCountsForNothing() {
        byte[] command = prepayment();
        byte[] alert = alerts("2.1_ECS08").get(0);
        String id = sent(command, "2.1", TIME);
        RequestId request = asked(command);
        byte[] forged = alert.clone();
        forged[forged.length - 1] ^= 1;

        expectUncounted(
                id,
                () -> outcome(request, false, alert, 1, 2),
                "the device reports 8F66 and the enclosing document 8F67");
        expectUncounted(id, () -> outcome(request, true, forged, 1, 2), "signature invalid");
        expectUncounted(id, () -> outcome(request, true, new byte[] {1}, 1, 2), "");
        expectUncounted(
                id,
                () -> outcome(request, true, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"), 1, 2),
                "no alert of the outcome");
        expectUncounted(id, () -> outcome(request, true, alert, 3, 2), "instruction 3 of 2");
        expectUncounted(id, () -> outcome(request, true, alert, 0, 2), "instruction 0 of 2");
        // genuine, of the same device, about the command of another counter
        expectUncounted(
                id,
                () -> outcome(request, true, given("1.6_ECS03", "_8F66_"), 1, 2),
                "the alert is about the command of counter");
        expectUncounted(
                id,
                () -> outcome(request, true, given("2.1_GCS05", "_ALERT_PUBLISH_CALENDAR"), 1, 2),
                "of another device");
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);

        // of the right counter, but about another command: the Pre-Command kept here says so
        byte[] otherCommand = command.clone();
        otherCommand[32] = 0x1E;
        ledger.apply(Change.of(id).preCommand(otherCommand));
        expectUncounted(id, () -> outcome(request, true, alert, 1, 2), "another command than message code 001E");
    }

    private void expectUncounted(String id, Runnable document, String flag) {
        int before = ledger.deliveriesOf(id).size();
        logged.clear();
        document.run();
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(ledger.instructions(id)).isEmpty();
        assertThat(ledger.deliveriesOf(id)).hasSize(before + 1);
        assertThat(last(id).headers())
                .containsEntry("outcome", "unproven")
                .hasEntrySatisfying("flag", f -> assertThat(f).contains(flag));
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);
        assertThat(ledger.remarks(id))
                .last()
                .satisfies(r -> assertThat(r.text()).contains("not counted"));
    }

    @Test
    void firmwareThatWasNotActivatedAtItsTimeSaysWhyAndWhichRuns() {
        byte[] command = given("11.3_CS06", "_FUTURE_DATED_ERROR_PRECOMMAND");
        String id = sent(command, "11.3", TIME);
        answer(asked(command), given("11.3_CS06", "_FUTURE_DATED_ERROR_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        outcome(asked(command), false, given("11.3_CS06", "_8F67_"), 1, 1);
        assertThat(state(id)).isEqualTo(RequestState.NOT_ACTIONED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "not-actioned")
                .containsEntry("firmwareOutcome", "2")
                .containsEntry("firmwareVersion", "0123ABCF")
                .containsEntry("alertCode", "8F67")
                .doesNotContainKey("flag");
    }

    @Test
    void firmwareOrderedAtOnceIsAnsweredWithOutcomeAndVersion() {
        byte[] command = given("11.3_CS06", "_IMMEDIATE_ERROR_PRECOMMAND");
        String id = sent(asked(command), "11.3", Optional.of(command), Optional.empty());
        answer(asked(command), given("11.3_CS06", "_IMMEDIATE_ERROR_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "failed")
                .containsEntry("firmwareOutcome", "1")
                .containsEntry("firmwareVersion", "0123ABCF")
                .doesNotContainKey("flag");
    }

    @Test
    void anAnswerThatDoesNotGoWithTheDatingIsFlagged() {
        byte[] dated = given("11.3_CS06", "_FUTURE_DATED_ERROR_PRECOMMAND");
        String first = sent(asked(dated), "11.3", Optional.of(dated), Optional.empty());
        answer(asked(dated), given("11.3_CS06", "_FUTURE_DATED_ERROR_RESPONSE"));
        assertThat(state(first)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(first).headers())
                .hasEntrySatisfying("flag", f -> assertThat(f).contains("only took note"));

        // credentials, where a device answers at once with the outcome
        byte[] credentials = given("6.15.1_CS02bSupplierBySupplier", "_IMMEDIATE_ERROR_PRECOMMAND");
        String second = sent(credentials, "6.15.1", TIME);
        answer(asked(credentials), given("6.15.1_CS02bSupplierBySupplier", "_IMMEDIATE_ERROR_RESPONSE"));
        assertThat(state(second)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(second).headers())
                .hasEntrySatisfying("flag", f -> assertThat(f).contains("carried out at once what was dated"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2.1_ECS08, 2.1, ''",
        "2.1_GCS05, 2.1, ''",
        "11.3_CS06, 11.3, 11.3_CS06/_FUTURE_DATED_ERROR_RESPONSE",
        "6.15.1_CS02bSupplierBySupplier, 6.15.1, 6.15.1_CS02bSupplierBySupplier/_FUTURE_DATED_ERROR_RESPONSE"
    })
    void theGivenCancellationsEndWhatIsPendingAndThemselves(String folder, String service, String ignored) {
        byte[] command = given(folder, "_CANCELLATION_SUCCESS_PRECOMMAND");
        RequestId cancelling = asked(command);
        RequestId pending = new RequestId(cancelling.originator(), cancelling.target(), cancelling.counter() - 1);
        String first = sent(pending, service, Optional.empty(), Optional.of(TIME));
        String unanswered = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() - 1),
                service,
                Optional.empty(),
                Optional.of(TIME));
        String later = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() + 5),
                service,
                Optional.empty(),
                Optional.of(TIME));
        String another = sent(
                new RequestId(pending.originator(), pending.target(), pending.counter() - 2),
                "1.6",
                Optional.empty(),
                Optional.of(TIME));
        for (String id : List.of(first, later, another)) {
            ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        }
        String id = sent(command, service, NEVER);
        answer(cancelling, given(folder, "_CANCELLATION_SUCCESS_RESPONSE"));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "success")
                .containsEntry("cancels", pending.toString())
                .doesNotContainKey("flag");
        assertThat(state(first)).isEqualTo(RequestState.CANCELLED);
        assertThat(ledger.find(first).orElseThrow().progress().cause()).isEqualTo("cancelled by " + cancelling);
        assertThat(last(first)).satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", "cancelled")
                    .containsEntry("cancelledBy", cancelling.toString());
            assertThat(entry.destination()).hasToString("queue:replies");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("cancelledBy"));
        });
        assertThat(state(unanswered)).as("not accepted by the device").isEqualTo(RequestState.SENT);
        assertThat(state(later)).as("accepted after the cancellation").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(state(another)).as("another service").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        ledger.delivered(last(id).id());
        assertThat(state(id)).isEqualTo(RequestState.DELIVERED);
    }

    @Test
    void aCancellationThatTheDeviceRefusesOrNobodyProvesEndsNothing() {
        byte[] command = given("2.1_GCS05", "_CANCELLATION_SUCCESS_PRECOMMAND");
        RequestId cancelling = asked(command);
        String pending = sent(
                new RequestId(cancelling.originator(), cancelling.target(), cancelling.counter() - 1),
                "2.1",
                Optional.empty(),
                Optional.of(TIME));
        ledger.apply(Change.of(pending).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        String id = sent(command, "2.1", NEVER);
        byte[] forged = given("2.1_GCS05", "_CANCELLATION_SUCCESS_RESPONSE");
        forged[forged.length - 1] ^= 1;
        answer(cancelling, forged);
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers()).containsEntry("outcome", "unproven").doesNotContainKey("cancels");
        assertThat(state(pending)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
    }

    @Test
    void aCancellationOfNothingKnownSaysSo() {
        byte[] command = given("11.3_CS06", "_CANCELLATION_SUCCESS_PRECOMMAND");
        String id = sent(command, "11.3", NEVER);
        answer(asked(command), given("11.3_CS06", "_CANCELLATION_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(last(id).headers()).containsEntry("flag", "the ledger has no pending request that it could cancel");
        assertThat(ledger.remarks(id)).hasSize(1);
    }

    @Test
    void anOutcomeAfterTheCancellationIsRecordedAndFlagged() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test").to(RequestState.CANCELLED, "test"));
        outcome(asked(command), true, alerts("2.1_ECS08").get(0), 1, 4);
        assertThat(state(id)).isEqualTo(RequestState.CANCELLED);
        assertThat(last(id).headers())
                .containsEntry("outcome", "actioned")
                .containsEntry("flag", "the outcome was received when the request was already CANCELLED");
        assertThat(ledger.instructions(id))
                .singleElement()
                .satisfies(i -> assertThat(i.actioned()).isTrue());
        assertThat(ledger.remarks(id))
                .singleElement()
                .satisfies(r -> assertThat(r.text()).contains("already CANCELLED"));
    }

    @Test
    void anAcceptanceThatItsCancellationOvertookEndsAtOnce() {
        byte[] command = prepayment();
        RequestId request = asked(command);
        String id = sent(command, "2.1", TIME);
        String cancelling = sent(
                new RequestId(request.originator(), request.target(), request.counter() + 1),
                "2.1",
                Optional.empty(),
                Optional.of(NEVER));
        ledger.apply(Change.of(cancelling).success(true).to(RequestState.RESPONDED, "test"));
        answer(request, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.CANCELLED);
        assertThat(ledger.deliveriesOf(id))
                .extracting(e -> e.headers().get("outcome"))
                .containsExactlyInAnyOrder("accepted-by-device", "cancelled");
    }

    @Test
    void aLaterAcceptedRequestOfTheSameServiceIsToldToTheEarlierOne() {
        byte[] command = prepayment();
        RequestId request = asked(command);
        String earlier = sent(
                new RequestId(request.originator(), request.target(), request.counter() - 1),
                "2.1",
                Optional.empty(),
                Optional.of(TIME));
        ledger.apply(Change.of(earlier).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        sent(command, "2.1", TIME.plusSeconds(60));
        answer(request, given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(earlier)).as("told, not ended").isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(last(earlier).headers())
                .containsEntry("outcome", "superseded")
                .containsEntry("supersededBy", request.toString());
        assertThat(ledger.remarks(earlier))
                .singleElement()
                .satisfies(r -> assertThat(r.text()).contains(request.toString()));
    }

    @Test
    void anAnswerAfterTheTimeWasUpIsStillDelivered() {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.OVERDUE, "test"));
        answer(asked(command), given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.OVERDUE);
        assertThat(last(id).headers()).containsEntry("outcome", "accepted-by-device");
        List<byte[]> alerts = alerts("2.1_ECS08");
        outcome(asked(command), true, alerts.get(0), 1, 2);
        assertThat(state(id)).isEqualTo(RequestState.OVERDUE);
        outcome(asked(command), true, alerts.get(1), 2, 2);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
    }

    // 6.23: the command is signed by another party, to whom the device answers under that party's counter
    @Test
    void aChangeOfSupplierIsAcceptedAndEndedByTheDevicesAnswersToThePartyThatSigned() {
        RequestId request = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1007);
        String id = sent(request, "6.23", Optional.empty(), Optional.of(TIME));
        answer(request, given("6.23_CS02bSupplierByTransCoS", "_FUTURE_DATED_SUCCESS_RESPONSE"));
        assertThat(state(id)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        outcome(request, true, given("6.23_CS02bSupplierByTransCoS", "_8F66_"), 1, 1);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);

        RequestId cancelled = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1008);
        String pending = sent(cancelled, "6.23", Optional.empty(), Optional.of(TIME));
        ledger.apply(Change.of(pending).to(RequestState.ACKNOWLEDGED, "test"));
        RequestId cancelling = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1009);
        String by = sent(cancelling, "6.23", Optional.empty(), Optional.of(NEVER));
        answer(cancelling, given("6.23_CS02bSupplierByTransCoS", "_CANCELLATION_SUCCESS_RESPONSE"));
        assertThat(state(by)).isEqualTo(RequestState.RESPONDED);
        assertThat(state(pending)).isEqualTo(RequestState.CANCELLED);
    }

    @Test
    void aDccAlertThatNamesARequestIsNotedWithIt() {
        RequestId request = new RequestId(USER, Eui64.parse("00DB1234567890A0"), 1007);
        String id = sent(request, "6.23", Optional.empty(), Optional.of(TIME));
        String inbound = store(
                null,
                new DuisResponse(
                        "5.4",
                        Optional.empty(),
                        Optional.of(new ResponseId(Eui64.parse("90B3D51F30000002"), USER, 5)),
                        "I0",
                        Clock.systemUTC().instant(),
                        new ResponseBody.DccAlertMessage(
                                "N27",
                                Throttle.NONE,
                                DuisElement.of("CommandFailure", DuisElement.leaf("RequestID", request.toString())))));
        assertThat(processor.process(inbound)).isTrue();
        assertThat(ledger.remarks(id)).extracting(Remark::text).containsExactly("DCC Alert N27 CommandFailure");
        assertThat(ledger.delivery(inbound + ".result").orElseThrow().headers())
                .containsEntry("request", id)
                .containsEntry("requestId", request.toString());
    }

    @Test
    void manyOutcomesAtOnceAreCountedEachOnce() throws Exception {
        byte[] command = prepayment();
        String id = sent(command, "2.1", TIME);
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test"));
        byte[] alert = alerts("2.1_ECS08").get(0);
        int total = 40;
        List<String> inbound = new ArrayList<>();
        for (int n = 1; n <= total; n++) {
            inbound.add(receive(
                    asked(command),
                    "I0",
                    new ResponsePayload.FutureDatedDeviceAlertMessage(true, Bytes.of(alert), n, total)));
        }
        ExecutorService workers = Executors.newFixedThreadPool(8);
        List<Future<Boolean>> done = new ArrayList<>();
        inbound.forEach(document -> done.add(workers.submit(() -> processor.process(document))));
        for (Future<Boolean> one : done) {
            assertThat(one.get()).isTrue();
        }
        workers.shutdown();
        assertThat(ledger.find(id).orElseThrow().timing().instructionsDone()).isEqualTo(total);
        assertThat(state(id)).isEqualTo(RequestState.ACTIONED);
        assertThat(ledger.deliveriesOf(id)).hasSize(total);
    }
}
