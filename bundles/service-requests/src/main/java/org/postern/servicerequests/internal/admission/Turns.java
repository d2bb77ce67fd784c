package org.postern.servicerequests.internal.admission;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One after the other what bears the same key at the same interface, so that the same order handed in many times at
 * once finds the first one and spends no counter of its own. Orders under other keys do not wait. Safe for many threads.
 */
final class Turns {

    private static final class Turn extends ReentrantLock {
        private static final long serialVersionUID = 1;
        private int users;
    }

    private final ConcurrentHashMap<String, Turn> taken = new ConcurrentHashMap<>();

    /** What the work gives, once nobody else is at work under that key. */
    <T> T take(Optional<String> key, Supplier<T> work) {
        if (key.isEmpty()) {
            return work.get();
        }
        Turn turn = taken.compute(key.get(), (name, there) -> {
            Turn mine = there == null ? new Turn() : there;
            mine.users++;
            return mine;
        });
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
            taken.compute(key.get(), (name, there) -> --turn.users == 0 ? null : there);
        }
    }
}
