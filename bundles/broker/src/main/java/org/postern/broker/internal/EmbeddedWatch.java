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
 * the disk) and stays stopped; this watch detects it within a second, logs it, and tries to start a new broker on the
 * same folder until one runs.
 *
 * <p>A broker that cannot be stopped would keep its folder locked. In that case, and after {@code restartTries}
 * consecutive failed starts if that setting is not 0, the process ends; its supervisor is expected to restart it.
 */
final class EmbeddedWatch implements AutoCloseable {

    /** Starts a broker. */
    @FunctionalInterface
    interface Starter {
        EmbeddedBroker start() throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWatch.class);
    private static final long CHECK_MILLIS = 500;
    private static final long FIRST_RESTART_MILLIS = 1_000;
    private static final long MAX_RESTART_MILLIS = 30_000;
    private static final int MAX_DOUBLINGS = 5;

    private final Starter starter;
    private final BrokerState state;
    private final int tries;
    private final int maxDiskUsagePercent;
    private final Runnable endProcess;
    private final Duration stopWithin;
    private final ScheduledExecutorService watch;
    /** Written only by the thread of the watch; {@link #close} reads it. */
    private volatile EmbeddedBroker broker;

    private volatile String ioError = "";
    private int failedStarts;
    private long nextStart;
    private boolean ended;

    /**
     * Starts the broker. If that fails, for example because of the disk, the watch retries.
     *
     * @param tries consecutive failed starts after which the process ends; 0 for no limit
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
                watch, "the check of the broker", this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The running broker, or null. */
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
            LOG.info("The embedded broker is running; journal buffer timeout {} us", started.bufferMicros());
        } catch (Exception e) {
            failedStarts++;
            nextStart = System.nanoTime()
                    + TimeUnit.MILLISECONDS.toNanos(Math.min(
                            MAX_RESTART_MILLIS, FIRST_RESTART_MILLIS << Math.min(failedStarts - 1, MAX_DOUBLINGS)));
            LOG.warn("The embedded broker did not start (attempt {}): {}", failedStarts, e.toString());
            state.down(BrokerState.stopped("it does not start: " + e.getMessage()));
            if (tries > 0 && failedStarts >= tries) {
                end("the embedded broker did not start " + failedStarts + " times in a row");
            }
        }
    }

    /** Called by Artemis on one of its own threads before it stops itself. */
    private void ioError(Throwable cause, String file) {
        ioError = cause + " at " + file;
        state.down(BrokerState.stopped("its journal cannot be written: " + ioError));
    }

    private void check() {
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
            LOG.error("A check of the broker failed; the checks continue", e);
        }
    }

    /** Stops the failed broker, so that its folder and its acceptors are released. */
    private void stopped(EmbeddedBroker failed) {
        Thread stop = new Thread(
                () -> {
                    try {
                        failed.close();
                    } catch (Exception e) {
                        LOG.warn("The failed broker did not stop cleanly: {}", e.toString());
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
            end("the embedded broker has failed and does not stop within " + stopWithin);
            return;
        }
        broker = null;
        ioError = "";
        nextStart = System.nanoTime();
    }

    private void end(String why) {
        ended = true;
        state.down(BrokerState.stopped(why));
        LOG.error("Postern ends its process: {}", why);
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
