package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.TopUpToken;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Prepayment tokens (DUIS service 2.2): through the whole line, with the DCC away and back, over restarts, many at
 * once.
 */
class TopUpLifeCycleTest extends OnFullLifeCycle {

    private List<Eui64> meters(DeviceType type) {
        return line.simulator.population().devices(type).stream()
                .map(d -> d.deviceId())
                .toList();
    }

    private Eui64 meter() {
        return meters(DeviceType.ESME).get(0);
    }

    private Admission.Accepted topUp(String by, Eui64 meter, String pounds, String correlation) {
        Admission admission = line.line.topUp(new TopUpOrder(
                Channel.CONSOLE,
                by,
                meter,
                TopUpAmount.of(pounds),
                Optional.empty(),
                Optional.ofNullable(correlation),
                "clerk"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        return (Admission.Accepted) admission;
    }

    private static long counter(Admission.Accepted accepted) {
        return RequestId.parse(accepted.requestId()).counter();
    }

    private List<RequestState> path(String id) {
        return line.ledger.path(id).stream().map(Transition::to).toList();
    }

    /** Those of one meter go one after the other, so each is awaited after the one before it. */
    private static List<Admission.Accepted> inOrder(Collection<Admission.Accepted> all) {
        return all.stream()
                .sorted(Comparator.comparingLong(TopUpLifeCycleTest::counter))
                .toList();
    }

    /** What the meter does with a token: makes it again with its own key. */
    private void verifies(Admission.Accepted accepted, int value, TopUpToken.Unit unit) {
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), ec, crypto);
        RequestId id = RequestId.parse(accepted.requestId());
        byte[] z = keys.agree(
                        id.target(),
                        KeyUse.KEY_AGREEMENT,
                        new KeyFolder(pki.certificates(), ec, crypto)
                                .certificate(id.originator(), KeyUse.PREPAYMENT)
                                .orElseThrow())
                .orElseThrow();
        assertThat(TopUpToken.make(crypto, z, id.originator(), id.target(), id.counter(), unit, value)
                        .digits())
                .isEqualTo(accepted.token().orElseThrow().value());
    }

