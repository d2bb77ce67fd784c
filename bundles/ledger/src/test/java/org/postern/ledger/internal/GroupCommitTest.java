package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.ledger.LedgerException;
import org.postern.testkit.Await;

/** The writer with units whose callers have given up, and after failures of the environment. */
@Timeout(60)
class GroupCommitTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<String> run = new CopyOnWriteArrayList<>();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean releaseFails;
    private volatile boolean releaseFailed;
    private Database database;
    private GroupCommit writer;

    @BeforeEach
    void open() {
        Machine present = Machine.present();
        database = new Database(
                "jdbc:sqlite:" + folder.resolve("ledger.db"),
                "",
                "",
                2,
                20,
                3,
                new Machine(
                        present.random(),
                        present.nanos(),
                        present.schedulers(),
                        source -> around(
                                DataSource.class,
                                source,
                                call -> call instanceof Connection connection
                                        ? around(Connection.class, connection, given -> given)
                                        : call),
                        present.locks(),
                        present.asyncDelay()));
        writer = new GroupCommit(database, 8, Duration.ofMillis(20), System::nanoTime);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        callers.shutdownNow();
        writer.close();
        database.close();
    }

    /** Forwards all calls; a close that must fail does so after closing. */
    private <T> T around(Class<T> type, T inner, UnaryOperator<Object> result) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object given;
            try {
                given = method.invoke(inner, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (releaseFails && method.getName().equals("close")) {
                releaseFailed = true;
                throw new IllegalStateException("played");
            }
            return result.apply(given);
        }));
    }

    private GroupCommit.Unit<String> unit(String name) {
        return connection -> {
            run.add(name);
            return name;
        };
    }

    /** Simulates a hanging disk: the unit starts and does not end before it is released. */
    private GroupCommit.Unit<String> stalling(String name) {
        return connection -> {
            run.add(name);
            stalled.countDown();
            awaitQuietly(goOn);
            return name;
        };
    }

    private LedgerException.Kind end(GroupCommit.Unit<String> unit, Duration patience) {
        return end(writer, unit, patience);
    }

    private static LedgerException.Kind end(GroupCommit writer, GroupCommit.Unit<String> unit, Duration patience) {
        try {
            writer.write(unit, patience);
            return null;
        } catch (LedgerException e) {
            return e.kind();
        } catch (CompletionException e) {
            return ((LedgerException) e.getCause()).kind();
        }
    }

    @Test
    void aGivenUpWriteIsNotRunAfterwards() throws InterruptedException {
        CompletableFuture<String> first =
                CompletableFuture.supplyAsync(() -> writer.write(stalling("first"), LONG), callers);
        stalled.await();

        assertThat(end(unit("given up"), SHORT)).isEqualTo(LedgerException.Kind.UNAVAILABLE);
        goOn.countDown();

        assertThat(first.join()).isEqualTo("first");
        assertThat(writer.write(unit("last"), LONG)).isEqualTo("last");
        assertThat(run).containsExactly("first", "last");
    }

    @Test
    void aStartedWriteWhoseCallerGaveUpIsUndecided() {
        assertThat(end(stalling("begun"), SHORT)).isEqualTo(LedgerException.Kind.UNDECIDED);
        goOn.countDown();

        assertThat(writer.write(unit("last"), LONG)).isEqualTo("last");
        assertThat(writer.units()).as("the started one is on disk").isEqualTo(2);
    }

    @Test
    void theWritersThreadMaySubmitButNotWait() throws Exception {
        CompletableFuture<String> next = new CompletableFuture<>();
        CompletableFuture<String> waited = writer.submit(stalling("first")).thenCompose(name -> {
            var unused = writer.writeAsync(unit("next"), false).thenAccept(next::complete);
            return CompletableFuture.completedFuture(writer.write(unit("waited for"), LONG));
        });
        goOn.countDown();
        assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo("next");
        assertThatThrownBy(waited::join).cause().isInstanceOf(IllegalStateException.class);
        assertThat(run).containsExactly("first", "next");
    }

    @Test
    void aTopUpsWriteIsRunWithinTheRunningGroupAndNothingIsLost() throws Exception {
        CompletableFuture<String> first = writer.submit(stalling("first"));
        awaitQuietly(stalled);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        List<CompletableFuture<String>> group = List.of(
                writer.submit(connection -> {
                    run.add("begun");
                    begun.countDown();
                    awaitQuietly(end);
                    return "begun";
                }),
                writer.submit(unit("second")),
                writer.writeAsync(unit("third"), false));
        goOn.countDown();
        awaitQuietly(begun);
        CompletableFuture<String> behind = writer.writeAsync(unit("top-up behind"), true);
        CompletableFuture<String> topUp = new CompletableFuture<>();
        Thread caller = new Thread(() -> topUp.complete(writer.write(unit("top-up"), true, LONG)));
        caller.start();
        Await.until("the top-up's write waits", LONG, () -> caller.getState() == Thread.State.TIMED_WAITING);
        end.countDown();

        assertThat(List.of(first.join(), behind.join(), topUp.join()))
                .containsExactly("first", "top-up behind", "top-up");
        assertThat(group).extracting(CompletableFuture::join).containsExactly("begun", "second", "third");
        assertThat(run).containsExactly("first", "begun", "top-up behind", "top-up", "second", "third");
    }

    private static GroupCommit.Unit<String> tooLarge() {
        return connection -> {
            throw new OutOfMemoryError("played");
        };
    }

    @Test
    void anErrorFailsItsGroupIsReportedAndTheWriterContinues() {
        CompletableFuture<LedgerException.Kind> stalling =
                CompletableFuture.supplyAsync(() -> end(stalling("first"), LONG), callers);
        awaitQuietly(stalled);
        List<CompletableFuture<String>> group =
                List.of(writer.submit(unit("before")), writer.submit(tooLarge()), writer.submit(unit("after")));
        goOn.countDown();

        assertThat(stalling.join()).isNull();
        assertThat(group)
                .allSatisfy(one -> assertThatThrownBy(one::join)
                        .cause()
                        .isInstanceOfSatisfying(
                                LedgerException.class,
                                e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.UNAVAILABLE)));
        assertThat(writer.units()).as("nothing of the group is on disk").isEqualTo(1);
        assertThat(writer.refused()).isEqualTo("OutOfMemoryError");

        assertThat(end(tooLarge(), LONG)).as("alone as well").isEqualTo(LedgerException.Kind.UNAVAILABLE);
        assertThat(writer.write(unit("last"), LONG)).isEqualTo("last");
        assertThat(writer.refused()).isEmpty();
    }

    @Test
    void aFailedCleanupDoesNotEndTheWriter() throws Exception {
        releaseFails = true;
        assertThat(end(tooLarge(), LONG)).isEqualTo(LedgerException.Kind.UNAVAILABLE);
        Await.until("giving the writer's connection back has failed", LONG, () -> releaseFailed);
        releaseFails = false;

        assertThat(writer.write(unit("last"), LONG)).isEqualTo("last");
        assertThat(writer.refused()).isEmpty();
    }

    @Test
    void withoutAWriterAWriteIsRefusedAtOnce() throws Exception {
        Thread gone = new Thread(() -> {});
        GroupCommit without = new GroupCommit(database, 8, Duration.ofMillis(20), System::nanoTime, task -> gone);
        gone.join();
        CompletableFuture<LedgerException.Kind> refused =
                CompletableFuture.supplyAsync(() -> end(without, unit("waited for"), LONG), callers);
        assertThat(refused.get(20, TimeUnit.SECONDS)).isEqualTo(LedgerException.Kind.UNAVAILABLE);
        assertThat(without.writeAsync(unit("behind"), false)).isCompletedExceptionally();
        assertThat(without.refused()).isEqualTo("its writer has ended");
        without.close();
        assertThat(end(without, unit("after"), LONG)).isEqualTo(LedgerException.Kind.CLOSED);
        assertThat(run).isEmpty();
    }

    @Test
    void aFailedUnitIsNotCountedAsCommitted() {
        CompletableFuture<String> first = writer.submit(stalling("first"));
        awaitQuietly(stalled);
        CompletableFuture<String> failing = writer.submit(connection -> {
            throw new IllegalStateException("played");
        });
        CompletableFuture<String> last = writer.submit(unit("last"));
        goOn.countDown();

        assertThat(List.of(first.join(), last.join())).containsExactly("first", "last");
        assertThatThrownBy(failing::join).cause().isInstanceOf(IllegalStateException.class);
        assertThat(writer.write(unit("another"), LONG)).isEqualTo("another");
        assertThat(writer.units()).isEqualTo(3);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
