package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.ledger.LedgerException;

/** An opening that fails: it is tried again within the same process, so it leaves nothing behind and takes no time. */
class FailedOpeningTest {

    @TempDir
    Path folder;

    private JdbcLedger open(Machine machine) {
        return new JdbcLedger(LedgerOptions.sqlite(folder.resolve("ledger.db")), Clock.systemUTC(), machine);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("postern-ledger"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"counters.watermark=id:x=not a number", "counters.watermark.prepayment=x=not a number"})
    void leavesNoWriterAndNoConnection(String broken) throws IOException {
        open(Machine.present()).close();
        int equals = broken.indexOf('=');
        Files.writeString(folder.resolve(broken.substring(0, equals)), broken.substring(equals + 1) + "\n");
        Set<Thread> before = threads();
        assertThatThrownBy(() -> open(Machine.present()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.COUNTER));
        assertThat(threads()).as("threads").isSubsetOf(before);
        assertThat(folder.resolve("ledger.db-wal"))
                .as("the last connection that is closed removes it")
                .doesNotExist();
    }

    @Test
    void failsQuicklyIfTheDiskAcceptsNoWrites() {
        open(Machine.present()).close();
        AtomicInteger commits = new AtomicInteger();
        Machine present = Machine.present();
        Machine full = new Machine(
                present.random(),
                present.nanos(),
                present.schedulers(),
                source -> source(source, commits),
                present.locks(),
                present.asyncDelay());
        assertThatThrownBy(() -> open(full)).isInstanceOf(LedgerException.class);
        // ten where Flyway tries to make the schema, with a second between them
        assertThat(commits).hasValueLessThan(5);
    }

    private static DataSource source(DataSource real, AtomicInteger commits) {
        return between(
                DataSource.class,
                real,
                connection -> between(Connection.class, (Connection) connection, other -> other, commits),
                commits);
    }

    private static <T> T between(Class<T> type, T real, UnaryOperator<Object> connection, AtomicInteger commits) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        commits.incrementAndGet();
                        throw new SQLException("[SQLITE_FULL] no room");
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return method.getName().equals("getConnection") ? connection.apply(result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