    @Test
    void withTheDccAwayTheDigitsAreThereAtOnceAndTheRequestGoesOutOnceItIsBack() throws Exception {
        line.simulator.faults().add(FaultRule.parse("unreachable 3600"));
        List<Admission.Accepted> all = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            long begun = System.nanoTime();
            all.add(topUp(
                    i % 2 == 0 ? "GS" : "IS",
                    i % 2 == 0 ? meters(DeviceType.GSME).get(0) : meter(),
                    "10." + i + "0",
                    "c" + i));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("nothing waits for the DCC")
                    .isLessThan(Duration.ofSeconds(2));
        }
        for (int i = 1; i <= 6; i++) {
            verifies(all.get(i - 1), 1000 + 10 * i, TopUpToken.Unit.PENCE);
        }
        String first = all.get(0).id();
        awaitAttempts(first, 1);
        byte[] bytes = line.ledger.documents(first).orElseThrow().wire().orElseThrow();
        assertThat(line.simulator.recorder().countAll("accepted.")).isZero();
        line.simulator.faults().clear();
        for (Admission.Accepted accepted : all) {
            RequestRecord record = line.await(accepted.id(), RequestState.DELIVERED, RequestState.REFUSED);
            assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.DELIVERED);
            assertThat(path(accepted.id()).stream().filter(RequestState.SENT::equals))
                    .hasSize(1);
            assertThat(line.deliveries(accepted.id())).hasSize(1);
        }
        assertThat(line.ledger.documents(first).orElseThrow().wire()).contains(bytes);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains(all.get(0).token().orElseThrow().value());
        assertThat(line.simulator.recorder().count("accepted.2.2"))
                .as("each once")
                .isEqualTo(6);
        assertThat(line.simulator.recorder().counts()).doesNotContainKeys("counter-reused", "other-bytes-same-id");
    }

    private void awaitAttempts(String id, int count) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (line.ledger.find(id).orElseThrow().sending().attempts() < count && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        assertThat(line.ledger.find(id).orElseThrow().sending().attempts()).isGreaterThanOrEqualTo(count);
    }

    @Test
    void countersRiseAndTokensStayTheSameAcrossRestartsWithTheDccAway() throws Exception {
        line.simulator.faults().add(FaultRule.parse("unreachable 3600"));
        Map<String, Admission.Accepted> made = new HashMap<>();
        long last = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3; i++) {
                String correlation = "r" + round + "-" + i;
                Admission.Accepted accepted = topUp("IS", meter(), "5", correlation);
                assertThat(counter(accepted)).isGreaterThan(last);
                last = counter(accepted);
                made.put(correlation, accepted);
            }
            line.restart();
            made.forEach((correlation, before) -> {
                Admission.Accepted again = topUp("IS", meter(), "5", correlation);
                assertThat(again.repeated()).isTrue();
                assertThat(again.token()).isEqualTo(before.token());
                assertThat(again.requestId()).isEqualTo(before.requestId());
            });
        }
        assertThat(last).as("no counter was skipped or spent by asking again").isEqualTo(9L << 32);
        line.simulator.faults().clear();
        for (Admission.Accepted accepted : inOrder(made.values())) {
            assertThat(line.await(accepted.id(), RequestState.DELIVERED).state())
                    .isEqualTo(RequestState.DELIVERED);
        }
        assertThat(line.simulator.recorder().count("accepted.2.2")).isEqualTo(9);
        // one after the other, however they were taken up again
        assertThat(line.simulator.recorder().requests().stream()
                        .filter(id -> line.simulator.recorder().events(id).stream()
                                .anyMatch(event -> event.what().equals("accepted.2.2")))
                        .map(id -> RequestId.parse(id).counter() >>> 32))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void manyAtOnceForOneMeterAndForManyUseNoCounterTwiceAndAllArrive() throws Exception {
        ExecutorService clerks = Executors.newFixedThreadPool(8);
        List<Future<Admission.Accepted>> futures = new ArrayList<>();
        List<Eui64> electricity = meters(DeviceType.ESME);
        List<Eui64> gas = meters(DeviceType.GSME);
        for (int i = 0; i < 48; i++) {
            int number = i;
            futures.add(clerks.submit(() -> number % 3 == 0
                    ? topUp("IS", electricity.get(0), "20", "k" + number)
                    : number % 3 == 1
                            ? topUp("IS", electricity.get(number % electricity.size()), "20", "k" + number)
                            : topUp("GS", gas.get(number % gas.size()), "20", "k" + number)));
        }
        Map<String, Admission.Accepted> byRequest = new HashMap<>();
        for (Future<Admission.Accepted> future : futures) {
            Admission.Accepted accepted = future.get(60, TimeUnit.SECONDS);
            assertThat(byRequest.put(accepted.requestId(), accepted)).isNull();
            verifies(accepted, 2000, TopUpToken.Unit.PENCE);
        }
        clerks.shutdown();
        for (Admission.Accepted accepted : inOrder(byRequest.values())) {
            RequestRecord record = line.await(accepted.id(), RequestState.DELIVERED);
            assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.DELIVERED);
        }
        assertThat(line.simulator.recorder().count("accepted.2.2")).isEqualTo(48);
    }

    @Test
    void aMeterWithoutAnAnswerGetsNoOtherTokenAndTheAdviceIsToKeyItIn() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E21 times=1"));
        Admission.Accepted accepted = topUp("IS", meter(), "10", "c1");
        RequestRecord record = line.await(accepted.id(), RequestState.UNKNOWN, RequestState.DELIVERED);
        assertThat(record.state()).isEqualTo(RequestState.UNKNOWN);
        assertThat(line.deliveries(accepted.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("responseCode", "E21")
                        .hasEntrySatisfying("advice", text -> assertThat(text).contains("key the token in")));
        assertThat(topUp("IS", meter(), "10", "c1").token()).isEqualTo(accepted.token());
        assertThat(line.ledger
                        .counters()
                        .highestPrepayment(SimulatorPki.user(org.postern.catalogue.UserRole.IS), meter()))
                .isEqualTo(1L << 32);
    }

    // the simulator answers the same bytes alike, so this one stays unreachable
    @Test
    void anUnreachableMeterIsRetriedWithTheSameBytesAndNoOtherToken() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E20 times=1"));
        Admission.Accepted accepted = topUp("IS", meter(), "10", "c1");
        awaitAttempts(accepted.id(), 3);
        RequestRecord record = line.ledger.find(accepted.id()).orElseThrow();
        assertThat(record.state()).isEqualTo(RequestState.SENT);
        assertThat(record.progress().cause()).contains("E20");
        assertThat(path(accepted.id()).stream().filter(RequestState.SENT::equals))
                .hasSize(1);
        assertThat(line.simulator.recorder().count("same-bytes-again")).isGreaterThanOrEqualTo(2);
        assertThat(line.simulator.recorder().counts()).doesNotContainKey("other-bytes-same-id");
        assertThat(topUp("IS", meter(), "10", "c1").token()).isEqualTo(accepted.token());
    }

    // the customer is faster than the 2.2: GBCS, CS01a and CS01b; electricity has no number for it, and no alert came
    @ParameterizedTest
    @CsvSource({"IS, ESME, CS01a, 3, failed", "GS, GSME, CS01b, 2, already-credited"})
    void aTokenThatWasKeyedInFirstIsAlreadyCreditedIfTheMeterReportsIt(
            String by, DeviceType type, String useCase, String result, String outcome) throws Exception {
        boolean credited = outcome.equals("already-credited");
        Eui64 meter = meters(type).get(0);
        line.simulator.faults().add(FaultRule.parse("unreachable 3600"));
        Admission.Accepted accepted = topUp(by, meter, "10", "c1");
        awaitAttempts(accepted.id(), 1);
        assertThat(line.simulator.keypad(meter, accepted.token().orElseThrow().value()))
                .isEqualTo("accepted");
        line.simulator.faults().clear();

        RequestRecord record = line.await(accepted.id(), RequestState.DELIVERED, RequestState.REFUSED);
        assertThat(record.state()).isEqualTo(RequestState.DELIVERED);
        assertThat(record.progress().success()).contains(credited);
        assertThat(line.ledger.path(accepted.id()))
                .filteredOn(t -> t.to() == RequestState.RESPONDED)
                .singleElement()
                .satisfies(t -> assertThat(t.cause())
                        .startsWith(
                                credited
                                        ? "already credited: the meter has received this token before (result " + result
                                        : "perhaps credited already"));
        assertThat(line.deliveries(accepted.id())).singleElement().satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", outcome)
                    .containsEntry("useCase", useCase)
                    .containsEntry("authenticated", "yes")
                    .hasEntrySatisfying(
                            "advice",
                            words -> assertThat(words)
                                    .contains(
                                            credited
                                                    ? "the credit is on the meter; no action is needed"
                                                    : "do not issue a second token"));
            // the result names what would confirm it
            assertThat(entry.headers().containsKey("flag")).isEqualTo(!credited);
            assertThat(entry.json().orElseThrow()).contains("\"outcome\":\"" + outcome + "\"");
            if (credited) {
                assertThat(entry.headers())
                        .containsEntry("topUpResult", result)
                        .hasEntrySatisfying("told", words -> assertThat(words).startsWith("already credited"));
                assertThat(entry.json().orElseThrow()).contains("\"topUpResult\":\"" + result + "\"");
            }
        });
        assertThat(line.simulator.recorder().countAll("top-up.duplicate")).isEqualTo(1);
        // asked for once more it is the same token, which the meter takes no more
        Admission.Accepted again = topUp(by, meter, "10", "c1");
        assertThat(again.repeated()).isTrue();
        assertThat(again.token()).isEqualTo(accepted.token());
        assertThat(line.simulator.keypad(meter, again.token().orElseThrow().value()))
                .isEqualTo("duplicate");
        // and the next payment has its own
        Admission.Accepted next = topUp(by, meter, "5", "c2");
        line.await(next.id(), RequestState.DELIVERED);
        assertThat(line.deliveries(next.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers()).containsEntry("outcome", "success"));
    }

    @Test
    void anAnswerThatNobodyCheckedDoesNotSayThatTheCreditIsThere() throws Exception {
        Eui64 meter = meters(DeviceType.GSME).get(0);
        line.simulator.faults().add(FaultRule.parse("unreachable 3600"));
        Admission.Accepted accepted = topUp("GS", meter, "10", "c1");
        awaitAttempts(accepted.id(), 1);
        assertThat(line.simulator.keypad(meter, accepted.token().orElseThrow().value()))
                .isEqualTo("accepted");
        Path certificate;
        try (var files = Files.list(pki.certificates())) {
            certificate = files.filter(file -> file.getFileName().toString().equalsIgnoreCase(meter.hex() + "-ka.pem"))
                    .findAny()
                    .orElseThrow();
        }
        Path away = Files.move(certificate, folder.resolve("away.pem"));
        try {
            line.restart();
            line.simulator.faults().clear();
            line.await(accepted.id(), RequestState.DELIVERED, RequestState.REFUSED);
            assertThat(line.deliveries(accepted.id()))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.headers())
                            .containsEntry("authenticated", "no")
                            .containsEntry("outcome", "failed")
                            .hasEntrySatisfying(
                                    "flag",
                                    flag -> assertThat(flag)
                                            .contains("perhaps credited already")
                                            .contains("the authenticity of the meter"))
                            .hasEntrySatisfying(
                                    "advice", words -> assertThat(words).contains("do not issue a second token")));
        } finally {
            Files.move(away, certificate);
        }
    }

    // another refusal of the meter is none of that
    @ParameterizedTest
    @CsvSource({"IS, ESME", "GS, GSME"})
    void aTopUpThatTheMeterCouldNotCarryOutIsAFailureAndInvitesNoSecondToken(String by, DeviceType type)
            throws Exception {
        line.simulator.faults().add(FaultRule.parse("device-failure times=1"));
        Admission.Accepted accepted = topUp(by, meters(type).get(0), "10", "c1");
        RequestRecord record = line.await(accepted.id(), RequestState.DELIVERED);
        assertThat(record.progress().success()).contains(false);
        assertThat(line.deliveries(accepted.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "failed")
                        .doesNotContainKey("topUpResult")
                        .hasEntrySatisfying(
                                "advice",
                                words -> assertThat(words).contains("do not issue a second token for this payment")));
    }

    @Test
    void aMeterThatStaysOutOfReachIsUnknownAndTheTokenIsToBeKeyedIn() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E20 times=1"));
        Admission.Accepted accepted = topUp("IS", meter(), "10", "c1");
        assertThat(line.await(accepted.id(), RequestState.UNKNOWN).state()).isEqualTo(RequestState.UNKNOWN);
        assertThat(line.deliveries(accepted.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unknown")
                        .containsEntry("responseCode", "E20")
                        .hasEntrySatisfying("advice", text -> assertThat(text).contains("key the token in")));
        assertThat(line.simulator.recorder().count("same-bytes-again")).isEqualTo(4);
        assertThat(line.simulator.recorder().counts()).doesNotContainKeys("other-bytes-same-id", "counter-reused");
        assertThat(topUp("IS", meter(), "10", "c1").token()).isEqualTo(accepted.token());
    }

    @Test
    void aWithdrawnTopUpHasTheAdviceThatItsDigitsWereIssued() throws Exception {
        line.paused = true;
        Admission.Accepted accepted = topUp("IS", meter(), "10", "c1");
        assertThat(line.line.cancel(accepted.id(), "operator")).isTrue();
        assertThat(line.deliveries(accepted.id())).singleElement().satisfies(entry -> {
            assertThat(entry.headers()).containsEntry("outcome", "cancelled").containsKey("advice");
            assertThat(entry.json().orElseThrow()).contains("\"advice\":\"key the token in");
        });
    }

    @Test
    void theDccsNoToTheTopUpItselfAdvisesNothing() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E4 times=1"));
        Admission.Accepted accepted = topUp("IS", meter(), "10", null);
        assertThat(line.await(accepted.id(), RequestState.REFUSED).state()).isEqualTo(RequestState.REFUSED);
        assertThat(line.deliveries(accepted.id()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers()).doesNotContainKey("advice"));
    }

    @Test
    void theJsonFormTakesTheSamePathAtEveryInterface() throws Exception {
        String json = "{\"service\":\"2.2\",\"device\":\"" + meter().dashed()
                + "\",\"role\":\"IS\",\"topUp\":{\"pounds\":100}}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                ReplyAddress.parse("queue:postern.reply.crm"),
                Optional.of("m1"),
                Optional.empty(),
                "crm"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        Admission.Accepted accepted = (Admission.Accepted) admission;
        verifies(accepted, 100, TopUpToken.Unit.POUNDS);
        line.await(accepted.id(), RequestState.DELIVERED);
        assertThat(line.deliveries(accepted.id()))
                .extracting(OutboxEntry::kind)
                .containsExactlyInAnyOrder(DeliveryKind.TOKEN, DeliveryKind.RESULT);
        assertThat(line.deliveries(accepted.id()))
                .allSatisfy(e -> assertThat(e.destination()).hasToString("queue:postern.reply.crm"));
        assertThat(line.deliveries(accepted.id()))
                .filteredOn(e -> e.kind().equals(DeliveryKind.RESULT))
                .singleElement()
                .satisfies(e -> assertThat(e.headers())
                        .containsEntry("outcome", "success")
                        .containsEntry("useCase", "CS01a")
                        .containsEntry("authenticated", "yes")
                        .doesNotContainKey("flag"));
    }

    @Test
    void aGasMeterAnswersAsCs01b() throws Exception {
        Admission.Accepted accepted = topUp("GS", meters(DeviceType.GSME).get(0), "15", null);
        verifies(accepted, 1500, TopUpToken.Unit.PENCE);
        assertThat(line.await(accepted.id(), RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        assertThat(line.deliveries(accepted.id()))
                .singleElement()
                .satisfies(e -> assertThat(e.headers())
                        .containsEntry("useCase", "CS01b")
                        .containsEntry("authenticated", "yes")
                        .doesNotContainKey("flag"));
    }

    @Test
    void theDigitsAreInNoLogOfOurs() throws Exception {
        Admission.Accepted accepted = topUp("IS", meter(), "77.77", "c1");
        assertThat(line.await(accepted.id(), RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        String digits = accepted.token().orElseThrow().value();
        assertThat(line.securityLog.tail(100)).anySatisfy(event -> {
            assertThat(event.id()).isEqualTo("SL-103");
            assertThat(event.object()).isEqualTo(accepted.requestId());
        });
        try (Stream<Path> files = Files.walk(folder.resolve("security-log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .doesNotContain(digits)
                        .doesNotContain("7777");
            }
        }
        for (OutboxEntry entry : line.deliveries(accepted.id())) {
            assertThat(entry.headers().toString()).doesNotContain(digits);
        }
        assertThat(line.ledger.path(accepted.id()).toString()).doesNotContain(digits);
    }
}
