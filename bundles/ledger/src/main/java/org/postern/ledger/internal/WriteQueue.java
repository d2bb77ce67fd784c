package org.postern.ledger.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What waits for the one writer, whether somebody waits for it or not, in two lanes: writes of top-ups go before all
 * others. A group is due when somebody waits for one of its writes, when the oldest that nobody waits for has waited
 * its time, or when the group is full. Where several callers are at work, those of the last group are on their way with
 * their next writes: a moment is left to them to come, since a commit costs as much as several writes. A lone caller is
 * never held up by it, nor is a top-up.
 *
 * <p>What holds of the order: each lane keeps its own; no ordinary write is taken before an earlier one of the first
 * lane; one of the first lane goes before earlier ordinary ones. After {@link #MOST_SHORT_GROUPS} groups on end that
 * left ordinary writes waiting for the sake of a top-up, one is taken in the order in which all was handed in. So
 * writes that depend on one another belong in one lane, or the later one in the ordinary one. Safe between threads; one
 * of them takes.
 */
final class WriteQueue {

    /** A group that holds a write of the first lane is no larger, so that the write does not wait for many others. */
    static final int FIRST_GROUP = 16;
    /** So many groups on end at most are kept small or cut short for top-ups while ordinary writes wait. */
    static final int MOST_SHORT_GROUPS = 4;

    private final int capacity;
    private final int largestGroup;
    private final long longestNanos;
    private final long gatherNanos;
    private final LongSupplier nanos;
    private final ArrayDeque<PendingWrite<?>> first = new ArrayDeque<>();
    private final ArrayDeque<PendingWrite<?>> ordinary = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private long handedIn;
    /** Ordinary ones that somebody waits for. */
    private int hurried;
    /** Of the first lane, those that somebody waits for; changed under the lock. */
    private volatile int urgent;
    /** How many that somebody waited for were there when the last group was taken. */
    private int expected = 1;
    /** When the writer first found one in the present queue that somebody waits for; while it gathers. */
    private long gathering;
    /** How many groups on end were kept small or cut short while ordinary writes waited. */
    private int shortGroups;
    /** The same before the group that was taken last, which may still be cut short. */
    private int shortGroupsBefore;
    /** Whether the group that was taken last may be cut short. */
    private boolean mayBeOvertaken;

    private boolean closing;

    /**
     * @param capacity how many writes of a lane may wait
     * @param largestGroup most writes of one group
     * @param longestNanos how long a write that nobody waits for stays in the queue at most while the writer is free
     * @param gatherNanos how long at most a group waits until as many callers have come as the last one had
     * @param nanos a monotonic clock in nanoseconds
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
        ArrayDeque<PendingWrite<?>> lane = write.first() ? first : ordinary;
        lock.lockInterruptibly();
        try {
            long left = patienceNanos;
            while (lane.size() >= capacity && !closing) {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
            if (closing) {
                return false;
            }
            write.number(++handedIn);
            lane.add(write);
            count(write, 1);
            // the writer is woken for what changes how long it waits, not for each that joins the others
            if (write.hurried() && (write.first() || hurried == 1 || hurried >= expected)
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
        return first.size() + ordinary.size();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone, read without it
    private void count(PendingWrite<?> write, int by) {
        if (write.hurried() && write.first()) {
            urgent += by;
        } else if (write.hurried()) {
            hurried += by;
        }
    }

    /**
     * The next group.
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
        if (waiting() == 0) {
            return Long.MAX_VALUE;
        }
        if (closing || urgent > 0 || waiting() >= largestGroup) {
            return 0;
        }
        long oldest = Math.min(sinceOf(first), sinceOf(ordinary)) + longestNanos - now;
        return hurried == 0 ? oldest : Math.min(oldest, untilGathered(now));
    }

    private static long sinceOf(ArrayDeque<PendingWrite<?>> lane) {
        return lane.isEmpty() ? Long.MAX_VALUE >> 1 : lane.peek().since();
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
        boolean inOrder = shortGroups >= MOST_SHORT_GROUPS;
        boolean small = urgent > 0 && !inOrder;
        int most = small ? Math.min(FIRST_GROUP, largestGroup) : largestGroup;
        mayBeOvertaken = urgent == 0 && !inOrder;
        // what comes with a top-up says nothing of how many come together
        expected = urgent == 0 ? Math.max(1, hurried) : expected;
        gathering = 0;
        List<PendingWrite<?>> group = new ArrayList<>(Math.min(waiting(), most));
        while (group.size() < most && waiting() > 0) {
            group.add(taken(next(inOrder)));
        }
        shortGroupsBefore = shortGroups;
        shortGroups = small && !ordinary.isEmpty() ? shortGroups + 1 : 0;
        room.signalAll();
        return group;
    }

    private ArrayDeque<PendingWrite<?>> next(boolean inOrder) {
        if (first.isEmpty() || ordinary.isEmpty()) {
            return first.isEmpty() ? ordinary : first;
        }
        return inOrder && ordinary.peek().number() < first.peek().number() ? ordinary : first;
    }

    private PendingWrite<?> taken(ArrayDeque<PendingWrite<?>> lane) {
        PendingWrite<?> write = lane.poll();
        count(write, -1);
        return write;
    }

    /**
     * Asked between the writes of a group: true where somebody waits for a write of the first lane. Waits for nothing.
     */
    boolean urged() {
        return urgent > 0;
    }

    /**
     * Cuts the group that was taken last short: what is left of it goes back to where it was, and the writes of the
     * first lane take its place. Not where what is left has writes of the first lane in it, and not where the group was
     * taken for those that were overtaken.
     *
     * @param group as {@link #take} gave it
     * @param done how many of them have been run, at least one
     */
    void overtake(List<PendingWrite<?>> group, int done) {
        lock.lock();
        try {
            if (!mayBeOvertaken) {
                return;
            }
            mayBeOvertaken = false;
            List<PendingWrite<?>> rest = group.subList(done, group.size());
            if (rest.stream().anyMatch(PendingWrite::first)) {
                return;
            }
            for (int i = rest.size() - 1; i >= 0; i--) {
                count(rest.get(i), 1);
                ordinary.addFirst(rest.get(i));
            }
            rest.clear();
            shortGroups = shortGroupsBefore + 1;
            for (int i = 0; i < FIRST_GROUP && !first.isEmpty(); i++) {
                group.add(taken(first));
            }
        } finally {
            lock.unlock();
        }
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
            return closing && waiting() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** What the writer has left behind. */
    List<PendingWrite<?>> rest() {
        lock.lock();
        try {
            List<PendingWrite<?>> rest = new ArrayList<>(first);
            rest.addAll(ordinary);
            first.clear();
            ordinary.clear();
            hurried = 0;
            urgent = 0;
            return rest;
        } finally {
            lock.unlock();
        }
    }
}
