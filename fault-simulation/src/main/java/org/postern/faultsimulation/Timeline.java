package org.postern.faultsimulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * Simulated time, and what is to happen in it. Everything runs on the caller's thread, in the order of its time and, at
 * the same time, in the order in which it was planned. While something waits ({@link #elapse}), other things happen.
 */
final class Timeline {

    /** Something planned. */
    static final class Event {
        private final long at;
        private final long number;
        private final Runnable task;

        private Event(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }
    }

    /** Waits within waits; deeper, time passes without anything else. */
    private static final int DEEPEST = 3;

    private static final Comparator<Event> ORDER =
            Comparator.<Event>comparingLong(event -> event.at).thenComparingLong(event -> event.number);

    private final Instant start;
    private final PriorityQueue<Event> once = new PriorityQueue<>(ORDER);
    private final PriorityQueue<Event> periodic = new PriorityQueue<>(ORDER);
    private long nanos;
    private long numbers;
    private int depth;

    Timeline(Instant start) {
        this.start = start;
    }

    /** Nanoseconds since the start. */
    long nanos() {
        return nanos;
    }

    /** The true time. */
    Instant now() {
        return start.plusNanos(nanos);
    }

    /** A clock that differs from the true time by what the function returns. */
    Clock clock(Supplier<Duration> off) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now().plus(off.get());
            }
        };
    }

    /** Plans something. */
    void after(Duration distance, Runnable task) {
        once.add(new Event(nanos + Math.max(0, distance.toNanos()), numbers++, task));
    }

    /**
     * Plans the next run of a periodic task: no sooner than the distance, and, while nothing else is planned, no later
     * than the longest one.
     */
    void turn(Duration distance, Duration longest, Runnable task) {
        long soonest = nanos + distance.toNanos();
        Event next = once.peek();
        long at = next == null || next.at > soonest
                ? Math.min(next == null ? Long.MAX_VALUE : next.at + 1, nanos + longest.toNanos())
                : soonest;
        periodic.add(new Event(Math.max(soonest, at), numbers++, task));
    }

    private Event next(long until) {
        Event one = once.peek();
        Event other = periodic.peek();
        Event first = one == null ? other : other == null || ORDER.compare(one, other) <= 0 ? one : other;
        if (first == null || first.at > until) {
            return null;
        }
        (first == one ? once : periodic).remove();
        return first;
    }

    /** Lets time pass up to that moment, with all that is planned for it. */
    void runUntil(long until, Runnable afterEach) {
        for (Event event = next(until); event != null; event = next(until)) {
            nanos = Math.max(nanos, event.at);
            event.task.run();
            afterEach.run();
        }
        nanos = Math.max(nanos, until);
    }

    /** Whoever calls waits: meanwhile other things happen, as on other threads. */
    void elapse(Duration duration) {
        long until = nanos + duration.toNanos();
        if (depth < DEEPEST) {
            depth++;
            try {
                runUntil(until, () -> {});
            } finally {
                depth--;
            }
        } else {
            nanos = Math.max(nanos, until);
        }
    }
}
