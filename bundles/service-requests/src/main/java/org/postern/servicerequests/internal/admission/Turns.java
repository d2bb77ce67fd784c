package org.postern.servicerequests.internal.admission;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.postern.catalogue.PosternException;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * One after the other what bears the same key at the same interface, so that the same order handed in many times at
 * once finds the first one and spends no counter of its own. Orders under other keys do not wait, and nobody waits
 * longer than the patience: where the first one hangs, those that come behind it do not hang as well. Safe for many
 * threads.
 */
final class Turns {

    private static final class Turn extends ReentrantLock {
        private static final long serialVersionUID = 1;
        private int users;
    }

    private final ConcurrentHashMap<String, Turn> taken = new ConcurrentHashMap<>();
    private final Duration patience;

    /** @param patience how long one waits for its turn */
    Turns(Duration patience) {
        this.patience = patience;
    }

    /**
     * What the work gives, once nobody else is at work under that key.
     *
     * @throws PosternException PST-2113 where that is not so in time
     */
    <T> T take(Optional<String> key, Supplier<T> work) {
        if (key.isEmpty()) {
            return work.get();
        }
        Turn turn = taken.compute(key.get(), (name, there) -> {
            Turn mine = there == null ? new Turn() : there;
            mine.users++;
            return mine;
        });
        boolean mine = false;
        try {
            mine = turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new PosternException(ServiceRequestFault.STILL_AT_WORK.fault(
                        "correlation id", "still at work after " + patience.toSeconds() + " s"));
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PosternException(ServiceRequestFault.STILL_AT_WORK.fault("correlation id", "interrupted"), e);
        } finally {
            if (mine) {
                turn.unlock();
            }
            taken.compute(key.get(), (name, there) -> --turn.users == 0 ? null : there);
        }
    }
}
