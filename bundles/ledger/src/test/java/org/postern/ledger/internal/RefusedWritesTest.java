package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.ledger.LedgerException;

/** An asynchronous test write finds out whether a disk accepts writes again. */
@Timeout(60)
class RefusedWritesTest {

    private static final Eui64 ORIGINATOR = new Eui64(1);

    @TempDir
    Path folder;

    private final List<Runnable> looks = new ArrayList<>();
    private final AtomicInteger commits = new AtomicInteger();
    private volatile boolean full;

    private static <T> T over(Class<T> type, Object real, UnaryOperator<Object> result, Runnable beforeCommit) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("commit")) {
                            beforeCommit.run();
                        }
                        return result.apply(method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } catch (IllegalStateException e) {
                        throw new SQLException("[SQLITE_FULL] no room");
                    }
                }));
    }

    private DataSource watched(DataSource real) {
        return over(
                DataSource.class,
                real,
                result -> result instanceof Connection connection
                        ? over(Connection.class, connection, same -> same, this::beforeCommit)
                        : result,
                () -> {});
    }

    private void beforeCommit() {
        if (full) {
            throw new IllegalStateException("full");
        }
        commits.incrementAndGet();
    }

    /** Keeps what is to be done time and again. */
    private ScheduledExecutorService scheduler(String name) {
        return (ScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                    if (name.equals("postern-ledger-health") && method.getName().equals("scheduleWithFixedDelay")) {
                        looks.add((Runnable) arguments[0]);
                    }
                    return null;
                });
    }

    private JdbcLedger open(Duration behind) {
        Machine present = Machine.present();
        return new JdbcLedger(
                LedgerOptions.sqlite(folder.resolve("ledger.db")),
                Clock.systemUTC(),
                new Machine(
                        present.random(), present.nanos(), this::scheduler, this::watched, present.locks(), behind));
    }

    private void refuse(JdbcLedger ledger) {
        full = true;
        assertThatThrownBy(() -> ledger.counters().next(ORIGINATOR)).isInstanceOf(LedgerException.class);
        full = false;
        assertThat(ledger.trouble()).isPresent();
        commits.set(0);
    }

    @Test
    void theTestWriteJoinsTheNextAwaitedWrite() {
        try (JdbcLedger ledger = open(Duration.ofHours(1))) {
            refuse(ledger);
            looks.forEach(Runnable::run);
            looks.forEach(Runnable::run);
            assertThat(ledger.trouble()).as("nothing was written").isPresent();
            ledger.counters().next(ORIGINATOR);
            assertThat(commits).hasValue(1);
            assertThat(ledger.trouble()).isEmpty();
        }
    }

    @Test
    void theTestWriteIsWrittenAloneIfNobodyWrites() throws Exception {
        try (JdbcLedger ledger = open(Duration.ofMillis(20))) {
            refuse(ledger);
            looks.forEach(Runnable::run);
            org.postern.testkit.Await.until(
                    "the disk takes writes again",
                    Duration.ofSeconds(30),
                    () -> ledger.trouble().isEmpty());
            assertThat(commits).hasValue(1);
        }
    }
}
