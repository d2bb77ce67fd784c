package org.postern.faultsimulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs what is scheduled on the timeline. Periodic tasks run less often while nothing else is planned. */
final class SimulatedExecutor extends AbstractExecutorService implements ScheduledExecutorService {

    private final Timeline timeline;
    private final Duration shortest;
    private final Duration longest;
    private final Consumer<Throwable> failed;
    private boolean closed;

    /**
     * @param shortest minimum time between two runs of a periodic task, whatever it requests
     * @param longest the same while nothing else is planned
     * @param failed called with what a task throws
     */
    SimulatedExecutor(Timeline timeline, Duration shortest, Duration longest, Consumer<Throwable> failed) {
        this.timeline = timeline;
        this.shortest = shortest;
        this.longest = longest;
        this.failed = failed;
    }

    private final class Planned<T> extends FutureTask<T> implements ScheduledFuture<T> {

        private Planned(Callable<T> task) {
            super(task);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }

        private boolean turn() {
            return runAndReset();
        }

        @Override
        protected void setException(Throwable why) {
            super.setException(why);
            failed.accept(why);
        }
    }

    private void open() {
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        open();
        Planned<V> planned = new Planned<>(task);
        timeline.after(Duration.ofNanos(unit.toNanos(delay)), () -> {
            if (!closed) {
                planned.run();
            }
        });
        return planned;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    task.run();
                    return null;
                },
                delay,
                unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        open();
        Planned<Object> planned = new Planned<>(() -> {
            task.run();
            return null;
        });
        Duration asked = Duration.ofNanos(unit.toNanos(delay));
        Duration distance = asked.compareTo(shortest) < 0 ? shortest : asked;
        timeline.after(Duration.ofNanos(unit.toNanos(initial)), () -> turn(planned, distance));
        return planned;
    }

    private void turn(Planned<Object> planned, Duration distance) {
        if (!closed && planned.turn() && !closed) {
            timeline.turn(
                    distance, distance.compareTo(longest) < 0 ? longest : distance, () -> turn(planned, distance));
        }
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initial, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(task, initial, period, unit);
    }

    @Override
    public void execute(Runnable task) {
        var unused = schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        closed = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        closed = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return closed;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
