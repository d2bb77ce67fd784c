package org.postern.broker.internal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.postern.appliance.PeriodicTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the embedded broker running. Artemis stops itself when its journal cannot be written (a full disk, an error of
 * the disk) and stays stopped; this watch sees it within a second, says so, and starts a new broker on the same folder
 * until one runs.
 *
 * <p>A broker that cannot even be stopped would hold its folder for ever, so then, and after {@code restartTries}
 * failed starts in a row where that is not 0, the process is ended; whatever supervises it starts another.
 */
final class EmbeddedWatch implements AutoCloseable {

    /** Makes a running broker. */
    @FunctionalInterface
    interface Starter {
        EmbeddedBroker start() throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWatch.class);
    private static final long LOOK_MILLIS = 500;
    private static final long FIRST_RESTART_MILLIS = 1_000;
    private static final long LAST_RESTART_MILLIS = 30_000;
    private static final int MOST_DOUBLINGS = 5;

    private final Starter starter;
    private final BrokerState state;
    private final int tries;
    private final int maxDiskUsagePercent;
    private final Runnable endProcess;
    private final Duration stopWithin;
    private final ScheduledExecutorService watch;
    /** Of the watch's thread, but for {@link #close}. */
    private volatile EmbeddedBroker broker;

    private volatile String ioError = "";
    private int failedStarts;
    private long nextStart;
    private boolean ended;

    /**
     * Starts the broker; where its disk lets it not, it is tried again by the watch.
     *
     * @param tries failed starts in a row after which the process is ended; 0 for no limit
     * @param stopWithin how long a broken broker may take to stop
     * @param endProcess ends the process in an orderly way; called at most once
     */
    EmbeddedWatch(
            Starter starter,
            BrokerState state,
            int tries,
            int maxDiskUsagePercent,
            Duration stopWithin,
            Runnable endProcess) {
        this.starter = starter;
        this.state = state;
        this.tries = tries;
        this.maxDiskUsagePercent = maxDiskUsagePercent;
        this.endProcess = endProcess;
        this.stopWithin = stopWithin;
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-broker-watch");
            thread.setDaemon(true);
            thread.setContextClassLoader(EmbeddedWatch.class.getClassLoader());
            return thread;
        });
        start();
        PeriodicTask.start(
                watch, "the check of the broker", this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The broker that runs, or null. */
    EmbeddedBroker broker() {
        return broker;
    }

    private void start() {
        try {
            EmbeddedBroker started = starter.start();
            started.onIoError(this::ioError);
            broker = started;
            failedStarts = 0;
            ioError = "";
            LOG.info("Embedded broker up; journal buffer timeout {} us", started.bufferMicros());
        } catch (Exception e) {
            failedStarts++;
            nextStart = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(Math.min(
                            LAST_RESTART_MILLIS, FIRST_RESTART_MILLIS << Math.min(failedStarts - 1, MOST_DOUBLINGS)));
            LOG.warn("The embedded broker does not start (try {}): {}", failedStarts, e.toString());
            state.down(BrokerState.stopped("it does not start: " + e.getMessage()));
            if (tries > 0 && failedStarts >= tries) {
                end("the embedded broker did not start " + failedStarts + " times in a row");
            }
        }
    }

    /** Called by Artemis, on a thread of its own, before it stops itself. */
    private void ioError(Throwable cause, String file) {
        ioError = cause + " at " + file;
        state.down(BrokerState.stopped("its journal cannot be written: " + ioError));
    }

    private void look() {
        try {
            EmbeddedBroker now = broker;
            if (ended) {
                return;
            }
            if (now == null) {
                if (System.nanoTime() - nextStart >= 0) {
                    start();
                }
            } else if (!now.running() || !ioError.isEmpty()) {
                state.down(BrokerState.stopped(
                        ioError.isEmpty() ? "it has stopped" : "its journal cannot be written: " + ioError));
                stopped(now);
            } else if (now.diskFull()) {
                state.down(BrokerState.diskFull(maxDiskUsagePercent));
                state.counted(now.messages());
            } else {
                state.up();
                state.counted(now.messages());
            }
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the watch of the broker failed; it goes on", e);
        }
    }

    /** Takes the broken broker away, so that its folder and its acceptors are free. */
    private void stopped(EmbeddedBroker broken) {
        Thread stop = new Thread(
                () -> {
                    try {
                        broken.close();
                    } catch (Exception e) {
                        LOG.warn("the broken broker did not stop in order: {}", e.toString());
                    }
                },
                "postern-broker-stop");
        stop.setDaemon(true);
        stop.start();
        try {
            stop.join(stopWithin.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (stop.isAlive()) {
            end("the embedded broker is broken and does not stop within " + stopWithin);
            return;
        }
        broker = null;
        ioError = "";
        nextStart = System.nanoTime();
    }

    private void end(String why) {
        ended = true;
        state.down(BrokerState.stopped(why));
        LOG.error("Postern ends itself: {}", why);
        endProcess.run();
    }

    @Override
    public void close() throws Exception {
        watch.shutdownNow();
        watch.awaitTermination(stopWithin.toMillis(), TimeUnit.MILLISECONDS);
        EmbeddedBroker last = broker;
        if (last != null) {
            last.close();
        }
    }
}
