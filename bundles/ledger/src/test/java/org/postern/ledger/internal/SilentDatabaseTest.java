package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Change;
import org.postern.ledger.Counters;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.testkit.SilentProxy;
import org.postern.testkit.TemporaryPostgres;

/** A real PostgreSQL stops answering: every call ends in time, with a typed error. */
class SilentDatabaseTest {

    /** More than getting a connection, its validation and one answer take together; nothing may wait without limit. */
    private static final long BOUND_SECONDS = 60;

    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int ANSWER_SECONDS = 2;
    /** Longer than any test waits. */
    private static final int LONG_ANSWER_SECONDS = 600;

    private static final int SILENT_SECONDS = 1;
    /** Far less than a connection, a write or an answer may take by themselves. */
    private static final long SOON_SECONDS = 8;

    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    /** They take no time at the database, or are not the database's. */
    private static final Set<String> FROM_MEMORY = Set.of("counters", "restored", "useClock");

    @TempDir
    Path folder;

    private TemporaryPostgres server;
    private SilentProxy proxy;
    private JdbcLedger ledger;
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @BeforeEach
    void open() throws Exception {
        server = TemporaryPostgres.required();
        proxy = new SilentProxy(server.port());
        ledger = ledger(ANSWER_SECONDS);
    }

    private JdbcLedger ledger(int answerSeconds) {
        return new JdbcLedger(
                new LedgerOptions(
                        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres",
                        "postgres",
                        "",
                        2,
                        256,
                        10,
                        Optional.of(folder.resolve("counters.watermark")),
                        List.of(),
                        answerSeconds,
                        SILENT_SECONDS),
                Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        callers.shutdownNow();
        proxy.close();
        ledger.close();
        server.close();
    }

    /** Every method of the ledger and of its counters, called with what is there. */
    private Map<String, Runnable> calls(RequestRecord record) {
        Instant now = Instant.now();
        String id = record.id();
        RequestId requestId = record.requestId().orElseThrow();
        Eui64 meter = record.target().device().orElseThrow();
        Map<String, Runnable> calls = new LinkedHashMap<>();
        calls.put("admit", () -> ledger.admit(LedgerContract.request(2, null, "a")));
        calls.put("admitTopUp", () -> ledger.admitTopUp(LedgerContract.request(3L << 32, null, "a"), false));
        calls.put(
                "apply",
                () -> ledger.apply(Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, "test")));
        Change sent = Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, "test");
        calls.put("applyAsync", () -> ended(ledger.applyAsync(sent)));
        calls.put("deliveredAsync", () -> ended(ledger.deliveredAsync("d", Lane.ROUTINE)));
        calls.put("store", () -> ledger.store(document(requestId)));
        calls.put("quarantine", () -> ledger.quarantine(document(requestId)));
        calls.put("find", () -> ledger.find(id));
        calls.put("stored", () -> ledger.stored(id));
        calls.put("storedByRequestId", () -> ledger.storedByRequestId(requestId));
        calls.put("findByRequestId", () -> ledger.findByRequestId(requestId));
        calls.put("findByCorrelation", () -> ledger.findByCorrelation(Channel.JMS, "c1"));
        calls.put("earlierInProgress", () -> ledger.earlierInProgress(record));
        calls.put("documents", () -> ledger.documents(id));
        calls.put("path", () -> ledger.path(id));
        calls.put("evidence", () -> ledger.evidence(id));
        calls.put("instructions", () -> ledger.instructions(id));
        calls.put("remarks", () -> ledger.remarks(id));
        calls.put("futureDated", () -> ledger.futureDated(meter, "4.1.1", 9));
        calls.put("requests", () -> ledger.requests(RequestFilter.newest(9)));
        calls.put("counts", () -> ledger.counts());
        calls.put("inbound", () -> ledger.inbound("i"));
        calls.put("inboundOf", () -> ledger.inboundOf(requestId));
        calls.put("inboundCounts", () -> ledger.inboundCounts());
        calls.put("delivery", () -> ledger.delivery("d"));
        calls.put("deliveriesOf", () -> ledger.deliveriesOf(id));
        calls.put("delivered", () -> ledger.delivered("d"));
        calls.put("clockPutBack", () -> ledger.clockPutBack(now, Duration.ofHours(1)));
        calls.put("deliveryFailed", () -> ledger.deliveryFailed("d", now));
        calls.put("outboxCounts", () -> ledger.outboxCounts());
        calls.put("stepsOutstanding", () -> ledger.stepsOutstanding(now, "", 9));
        calls.put("processingOutstanding", () -> ledger.processingOutstanding("", 9));
        calls.put("deliveriesOutstanding", () -> ledger.deliveriesOutstanding(now, "", 9));
        calls.put("retriesDue", () -> ledger.retriesDue(now, Optional.empty(), 9));
        calls.put("overdue", () -> ledger.overdue(now, 9));
        calls.put("newest", () -> ledger.newest());
        calls.put("copyTo", () -> ledger.copyTo(folder.resolve("copy.db")));
        Counters counters = ledger.counters();
        calls.put("next", () -> counters.next(USER));
        calls.put("nextPrepayment", () -> counters.nextPrepayment(USER, meter));
        calls.put("raise", () -> counters.raise(USER, 7_000_000_000_000L));
        calls.put("raisePrepayment", () -> counters.raisePrepayment(USER, meter, 9L << 32));
        calls.put("highest", () -> counters.highest(USER));
        calls.put("highest of a device", () -> counters.highest(USER, meter));
        calls.put("highestPrepayment", () -> counters.highestPrepayment(USER, meter));
        return calls;
    }

    private static void ended(CompletableFuture<Boolean> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw (LedgerException) e.getCause();
        }
    }

    private static InboundDocument document(RequestId requestId) {
        return new InboundDocument(
                new InboundIdentity("id1"),
                Optional.of(requestId),
                "GBCSPayload",
                "I0",
                new byte[] {1},
                Instant.now(),
                "acb");
    }

    // the pool puts its own into the data source that it is given, which is the writer's too
    @Test
    void aPoolDoesNotShortenTheTimeToLogIn() throws Exception {
        DataSource source = DataSources.postgresql("jdbc:postgresql://localhost/none", "", "", 10, 20);
        source.setLoginTimeout(1);
        assertThat(source.getLoginTimeout()).isEqualTo(10);
    }

    @Test
    void everyCallEndsInTimeWithATypedErrorAndTheLedgerRecovers() throws Exception {
        RequestRecord record = ledger.find(
                        ledger.admit(LedgerContract.request(1, null, "a")).id())
                .orElseThrow();
        Map<String, Runnable> calls = calls(record);
        assertThat(new TreeSet<>(calls.keySet()))
                .as("every method is called")
                .containsAll(methods(Ledger.class))
                .containsAll(methods(Counters.class));
        assertThat(ledger.trouble()).isEmpty();

        proxy.fallSilent();
        Map<String, CompletableFuture<String>> ends = new TreeMap<>();
        calls.forEach((name, call) -> ends.put(name, CompletableFuture.supplyAsync(() -> end(call), callers)));
        await("it is said", () -> ledger.trouble().isPresent());
        assertThat(ledger.trouble().orElseThrow().code()).isEqualTo("PST-6001");
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, CompletableFuture<String>> one : ends.entrySet()) {
            found.put(one.getKey(), one.getValue().get(BOUND_SECONDS, TimeUnit.SECONDS));
        }
        assertThat(found.values()).as(found.toString()).containsOnly("PST-6001");

        proxy.speak();
        await(
                "it goes on",
                () -> ledger.trouble().isEmpty()
                        && end(() -> ledger.admit(LedgerContract.request(9, "again", "a")))
                                .isEmpty());
        assertThat(ledger.findByCorrelation(Channel.JMS, "again")).isPresent();
    }

    /** A database that does not answer its probe blocks nobody, regardless of the permitted time for an answer. */
    @Test
    void pendingOperationsOfASilentDatabaseAreAbortedAndLaterOnesRefused() throws Exception {
        ledger.close();
        ledger = ledger(LONG_ANSWER_SECONDS);
        Map<String, Runnable> calls = calls(
                ledger.find(ledger.admit(LedgerContract.request(1, null, "a")).id())
                        .orElseThrow());
        proxy.fallSilent();
        for (String when : List.of("as it falls silent", "while it is known to be silent")) {
            Map<String, CompletableFuture<String>> ends = new TreeMap<>();
            calls.forEach((name, call) -> ends.put(name, CompletableFuture.supplyAsync(() -> end(call), callers)));
            for (Map.Entry<String, CompletableFuture<String>> one : ends.entrySet()) {
                assertThat(one.getValue().get(SOON_SECONDS, TimeUnit.SECONDS))
                        .as(one.getKey() + " " + when)
                        .isEqualTo("PST-6001");
            }
            assertThat(ledger.trouble().orElseThrow().cause()).as(when).contains("answer");
        }
        proxy.speak();
        await(
                "it goes on",
                () -> ledger.trouble().isEmpty()
                        && end(() -> ledger.admit(LedgerContract.request(9, "again", "a")))
                                .isEmpty());
    }

    @Test
    void aSlowQueryIsWaitedFor() throws Exception {
        ledger.close();
        ledger = ledger(LONG_ANSWER_SECONDS);
        String id = ledger.admit(LedgerContract.request(1, null, "a")).id();
        CompletableFuture<String> write;
        try (Database other = new Database(server.url(), "postgres", "", 1, LONG_ANSWER_SECONDS, SILENT_SECONDS);
                Connection holder = other.writer();
                Statement statement = holder.createStatement()) {
            statement.executeUpdate("UPDATE requests SET cause = 'held' WHERE id = '" + id + "'");
            write = CompletableFuture.supplyAsync(
                    () -> end(() -> ledger.apply(
                            Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, "test"))),
                    callers);
            // four times as long as a silence may last
            statement.execute("SELECT pg_sleep(" + 4 * SILENT_SECONDS + ")");
            assertThat(write).isNotDone();
            assertThat(ledger.trouble()).isEmpty();
            holder.commit();
        }
        assertThat(write.get(BOUND_SECONDS, TimeUnit.SECONDS)).isEmpty();
        assertThat(ledger.find(id).map(RequestRecord::state)).contains(RequestState.SENT);
    }

    /** The server does not detect that a silent connection is aborted; its locks must be released. */
    @Test
    void aRowChangedByAnAbortedConnectionIsNotLocked() {
        String id = ledger.admit(LedgerContract.request(1, null, "a")).id();
        CompletableFuture<Boolean> inTheMiddle = CompletableFuture.supplyAsync(
                () -> {
                    try (Database other = new Database(
                                    "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres",
                                    "postgres",
                                    "",
                                    1,
                                    ANSWER_SECONDS,
                                    SILENT_SECONDS);
                            Connection open = other.writer();
                            Statement statement = open.createStatement()) {
                        statement.executeUpdate("UPDATE requests SET cause = 'half way' WHERE id = '" + id + "'");
                        proxy.fallSilent();
                        open.commit();
                        return true;
                    } catch (SQLException e) {
                        return false;
                    }
                },
                callers);
        assertThat(inTheMiddle.join()).as("its commit is not answered").isFalse();
        proxy.speak();
        await(
                "the row can be changed",
                () -> end(() -> ledger.apply(
                                Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, "test")))
                        .isEmpty());
        assertThat(ledger.find(id).map(RequestRecord::state)).contains(RequestState.SENT);
    }

    private static Set<String> methods(Class<?> type) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(type.getMethods())
                .map(Method::getName)
                .filter(name -> !FROM_MEMORY.contains(name))
                .forEach(names::add);
        return names;
    }

    /** The code of the ledger's error; empty where there is none. */
    private static String end(Runnable call) {
        try {
            call.run();
            return "";
        } catch (LedgerException e) {
            return e.fault().code();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
