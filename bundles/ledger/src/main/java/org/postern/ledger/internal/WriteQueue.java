package org.postern.ledger.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What waits for the one writer, in the order in which it was handed in, whether somebody waits for it or not: so no write overtakes an
 * earlier one of the same request. A group is due when somebody waits for one of its writes, when the oldest that nobody waits for has
 * waited its time, or when the group is full. Where several callers are at work, those of the last group are on their way with their next
 * writes: a moment is left to them to come, since a commit costs as much as several writes. A lone caller is never held up by it. Safe
 * between threads; one of them takes.
 */
final class WriteQueue {

    private final int capacity;
    private final int largestGroup;
    private final long longestNanos;
    private final long gatherNanos;
    private final LongSupplier nanos;
    private final ArrayDeque<PendingWrite<?>> writes = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private int hurried;
    /** How many that somebody waited for were there when the last group was taken. */
    private int expected = 1;
    /** When the writer first found one in the present queue that somebody waits for; while it gathers. */
    private long gathering;
    private boolean closing;

    /**
     * @param capacity     how many writes may wait
     * @param largestGroup most writes of one group
     * @param longestNanos how long a write that nobody waits for stays in the queue at most while the writer is free
     * @param gatherNanos  how long at most a group waits until as many callers have come as the last one had
     * @param nanos        a monotonic clock in nanoseconds
     */
    WriteQueue(int capacity, int largestGroup, long longestNanos, long gatherNanos, LongSupplier nanos) {
        this.capacity = capacity;
        this.largestGroup = largestGroup;
        this.longestNanos = longestNanos;
        this.gatherNanos = gatherNanos;
        this.nanos = nanos;
    }

    /**
     * Hands a write in.
     *
     * @param patienceNanos how long it waits for room at most
     * @return false where there was no room, or the queue is closing
     */
    boolean offer(PendingWrite<?> write, long patienceNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patienceNanos;
            while (writes.size() >= capacity && !closing) {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
            if (closing) {
                return false;
            }
            writes.add(write);
            hurried += write.hurried() ? 1 : 0;
            // the writer is woken for what changes how long it waits, not for each that joins the others
            if (write.hurried() && (hurried == 1 || hurried >= expected) || writes.size() == 1 || writes.size() >= largestGroup) {
                changed.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next group, the oldest first.
     *
     * @param patienceNanos how long to wait until one is due
     * @return empty where none was
     */
    List<PendingWrite<?>> take(long patienceNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long end = nanos.getAsLong() + patienceNanos;
            while (true) {
                long now = nanos.getAsLong();
                long left = untilDue(now);
                if (left <= 0) {
                    return group();
                }
                if (closing) {
                    return new ArrayList<>();
                }
                long wait = Math.min(left, end - now);
                if (wait <= 0) {
                    return new ArrayList<>();
                }
                // by the system's clock it is time, whatever the clock that was handed in says
                if (changed.awaitNanos(wait) <= 0 && wait == left) {
                    return group();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilDue(long now) {
        if (writes.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (closing || writes.size() >= largestGroup) {
            return 0;
        }
        long oldest = writes.peek().since() + longestNanos - now;
        return hurried == 0 ? oldest : Math.min(oldest, untilGathered(now));
    }

    private long untilGathered(long now) {
        if (hurried >= expected) {
            return 0;
        }
        if (gathering == 0) {
            gathering = now;
        }
        return gathering + gatherNanos - now;
    }

    private List<PendingWrite<?>> group() {
        expected = Math.max(1, hurried);
        gathering = 0;
        List<PendingWrite<?>> group = new ArrayList<>(Math.min(writes.size(), largestGroup));
        while (group.size() < largestGroup && !writes.isEmpty()) {
            PendingWrite<?> next = writes.poll();
            hurried -= next.hurried() ? 1 : 0;
            group.add(next);
        }
        room.signalAll();
        return group;
    }

    /** Takes no more; what is there is due at once. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** True once it takes no more. */
    boolean closing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** True once it takes no more and everything was taken. */
    boolean ended() {
        lock.lock();
        try {
            return closing && writes.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** What the writer has left behind. */
    List<PendingWrite<?>> rest() {
        lock.lock();
        try {
            List<PendingWrite<?>> rest = new ArrayList<>(writes);
            writes.clear();
            hurried = 0;
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
