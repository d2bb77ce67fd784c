package org.postern.servicerequests.internal.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.servicerequests.internal.topup.TopUpBench.GAS_METER;
import static org.postern.servicerequests.internal.topup.TopUpBench.METER;
import static org.postern.servicerequests.internal.topup.TopUpBench.SUPPLIER;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.TopUpToken;
import org.postern.hsm.KeyVaultException;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpAmount.Unit;

/** Tokens by the reference keys, and everything that can fail on the way to one. */
class TopUpMakerTest {

    private static final TopUpAmount TEN = new TopUpAmount(Unit.POUNDS, 10);

    @TempDir
    Path folder;

    private TopUpBench bench;

    @BeforeEach
    void open() {
        bench = new TopUpBench(folder);
    }

    @AfterEach
    void close() {
        if (bench != null) { // skipped without reference data
            bench.close();
        }
    }

    private static Admission.Accepted accepted(Admission admission) {
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        return (Admission.Accepted) admission;
    }

    private static String digits(Admission admission) {
        return accepted(admission).token().orElseThrow().value();
    }

    private static Admission.Refused refused(Admission admission, String code) {
        assertThat(admission)
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        r -> assertThat(r.fault().code()).isEqualTo(code));
        return (Admission.Refused) admission;
    }

    private long counter(Admission admission) {
        return RequestId.parse(accepted(admission).requestId()).counter();
    }

    private long last() {
        return bench.ledger.counters().highestPrepayment(SUPPLIER, METER) >>> 32;
    }

    // vectors computed apart, first nineteen digits
    @ParameterizedTest
    @CsvSource({
        "1, POUNDS, 100, 7394333345718904331",
        "4, PENCE, 1234, 7394725241674520163",
        "1, POUNDS, 8191, 7394368095646343255"
    })
    void tokensAreThoseOfTheReferenceKeys(long n, Unit unit, int value, String nineteen) {
        for (long before = 1; before < n; before++) {
            bench.topUp(METER, TEN, null);
        }
        Admission admission = bench.topUp(METER, new TopUpAmount(unit, value), null);
        assertThat(digits(admission)).hasSize(20).startsWith(nineteen);
        assertThat(counter(admission)).isEqualTo(n << 32);
    }

    @Test
    void theRequestThatCarriesTheTokenIsOnDiskUnderItsCounterInTheFirstLane() {
        Admission admission = bench.topUp(METER, TEN, "c1");
        RequestRecord record = bench.ledger
                .findByRequestId(RequestId.parse(accepted(admission).requestId()))
                .orElseThrow();
        assertThat(record.id()).isEqualTo(accepted(admission).id());
        assertThat(record.state()).isEqualTo(RequestState.ADMITTED);
        assertThat(record.lane()).isEqualTo(Lane.PREPAYMENT);
        assertThat(record.origin().principal()).isEqualTo("clerk");
        DuisRequest request = new DuisReader(DuisLimits.DEFAULT)
                .readRequest(bench.ledger
                        .documents(record.id())
                        .orElseThrow()
                        .document()
                        .orElseThrow());
        assertThat(request.requestId().toString()).isEqualTo(accepted(admission).requestId());
        assertThat(request.variant().number()).isEqualTo(1);
        assertThat(request.body().name()).isEqualTo("TopUpDevice");
        assertThat(request.body().value("UTRN")).isEqualTo(digits(admission));
        // agreed before a counter is spent, on record before the request is admitted
        assertThat(bench.calls).containsExactly("agree", "nextPrepayment", "log", "admitTopUp");
        assertThat(bench.metrics.snapshot()).containsEntry("postern_top_ups_total{outcome=\"made\"}", 1L);
    }

    @Test
    void theSecurityLogNamesPersonMeterAndCounterAndNeitherDigitsNorAmount() {
        Admission admission = bench.topUp(METER, new TopUpAmount(Unit.PENCE, 4321), "c1");
        bench.topUp(METER, new TopUpAmount(Unit.PENCE, 4321), "c1");
        assertThat(bench.logged).hasSize(2).allSatisfy(event -> {
            assertThat(event.id()).isEqualTo("SL-103");
            assertThat(event.actor()).isEqualTo("clerk");
            assertThat(event.object()).isEqualTo(accepted(admission).requestId());
            assertThat(event.toString()).doesNotContain(digits(admission)).doesNotContain("4321");
        });
        assertThat(bench.logged)
                .extracting(event -> ((SecurityEvent.TopUpTokenReleased) event).again())
                .containsExactly(false, true);
    }

    @Test
    void aRepeatedOrderReturnsTheSameTokenAndUsesNoCounter() {
        Admission first = bench.topUp(METER, TEN, "c1");
        Admission again = bench.topUp(METER, TEN, "c1");
        assertThat(accepted(again).repeated()).isTrue();
        assertThat(digits(again)).isEqualTo(digits(first));
        assertThat(accepted(again).id()).isEqualTo(accepted(first).id());
        assertThat(last()).isEqualTo(1);
        refused(bench.topUp(METER, new TopUpAmount(Unit.POUNDS, 11), "c1"), "PST-6008");
        assertThat(last())
                .as("another content under the same id spends no counter")
                .isEqualTo(1);
        assertThat(digits(bench.topUp(METER, TEN, "c2"))).isNotEqualTo(digits(first));
        assertThat(digits(bench.topUp(METER, TEN, null))).isNotEqualTo(digits(bench.topUp(METER, TEN, null)));
        assertThat(last()).isEqualTo(4);
    }

    @Test
    void theSameOrderFromManyThreadsIsOneTopUp() throws Exception {
        List<Admission> all = concurrently(16, t -> bench.topUp(METER, TEN, "one"));
        assertThat(all).extracting(TopUpMakerTest::digits).containsOnly(digits(all.get(0)));
        assertThat(all).filteredOn(a -> !accepted(a).repeated()).hasSize(1);
        assertThat(bench.ledger.requests(RequestFilter.newest(100))).hasSize(1);
    }

    @Test
    void ordersForOneMeterFromManyThreadsNeverShareACounter() throws Exception {
        List<Admission> all = concurrently(
                40, t -> bench.topUp(t % 4 == 0 ? "GS" : "IS", t % 4 == 0 ? GAS_METER : METER, TEN, "t" + t));
        assertThat(all).extracting(a -> accepted(a).requestId()).doesNotHaveDuplicates();
        assertThat(all).extracting(TopUpMakerTest::digits).doesNotHaveDuplicates();
        assertThat(last()).as("and none is skipped").isEqualTo(30);
    }

    @Test
    void fiftyOrdersAtOnceUnderOneKeySpendOneCounterAndMakeOneToken() throws Exception {
        CountDownLatch together = new CountDownLatch(50);
        List<Admission> all = concurrently(50, 50, t -> {
            together.countDown();
            try {
                assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return bench.topUp(METER, TEN, "one");
        });
        assertThat(all)
                .extracting(a -> accepted(a).id())
                .containsOnly(accepted(all.get(0)).id());
        assertThat(all)
                .extracting(a -> accepted(a).requestId())
                .containsOnly(accepted(all.get(0)).requestId());
        assertThat(all).extracting(TopUpMakerTest::digits).containsOnly(digits(all.get(0)));
        assertThat(all).filteredOn(a -> !accepted(a).repeated()).hasSize(1);
        assertThat(last()).as("one counter").isEqualTo(1);
        assertThat(bench.calls).as("one agreement with the meter").containsOnlyOnce("agree");
        assertThat(bench.ledger.requests(RequestFilter.newest(100))).hasSize(1);
        assertThat(accepted(bench.topUp(METER, TEN, "two")).requestId()).endsWith(":" + (2L << 32));
    }

    private interface Order {
        Admission give(int number);
    }

    private static List<Admission> concurrently(int count, Order order) throws Exception {
        return concurrently(count, 8, order);
    }

    private static List<Admission> concurrently(int count, int threads, Order order) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<Admission>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            futures.add(pool.submit(() -> order.give(number)));
        }
        List<Admission> all = new ArrayList<>();
        for (Future<Admission> future : futures) {
            all.add(future.get(30, TimeUnit.SECONDS));
        }
        pool.shutdown();
        return all;
    }

    @Test
    void withoutTheLedgerThereAreNoDigitsAndTheSameOrderMayComeAgain() {
        for (String away : List.of("*", "nextPrepayment", "admitTopUp")) {
            bench.ledgerAway = Set.of(away);
            assertThat(refused(bench.topUp(METER, TEN, "c1"), "PST-6001").worthRepeating())
                    .as(away)
                    .isTrue();
        }
        assertThat(bench.ledger.requests(RequestFilter.newest(10))).isEmpty();
        assertThat(last()).as("only what had a counter spent it").isEqualTo(1);
        bench.ledgerAway = Set.of();
        assertThat(counter(bench.topUp(METER, TEN, "c1"))).isEqualTo(2L << 32);
        assertThat(bench.metrics.snapshot()).containsEntry("postern_top_ups_total{outcome=\"unavailable\"}", 3L);
    }

    /** On disk, but the word of it did not come back: the caller asks again and gets the token that is there. */
    @Test
    void aTokenWhoseReleaseFailedIsRecoveredByTheSameOrder() {
        bench.ledgerAway = Set.of("find");
        Admission lost = bench.maker.topUp(bench.json(form("IS", "\"pence\":500"), "c1", "queue:postern.reply.crm"));
        assertThat(refused(lost, "PST-6001").worthRepeating()).isTrue();
        bench.ledgerAway = Set.of();
        Admission again = bench.maker.topUp(bench.json(form("IS", "\"pence\":500"), "c1", "queue:postern.reply.crm"));
        assertThat(accepted(again).repeated()).isTrue();
        assertThat(counter(again)).isEqualTo(1L << 32);
        assertThat(new TopUpToken(digits(again)).value()).isEqualTo(500);
        assertThat(bench.ledger.deliveriesOf(accepted(again).id())).hasSize(1);
    }

    @Test
    void anUnavailableVaultUsesNoCounters() {
        // the vault's own trouble of every kind, a key that is not its certificate's before all: never a refusal for
        // good, never digits
        for (KeyVaultException.Kind kind : List.of(
                KeyVaultException.Kind.TOKEN_OFFLINE,
                KeyVaultException.Kind.KEY_MISMATCH,
                KeyVaultException.Kind.PIN_REJECTED,
                KeyVaultException.Kind.KEY_FAILED,
                KeyVaultException.Kind.KEY_TWICE)) {
            bench.vaultFailure = new KeyVaultException(kind, "token", "up", "down", "wait");
            for (int i = 0; i < 20; i++) {
                Admission.Refused refused = refused(bench.topUp(METER, TEN, "c1"), kind.code());
                assertThat(refused.worthRepeating()).isTrue();
                assertThat(refused.id()).as("a record of a refusal for good").isEmpty();
            }
        }
        bench.vaultFailure = null;
        assertThat(counter(bench.topUp(METER, TEN, "c1"))).isEqualTo(1L << 32);
    }

    @Test
    void aKeyOfAnotherPurposeIsRefusedForGoodAndOnRecord() {
        bench.prepaymentKeys.put(UserRole.IS, Optional.of("is-agree"));
        Admission.Refused refused = refused(bench.topUp(METER, TEN, "c1"), "PST-5004");
        assertThat(refused.worthRepeating()).isFalse();
        assertThat(bench.ledger.find(refused.id().orElseThrow()).orElseThrow().state())
                .isEqualTo(RequestState.REJECTED);
        assertThat(last()).isZero();
    }

    @Test
    void withoutTheSecurityLogThereAreNoDigitsAndNoRequest() {
        bench.logFailure = new SecurityLogException(SecurityLogFault.NOT_WRITABLE.fault("log", "disk full"), null);
        assertThat(refused(bench.topUp(METER, TEN, "c1"), "PST-8001").worthRepeating())
                .isTrue();
        assertThat(bench.ledger.requests(RequestFilter.newest(10))).isEmpty();
        bench.logFailure = null;
        Admission first = bench.topUp(METER, TEN, "c1");
        bench.logFailure = new SecurityLogException(SecurityLogFault.NOT_WRITABLE.fault("log", "disk full"), null);
        assertThat(refused(bench.topUp(METER, TEN, "c1"), "PST-8001").worthRepeating())
                .as("nor again")
                .isTrue();
        bench.logFailure = null;
        assertThat(digits(bench.topUp(METER, TEN, "c1"))).isEqualTo(digits(first));
    }

    @Test
    void whatIsNotSetUpIsNamedAndSpendsNoCounter() {
        bench.certificates.remove(METER);
        refused(bench.topUp(METER, TEN, null), "PST-2252");
        refused(bench.topUp("GS", METER, TEN, null), "PST-2253");
        refused(bench.topUp("ED", METER, TEN, null), "PST-2104");
        refused(bench.topUp("ES", METER, TEN, null), "PST-2110");
        refused(bench.topUp("90-B3-D5-1F-30-01-00-99", METER, TEN, null), "PST-2110");
        refused(bench.topUp("supplier", METER, TEN, null), "PST-1001");
        refused(bench.topUp(TopUpBench.ACB, TEN, null), "PST-2107");
        bench.prepaymentKeys.put(UserRole.IS, Optional.empty());
        refused(bench.topUp(METER, TEN, null), "PST-2251");
        assertThat(last()).isZero();
        assertThat(bench.logged)
                .hasSize(8)
                .allSatisfy(event -> assertThat(event.id()).isEqualTo("SL-301"));
    }

    @Test
    void aMeterThatTheInventoryDoesNotListIsToppedUpByItsCertificateAndAUserIdIsAsGoodAsARole() {
        bench.inventory.remove(METER);
        assertThat(counter(bench.topUp(SUPPLIER.dashed(), METER, TEN, null))).isEqualTo(1L << 32);
        bench.inventory.put(METER, DeviceType.PPMID);
        refused(bench.topUp(METER, TEN, null), "PST-2253");
    }

    @Test
    void gasIsToppedUpByTheGasSuppliersKey() {
        Admission admission = bench.topUp("GS", GAS_METER, TEN, null);
        assertThat(accepted(admission).requestId())
                .startsWith(TopUpBench.GAS_SUPPLIER.dashed() + ":" + GAS_METER.dashed());
        assertThat(digits(admission)).isNotEqualTo(digits(bench.topUp("IS", METER, TEN, null)));
    }

    private static String form(String role, String amount) {
        return "{\"service\":\"2.2\",\"device\":\"" + METER.dashed() + "\",\"role\":\"" + role + "\",\"topUp\":{"
                + amount + "}}";
    }

    @Test
    void theJsonFormSendsTheTokenToTheReplyAddressForEachRequest() {
        Admission admission =
                bench.maker.topUp(bench.json(form("IS", "\"amount\":\"12.50\""), "m1", "queue:postern.reply.crm"));
        TopUpToken token = new TopUpToken(digits(admission));
        assertThat(token.unit()).isEqualTo(TopUpToken.Unit.PENCE);
        assertThat(token.value()).isEqualTo(1250);
        String id = accepted(admission).id();
        OutboxEntry entry = bench.ledger.deliveriesOf(id).get(0);
        assertThat(entry.kind()).isEqualTo(DeliveryKind.TOKEN);
        assertThat(entry.destination()).hasToString("queue:postern.reply.crm");
        assertThat(entry.headers()).containsEntry("correlationId", "m1").containsEntry("outcome", "token");
        assertThat(entry.headers().values()).noneMatch(value -> value.contains(token.digits()));
        assertThat(new String(entry.body(), StandardCharsets.UTF_8)).contains("<UTRN>" + token.digits() + "</UTRN>");
        assertThat(entry.json().orElseThrow()).contains("\"utrn\":\"" + token.digits() + "\"");
        bench.maker.topUp(bench.json(form("IS", "\"amount\":\"12.50\""), "m1", "queue:postern.reply.crm"));
        assertThat(bench.ledger.deliveriesOf(id))
                .as("it has not been delivered yet")
                .hasSize(1);
        assertThat(bench.applied).as("in the lane of top-ups").isNotEmpty().allMatch(Change::prepaymentLane);
        bench.ledger.delivered(entry.id());
        assertThat(bench.ledger.find(id).orElseThrow().state()).isEqualTo(RequestState.ADMITTED);
        bench.maker.topUp(bench.json(form("IS", "\"amount\":\"12.50\""), "m1", "queue:postern.reply.crm"));
        assertThat(bench.ledger.deliveriesOf(id))
                .hasSize(2)
                .allSatisfy(e -> assertThat(e.json()).isEqualTo(entry.json()));
        assertThat(last()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "pence":0            | PST-2250
        "pence":8192         | PST-2250
        "pounds":"12.50"     | PST-2250
        "amount":"100.50"    | PST-2250
        "euro":1             | PST-1041
        """)
    void whatTheJsonFormGetsWrongIsRefusedOnRecord(String amount, String code) {
        Admission.Refused refused = refused(bench.maker.topUp(bench.json(form("IS", amount), "m1", "queue:q")), code);
        assertThat(bench.ledger.find(refused.id().orElseThrow()).orElseThrow().state())
                .isEqualTo(RequestState.REJECTED);
        assertThat(last()).isZero();
    }

    @Test
    void whatIsNoTopUpIsRefusedHere() {
        refused(
                bench.maker.topUp(bench.json(
                        "{\"service\":\"4.1.1\",\"device\":\"" + METER.dashed() + "\",\"role\":\"IS\",\"body\":{}}",
                        null,
                        null)),
                "PST-1041");
    }

    @Test
    void aTopUpOrderUsesThePrepaymentLaneWhateverItsCallerRequests() {
        Submission order = bench.json(form("IS", "\"pence\":1"), null, null);
        Admission admission = bench.submissions.admit(new Submission(
                order.channel(),
                order.format(),
                order.bytes(),
                order.replyTo(),
                order.correlationId(),
                Optional.of(Lane.BULK),
                order.principal()));
        assertThat(new TopUpToken(digits(admission)).value()).isEqualTo(1);
        assertThat(bench.ledger.find(accepted(admission).id()).orElseThrow().lane())
                .isEqualTo(Lane.PREPAYMENT);
        refused(bench.submissions.admit(bench.json(form("IS", "\"euro\":1"), null, null)), "PST-1041");
        assertThat(bench.metrics.snapshot())
                .containsEntry("postern_top_ups_total{outcome=\"made\"}", 1L)
                .containsEntry("postern_top_ups_total{outcome=\"refused\"}", 1L);
        refused(bench.submissions.admit(bench.json("{\"service\":\"2.2\"}", null, null)), "PST-1041");
        assertThat(bench.metrics.snapshot())
                .as("no top-up")
                .containsEntry("postern_top_ups_total{outcome=\"refused\"}", 1L);
    }

    @Test
    void aSeriesThatIsAtItsEndRefusesForGood() {
        bench.ledger.counters().raisePrepayment(SUPPLIER, METER, (long) Integer.MAX_VALUE << 32);
        assertThat(refused(bench.topUp(METER, TEN, null), "PST-6005").worthRepeating())
                .isFalse();
    }

    @Test
    void countersRiseStrictlyAcrossARestart() {
        Set<Long> seen = new HashSet<>();
        long before = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                long counter = counter(bench.topUp(METER, TEN, null));
                assertThat(counter).isGreaterThan(before);
                assertThat(seen.add(counter)).isTrue();
                before = counter;
            }
            bench.close();
            bench = new TopUpBench(folder);
        }
    }
}
