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
 * Serializes submissions with the same key, so that concurrent repetitions of a request find the first one and do not
 * use up counters. Submissions with other keys do not wait, and no caller waits longer than the timeout, so that a
 * submission that hangs does not block its repetitions. Safe for use by several threads.
 */
final class SubmissionLocks {

    private static final class KeyLock extends ReentrantLock {
        private static final long serialVersionUID = 1;
        private int users;
    }

    private final ConcurrentHashMap<String, KeyLock> locks = new ConcurrentHashMap<>();
    private final Duration timeout;

    /** @param timeout maximum time to wait for an earlier submission */
    SubmissionLocks(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Runs the work when no other work with that key is running.
     *
     * @throws PosternException PST-2113 after the timeout
     */
    <T> T exclusively(Optional<String> key, Supplier<T> work) {
        if (key.isEmpty()) {
            return work.get();
        }
        KeyLock lock = locks.compute(key.get(), (name, there) -> {
            KeyLock mine = there == null ? new KeyLock() : there;
            mine.users++;
            return mine;
        });
        boolean locked = false;
        try {
            locked = lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!locked) {
                throw new PosternException(ServiceRequestFault.STILL_AT_WORK.fault(
                        "correlation id", "still being processed after " + timeout.toSeconds() + " s"));
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PosternException(ServiceRequestFault.STILL_AT_WORK.fault("correlation id", "interrupted"), e);
        } finally {
            if (locked) {
                lock.unlock();
            }
            locks.compute(key.get(), (name, there) -> --lock.users == 0 ? null : there);
        }
    }
}
