package org.postern.ledger.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The queue of writes for the writer, in two lanes: writes of the prepayment lane are taken before ordinary ones. A
 * group is due when a caller waits for one of its writes, when its oldest asynchronous write has reached the maximum
 * delay, or when the group is full. If several callers are active, those of the previous group probably submit their
 * next writes soon; the queue waits a moment for them, because a commit costs as much as several writes. A single
 * caller and a write of the prepayment lane are never delayed by this.
 *
 * <p>Order: each lane keeps its own order; no ordinary write is taken before an earlier write of the prepayment lane; a
 * write of the prepayment lane is taken before earlier ordinary ones. After {@link #MAX_SHORT_GROUPS} consecutive
 * groups that left ordinary writes waiting because of the prepayment lane, one group is taken in the order of
 * submission. So writes that depend on one another must be in the same lane, or the later one in the ordinary lane.
 * Safe for use by several threads; only one of them may take groups.
 */
final class WriteQueue {

    /**
     * Maximum size of a group with a write of the prepayment lane that a caller waits for, so that this write does not
     * wait for many others.
     */
    static final int PREPAYMENT_GROUP = 16;
    /**
     * Maximum number of consecutive groups that are kept small or cut short for the prepayment lane while ordinary
     * writes wait.
     */
    static final int MAX_SHORT_GROUPS = 4;

    private final int capacity;
    private final int largestGroup;
    private final long maxDelayNanos;
    private final long gatherNanos;
    private final LongSupplier nanos;
    private final ArrayDeque<PendingWrite<?>> prepayment = new ArrayDeque<>();
    private final ArrayDeque<PendingWrite<?>> ordinary = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private long submitted;
    /** Number of ordinary writes that a caller waits for. */
    private int awaitedOrdinary;
    /** Number of writes of the prepayment lane that a caller waits for; changed under the lock. */
    private volatile int awaitedPrepayment;
    /** Number of writes with a waiting caller when the last group was taken. */
    private int expected = 1;
    /**
     * When the writer first found a write with a waiting caller in the present queue; 0 while it does not wait for
     * further ones.
     */
    private long gathering;
    /** Number of consecutive groups that were kept small or cut short while ordinary writes waited. */
    private int shortGroups;
    /** The same number before the group that was taken last, which may still be cut short. */
    private int shortGroupsBefore;
    /** Whether the group that was taken last may be cut short. */
    private boolean mayBeOvertaken;

    private boolean closing;

    /**
     * @param capacity maximum number of waiting writes in each lane
     * @param largestGroup maximum number of writes in one group
     * @param maxDelayNanos maximum time that an asynchronous write stays in the queue while the writer is idle
     * @param gatherNanos maximum time that a group waits until it has as many callers as the previous one
     * @param nanos a monotonic clock in nanoseconds
     */
    WriteQueue(int capacity, int largestGroup, long maxDelayNanos, long gatherNanos, LongSupplier nanos) {
        this.capacity = capacity;
        this.largestGroup = largestGroup;
        this.maxDelayNanos = maxDelayNanos;
        this.gatherNanos = gatherNanos;
        this.nanos = nanos;
    }

    /**
     * Submits a write.
     *
     * @param timeoutNanos maximum time to wait for room
     * @return false if there was no room, or the queue is closing
     */
    boolean offer(PendingWrite<?> write, long timeoutNanos) throws InterruptedException {
        ArrayDeque<PendingWrite<?>> lane = write.prepayment() ? prepayment : ordinary;
        lock.lockInterruptibly();
        try {
            long left = timeoutNanos;
            while (lane.size() >= capacity && !closing) {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
            if (closing) {
                return false;
            }
            write.number(++submitted);
            lane.add(write);
            count(write, 1);
            // the writer is woken only for writes that change how long it waits
            if (write.awaited() && (write.prepayment() || awaitedOrdinary == 1 || awaitedOrdinary >= expected)
                    || waiting() == 1
                    || waiting() >= largestGroup) {
                changed.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        return prepayment.size() + ordinary.size();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone, read without it
    private void count(PendingWrite<?> write, int by) {
        if (write.awaited() && write.prepayment()) {
            awaitedPrepayment += by;
        } else if (write.awaited()) {
            awaitedOrdinary += by;
        }
    }

    /**
     * The next group.
     *
     * @param timeoutNanos maximum time to wait until a group is due
     * @return empty if no group was due
     */
    List<PendingWrite<?>> take(long timeoutNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long end = nanos.getAsLong() + timeoutNanos;
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
                // the time has passed by the system's clock, whatever the injected clock shows
                if (changed.awaitNanos(wait) <= 0 && wait == left) {
                    return group();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilDue(long now) {
        if (waiting() == 0) {
            return Long.MAX_VALUE;
        }
        if (closing || awaitedPrepayment > 0 || waiting() >= largestGroup) {
            return 0;
        }
        long oldest = Math.min(sinceOf(prepayment), sinceOf(ordinary)) + maxDelayNanos - now;
        return awaitedOrdinary == 0 ? oldest : Math.min(oldest, untilGathered(now));
    }

    private static long sinceOf(ArrayDeque<PendingWrite<?>> lane) {
        return lane.isEmpty() ? Long.MAX_VALUE >> 1 : lane.peek().since();
    }

    private long untilGathered(long now) {
        if (awaitedOrdinary >= expected) {
            return 0;
        }
        if (gathering == 0) {
            gathering = now;
        }
        return gathering + gatherNanos - now;
    }

    private List<PendingWrite<?>> group() {
        boolean inOrder = shortGroups >= MAX_SHORT_GROUPS;
        boolean small = awaitedPrepayment > 0 && !inOrder;
        int max = small ? Math.min(PREPAYMENT_GROUP, largestGroup) : largestGroup;
        mayBeOvertaken = awaitedPrepayment == 0 && !inOrder;
        // a group with a prepayment write does not show how many callers write at the same time
        expected = awaitedPrepayment == 0 ? Math.max(1, awaitedOrdinary) : expected;
        gathering = 0;
        List<PendingWrite<?>> group = new ArrayList<>(Math.min(waiting(), max));
        while (group.size() < max && waiting() > 0) {
            group.add(taken(next(inOrder)));
        }
        shortGroupsBefore = shortGroups;
        shortGroups = small && !ordinary.isEmpty() ? shortGroups + 1 : 0;
        room.signalAll();
        return group;
    }

    private ArrayDeque<PendingWrite<?>> next(boolean inOrder) {
        if (prepayment.isEmpty() || ordinary.isEmpty()) {
            return prepayment.isEmpty() ? ordinary : prepayment;
        }
        return inOrder && ordinary.peek().number() < prepayment.peek().number() ? ordinary : prepayment;
    }

    private PendingWrite<?> taken(ArrayDeque<PendingWrite<?>> lane) {
        PendingWrite<?> write = lane.poll();
        count(write, -1);
        return write;
    }

    /**
     * Checked between the writes of a group: true if a caller waits for a write of the prepayment lane. Does not block.
     */
    boolean prepaymentAwaited() {
        return awaitedPrepayment > 0;
    }

    /**
     * Cuts short the group that was taken last: its remaining writes are returned to the front of the queue, and writes
     * of the prepayment lane take their place. Does nothing if the remaining writes include one of the prepayment lane,
     * or if the group was taken in the order of submission.
     *
     * @param group as returned by {@link #take}
     * @param done number of its writes that have been run, at least one
     */
    void overtake(List<PendingWrite<?>> group, int done) {
        lock.lock();
        try {
            if (!mayBeOvertaken) {
                return;
            }
            mayBeOvertaken = false;
            List<PendingWrite<?>> rest = group.subList(done, group.size());
            if (rest.stream().anyMatch(PendingWrite::prepayment)) {
                return;
            }
            for (int i = rest.size() - 1; i >= 0; i--) {
                count(rest.get(i), 1);
                ordinary.addFirst(rest.get(i));
            }
            rest.clear();
            shortGroups = shortGroupsBefore + 1;
            for (int i = 0; i < PREPAYMENT_GROUP && !prepayment.isEmpty(); i++) {
                group.add(taken(prepayment));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no more writes; pending ones are due at once. */
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

    /** True once no more writes are accepted. */
    boolean closing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** True once no more writes are accepted and all have been taken. */
    boolean ended() {
        lock.lock();
        try {
            return closing && waiting() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns the writes that the writer has not taken. */
    List<PendingWrite<?>> rest() {
        lock.lock();
        try {
            List<PendingWrite<?>> rest = new ArrayList<>(prepayment);
            rest.addAll(ordinary);
            prepayment.clear();
            ordinary.clear();
            awaitedOrdinary = 0;
            awaitedPrepayment = 0;
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
