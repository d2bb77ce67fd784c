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
 * Asks the database time and again whether it still answers, on a thread of its own, so that whoever wants to know need
 * not wait: a database that is away or silent or takes no writes, whose files or locks were changed, or whose pages are
 * damaged makes the ledger not ready.
 */
final class LedgerHealth implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerHealth.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final long NOTE_SECONDS = 60;
    private static final long FIRST_CHECK_SECONDS = 10;
    private static final long CHECK_SECONDS = TimeUnit.HOURS.toSeconds(6);
    private static final long SILENCE_MILLIS = 250;
    /** A file on a busy disk may take longer than a server's answer. */
    private static final int FILE_SECONDS = 5;

    private final Database database;
    private final GroupCommit writer;
    private final LongSupplier nanos;
    private final int silentSeconds;
    private final ScheduledExecutorService looks;
    /** Apart from the looks, which wait for the database themselves. */
    private final ScheduledExecutorService silence;

    private final ScheduledExecutorService slow;
    private volatile String failed = "";
    /** The probe found the connection gone, and not merely itself refused. */
    private volatile boolean away;
    /** Of the thread that looks. */
    private CompletableFuture<Object> writing = CompletableFuture.completedFuture(null);

    private volatile boolean asking;
    private volatile long askedAt;

    /**
     * Begins to look.
     *
     * @param writer asked to write something after it could not
     * @param machine whose monotonic clock and schedulers are used
     * @param silentSeconds how long PostgreSQL may take for a look before it counts as silent
     * @param note writes down how far the ledger has come
     * @param copies makes the copy that an online backup asks for
     */
    @SuppressWarnings("FutureReturnValueIgnored") // no task ends by an exception: each one is caught and told
    LedgerHealth(
            Database database, GroupCommit writer, Machine machine, int silentSeconds, Runnable note, Runnable copies) {
        this.database = database;
        this.writer = writer;
        this.nanos = machine.nanos();
        looks = machine.schedulers().apply("postern-ledger-health");
        silence = machine.schedulers().apply("postern-ledger-silence");
        slow = machine.schedulers().apply("postern-ledger-check");
        this.silentSeconds = database.sqlite() ? FILE_SECONDS : silentSeconds;
        silence.scheduleWithFixedDelay(
                () -> guarded(
                        "whether the database is silent was not told",
                        () -> database.silent(away || !unanswered().isEmpty())),
                SILENCE_MILLIS,
                SILENCE_MILLIS,
                TimeUnit.MILLISECONDS);
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        slow.scheduleWithFixedDelay(
                () -> guarded("how far the ledger has come was not noted", note),
                NOTE_SECONDS,
                NOTE_SECONDS,
                TimeUnit.SECONDS);
        slow.scheduleWithFixedDelay(
                () -> guarded("an online backup was not made", copies),
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
        slow.scheduleWithFixedDelay(this::check, FIRST_CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        askedAt = nanos.getAsLong();
        asking = true;
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
            database.failed(e);
            away = Database.ofTheConnection(e);
            failed = "the database does not answer: " + e.getClass().getSimpleName() + " "
                    + String.valueOf(e.getSQLState());
        } catch (RuntimeException | Error e) {
            failed = "the database does not answer: " + e.getClass().getSimpleName();
        } finally {
            asking = false;
        }
    }

    /**
     * What could not be written is no longer there to be tried again: whether the disk is well again shows only so.
     * Nobody waits for it, and so it goes with the next write that somebody waits for, or alone once its time is over.
     */
    private void tryWriting() {
        if (!writer.refused().isEmpty() && writing.isDone()) {
            writing = writer.behind(database::probeWriting, false);
        }
    }

    /** Every page, at the start and every few hours: what is damaged is found before it is needed. */
    private void check() {
        try {
            database.check();
        } catch (SQLException e) {
            database.failed(e);
        } catch (RuntimeException | Error e) {
            LOG.warn("the ledger's pages were not checked: {}", e.getClass().getSimpleName());
        }
    }

    private static void guarded(String otherwise, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: {}", otherwise, e.getClass().getSimpleName());
        }
    }

    /** Why the ledger cannot be relied on now; answers from memory. */
    Optional<Fault> trouble() {
        Optional<Fault> known = database.trouble().map(LedgerException::fault);
        if (known.isPresent()) {
            return known;
        }
        String silent = silence();
        String refused = writer.refused();
        String cause = silent.isEmpty() && !refused.isEmpty() ? "the database takes no writes: " + refused : silent;
        return cause.isEmpty()
                ? Optional.empty()
                : Optional.of(GroupCommit.unavailable(cause, null).fault());
    }

    private String silence() {
        String unanswered = unanswered();
        return unanswered.isEmpty() ? failed : unanswered;
    }

    /** Why the database counts as silent; empty where it does not. */
    private String unanswered() {
        long waited = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - askedAt);
        return asking && waited >= silentSeconds ? "the database has not answered for " + waited + " s" : "";
    }

    @Override
    public void close() {
        silence.shutdownNow();
        looks.shutdownNow();
        slow.shutdownNow();
    }
}
