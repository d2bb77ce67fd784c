package org.postern.servicerequests.internal.lifecycle;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * A cache with a maximum size and age. If there is no room, a new value is not cached, because the older ones will be
 * needed sooner. Values are removed after one minute. Safe for use by several threads.
 */
final class ExpiringCache<K, V> {

    /** Maximum age of a value in nanoseconds. */
    private static final long AGE = 60_000_000_000L;

    private final Map<K, Entry<V>> entries = new LinkedHashMap<>();
    private final long maxWeight;
    private final ToLongFunction<V> weigher;
    private final LongSupplier nanos;
    private long totalWeight;

    private record Entry<V>(V value, long weight, long at) {}

    /**
     * Creates an empty cache.
     *
     * @param maxWeight maximum size of all values together, in bytes
     * @param weigher approximate size of a value in bytes
     * @param nanos a monotonic clock in nanoseconds
     */
    ExpiringCache(long maxWeight, ToLongFunction<V> weigher, LongSupplier nanos) {
        this.maxWeight = maxWeight;
        this.weigher = weigher;
        this.nanos = nanos;
    }

    /** Stores a value, replacing the one with the same key, if there is room. */
    synchronized void put(K key, V value) {
        take(key);
        long now = removeOld();
        long more = weigher.applyAsLong(value);
        if (totalWeight + more <= maxWeight) {
            totalWeight += more;
            entries.put(key, new Entry<>(value, more, now));
        }
    }

    /** The value with that key, which stays in the cache. */
    synchronized Optional<V> get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null || old(entry, nanos.getAsLong()) ? Optional.empty() : Optional.of(entry.value());
    }

    /** Removes and returns the value with that key. */
    synchronized Optional<V> take(K key) {
        Entry<V> entry = entries.remove(key);
        if (entry == null) {
            return Optional.empty();
        }
        totalWeight -= entry.weight();
        return old(entry, nanos.getAsLong()) ? Optional.empty() : Optional.of(entry.value());
    }

    /**
     * Replaces the value with that key, if there is one, by the result of the function; an empty result removes it.
     * Atomic.
     */
    synchronized void replace(K key, Function<V, Optional<V>> change) {
        take(key).flatMap(change).ifPresent(value -> put(key, value));
    }

    /**
     * Removes values that are too old. Without a call they are removed only when room is needed.
     *
     * @return now
     */
    synchronized long removeOld() {
        long now = nanos.getAsLong();
        Iterator<Entry<V>> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry<V> entry = oldest.next();
            if (!old(entry, now)) {
                break;
            }
            totalWeight -= entry.weight();
            oldest.remove();
        }
        return now;
    }

    /** Approximate size of all values in bytes. */
    synchronized long totalWeight() {
        return totalWeight;
    }

    private static boolean old(Entry<?> entry, long now) {
        return now - entry.at() > AGE;
    }
}
