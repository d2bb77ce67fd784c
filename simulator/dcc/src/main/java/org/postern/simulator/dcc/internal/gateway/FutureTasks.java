package org.postern.simulator.dcc.internal.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Tasks for a future time, however far off, and no more than a bound of them. At the bound all tasks leave that were
 * cancelled or replaced meanwhile; where there is none, the oldest leaves. Safe between threads.
 */
final class FutureTasks {

    /** Runs a task after a delay. */
    interface Timer {
        /** The task as scheduled, which can be cancelled. */
        Future<?> after(long millis, Runnable task);
    }

    /** A task is checked against the clock once a day, so that a clock that is set does not matter. */
    private static final long MAX_WAIT_MILLIS = Duration.ofDays(1).toMillis();

    private final Clock clock;
    private final Timer timer;
    private final int bound;
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    FutureTasks(Clock clock, Timer timer, int bound) {
        this.clock = clock;
        this.timer = timer;
        this.bound = bound;
    }

    private final class Waiting {

        private final Instant time;
        private final Runnable task;
        private final BooleanSupplier stillNeeded;
        private final Runnable leaves;
        private Future<?> scheduled;

        private Waiting(Instant time, Runnable task, BooleanSupplier stillNeeded, Runnable leaves) {
            this.time = time;
            this.task = task;
            this.stillNeeded = stillNeeded;
            this.leaves = leaves;
        }

        private void check() {
            long wait = Duration.between(clock.instant(), time).toMillis();
            if (wait > 0) {
                schedule(wait);
                return;
            }
            boolean mine;
            synchronized (waiting) {
                mine = waiting.remove(this);
            }
            if (mine) {
                task.run();
            }
        }

        private void schedule(long wait) {
            synchronized (waiting) {
                if (waiting.contains(this)) {
                    scheduled = timer.after(Math.min(wait, MAX_WAIT_MILLIS), this::check);
                }
            }
        }
    }

    /**
     * Runs the task when the clock shows the time.
     *
     * @param stillNeeded false once the task would find that it was cancelled or replaced
     * @param leaves run where the task has to leave before its time
     */
    void at(Instant time, Runnable task, BooleanSupplier stillNeeded, Runnable leaves) {
        long wait = Duration.between(clock.instant(), time).toMillis();
        if (wait <= 0) {
            task.run();
            return;
        }
        Waiting next = new Waiting(time, task, stillNeeded, leaves);
        List<Waiting> leaving;
        synchronized (waiting) {
            leaving = waiting.size() < bound ? List.of() : makeSpace();
            waiting.add(next);
        }
        next.schedule(wait);
        leaving.forEach(one -> one.leaves.run());
    }

    private List<Waiting> makeSpace() {
        List<Waiting> leaving = new ArrayList<>();
        for (Waiting one : waiting) {
            if (!one.stillNeeded.getAsBoolean()) {
                leaving.add(one);
            }
        }
        if (leaving.isEmpty()) {
            leaving.add(waiting.iterator().next());
        }
        for (Waiting one : leaving) {
            waiting.remove(one);
            if (one.scheduled != null) {
                one.scheduled.cancel(false);
            }
        }
        return leaving;
    }

    /** Number of tasks that wait. */
    int size() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
