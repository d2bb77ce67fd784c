package org.postern.ledger.internal;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.postern.catalogue.Fault;
import org.postern.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes the database periodically on a thread of its own, so that a health check does not have to wait for the
 * database. The ledger is not ready if the database cannot be reached, does not answer or does not accept writes, if
 * its files or locks were changed, or if its pages are damaged.
 */
final class LedgerHealth implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerHealth.class);
    private static final long PROBE_MILLIS = 1_000;
    private static final long MARK_SECONDS = 60;
    private static final long FIRST_CHECK_SECONDS = 10;
    private static final long CHECK_SECONDS = TimeUnit.HOURS.toSeconds(6);
    private static final long SILENCE_MILLIS = 250;
    /** An SQLite file on a busy disk may take longer than a server to answer. */
    private static final int FILE_SECONDS = 5;

    private final Database database;
    private final GroupCommit writer;
    private final LongSupplier nanos;
    private final int silentSeconds;
    private final ScheduledExecutorService probes;
    /** Separate from the probes, because those wait for the database. */
    private final ScheduledExecutorService silence;

    private final ScheduledExecutorService slow;
    private volatile String failed = "";
    /** True if the last probe failed because the connection was lost. */
    private volatile boolean away;
    /** Used only by the thread that probes. */
    private CompletableFuture<Object> writing = CompletableFuture.completedFuture(null);

    private volatile boolean probing;
    private volatile long probedAt;

    /**
     * Starts the probes.
     *
     * @param writer writer, which has to write a test record after a failed write
     * @param machine whose monotonic clock and schedulers are used
     * @param silentSeconds how long PostgreSQL may take to answer a probe before it counts as silent
     * @param marks writes the mark files with the newest ids
     * @param copies makes the copies that online backups request
     */
    @SuppressWarnings("FutureReturnValueIgnored") // no task throws: every exception is caught and logged
    LedgerHealth(
            Database database,
            GroupCommit writer,
            Machine machine,
            int silentSeconds,
            Runnable marks,
            Runnable copies) {
        this.database = database;
        this.writer = writer;
        this.nanos = machine.nanos();
        probes = machine.schedulers().apply("postern-ledger-health");
        silence = machine.schedulers().apply("postern-ledger-silence");
        slow = machine.schedulers().apply("postern-ledger-check");
        this.silentSeconds = database.sqlite() ? FILE_SECONDS : silentSeconds;
        silence.scheduleWithFixedDelay(
                () -> logged(
                        "the check whether the database answers failed",
                        () -> database.silent(away || !unanswered().isEmpty())),
                SILENCE_MILLIS,
                SILENCE_MILLIS,
                TimeUnit.MILLISECONDS);
        probes.scheduleWithFixedDelay(this::probe, PROBE_MILLIS, PROBE_MILLIS, TimeUnit.MILLISECONDS);
        slow.scheduleWithFixedDelay(
                () -> logged("the mark files with the newest ids were not written", marks),
                MARK_SECONDS,
                MARK_SECONDS,
                TimeUnit.SECONDS);
        slow.scheduleWithFixedDelay(
                () -> logged("an online backup was not made", copies),
                PROBE_MILLIS,
                PROBE_MILLIS,
                TimeUnit.MILLISECONDS);
        slow.scheduleWithFixedDelay(this::check, FIRST_CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void probe() {
        probedAt = nanos.getAsLong();
        probing = true;
        try {
            database.probe();
            if (!failed.isEmpty()) {
                LOG.info("the ledger's database answers again");
            }
            failed = "";
            away = false;
            database.silent(false);
            tryWriting();
        } catch (SQLException e) {
            database.recordFailure(e);
            away = SqlFailures.isConnectionFailure(e);
            failed = "the database does not answer: " + e.getClass().getSimpleName() + " "
                    + String.valueOf(e.getSQLState());
        } catch (RuntimeException | Error e) {
            failed = "the database does not answer: " + e.getClass().getSimpleName();
        } finally {
            probing = false;
        }
    }

    /**
     * Submits a test write after a failed write. The failed unit is not retried by the writer, so only a new write
     * shows whether the disk works again. It is asynchronous: it joins the next write that a caller waits for, or is
     * committed alone.
     */
    private void tryWriting() {
        if (!writer.refused().isEmpty() && writing.isDone()) {
            writing = writer.writeAsync(database::probeWriting, false);
        }
    }

    /** Checks every page, after the start and every few hours, so that damage is found before the data is needed. */
    private void check() {
        try {
            database.check();
        } catch (SQLException e) {
            database.recordFailure(e);
        } catch (RuntimeException | Error e) {
            LOG.warn("the ledger's pages were not checked: {}", e.getClass().getSimpleName());
        }
    }

    private static void logged(String otherwise, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: {}", otherwise, e.getClass().getSimpleName());
        }
    }

    /** Why the ledger is not ready; answered from memory. */
    Optional<Fault> trouble() {
        Optional<Fault> known = database.trouble().map(LedgerException::fault);
        if (known.isPresent()) {
            return known;
        }
        String silent = silence();
        String refused = writer.refused();
        String cause = silent.isEmpty() && !refused.isEmpty() ? "the database accepts no writes: " + refused : silent;
        return cause.isEmpty()
                ? Optional.empty()
                : Optional.of(GroupCommit.unavailable(cause, null).fault());
    }

    private String silence() {
        String unanswered = unanswered();
        return unanswered.isEmpty() ? failed : unanswered;
    }

    /** Why the database counts as silent; empty if it does not. */
    private String unanswered() {
        long waited = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - probedAt);
        return probing && waited >= silentSeconds ? "the database has not answered for " + waited + " s" : "";
    }

    @Override
    public void close() {
        silence.shutdownNow();
        probes.shutdownNow();
        slow.shutdownNow();
    }
}
