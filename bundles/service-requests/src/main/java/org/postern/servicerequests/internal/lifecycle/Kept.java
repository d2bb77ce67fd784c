package org.postern.servicerequests.internal.lifecycle;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Values in memory for a time, within bounds. Where there is no room what comes is not kept, and what is there stays:
 * it is wanted sooner. What nobody has taken for a minute is dropped. Safe for many threads.
 */
final class Kept<K, V> {

    /** Nanoseconds after which a value is dropped. */
    private static final long AGE = 60_000_000_000L;

    private final Map<K, Entry<V>> entries = new LinkedHashMap<>();
    private final long most;
    private final ToLongFunction<V> weight;
    private final LongSupplier nanos;
    private long weighs;

    private record Entry<V>(V value, long weight, long at) {}

    /**
     * Nothing yet.
     *
     * @param most bytes of all values together
     * @param weight about how many bytes a value takes
     * @param nanos a monotonic clock in nanoseconds
     */
    Kept(long most, ToLongFunction<V> weight, LongSupplier nanos) {
        this.most = most;
        this.weight = weight;
        this.nanos = nanos;
    }

    /** Keeps a value in place of the one of that key, where there is room. */
    synchronized void put(K key, V value) {
        take(key);
        long now = dropOld();
        long more = weight.applyAsLong(value);
        if (weighs + more <= most) {
            weighs += more;
            entries.put(key, new Entry<>(value, more, now));
        }
    }

    /** The value of that key, which stays. */
    synchronized Optional<V> get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null || old(entry, nanos.getAsLong()) ? Optional.empty() : Optional.of(entry.value());
    }

    /** The value of that key, which is kept no longer. */
    synchronized Optional<V> take(K key) {
        Entry<V> entry = entries.remove(key);
        if (entry == null) {
            return Optional.empty();
        }
        weighs -= entry.weight();
        return old(entry, nanos.getAsLong()) ? Optional.empty() : Optional.of(entry.value());
    }

    /**
     * Keeps another value in place of the one of that key, if there is one; none where it becomes none. Nobody comes
     * between.
     */
    synchronized void replace(K key, Function<V, Optional<V>> change) {
        take(key).flatMap(change).ifPresent(value -> put(key, value));
    }

    /**
     * Drops what is too old; without it such values only make room for others.
     *
     * @return now
     */
    synchronized long dropOld() {
        long now = nanos.getAsLong();
        Iterator<Entry<V>> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry<V> entry = oldest.next();
            if (!old(entry, now)) {
                break;
            }
            weighs -= entry.weight();
            oldest.remove();
        }
        return now;
    }

    /** About how many bytes all values take. */
    synchronized long weighs() {
        return weighs;
    }

    private static boolean old(Entry<?> entry, long now) {
        return now - entry.at() > AGE;
    }
}
