package org.postern.appliance;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is repeated until its executor is shut down. {@link ScheduledExecutorService} itself never runs a task
 * again once that has thrown, and reports it only to a future that nobody reads.
 */
public final class PeriodicTask {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private PeriodicTask() {}

    /**
     * Runs a task again and again, with the same time between the end of one run and the start of the next.
     *
     * @param executor runs it; shutting it down ends the repetition
     * @param name what a failure is logged under
     * @param task may throw anything: the failure is logged and the task runs again at its next time
     * @param initial time until the first run, 0 or more
     * @param delay time between runs, more than 0
     * @param unit of both times
     */
    public static void start(
            ScheduledExecutorService executor, String name, Runnable task, long initial, long delay, TimeUnit unit) {
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(() -> guarded(name, task), initial, delay, unit);
    }

    // An Error too: after an OutOfMemoryError or a LinkageError of one run the next may well succeed.
    private static void guarded(String name, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed; it is tried again at its next time", name, e);
        }
    }
}
