package org.postern.faultsimulation;

import java.util.Map;
import java.util.TreeMap;

/** How many faults of each kind were injected. */
final class Faults {

    private final Map<String, Long> byKind = new TreeMap<>();

    void injected(String kind) {
        injected(kind, 1);
    }

    void injected(String kind, long times) {
        if (times > 0) {
            byKind.merge(kind, times, Long::sum);
        }
    }

    void addAll(Faults others) {
        others.byKind.forEach((kind, count) -> byKind.merge(kind, count, Long::sum));
    }

    long all() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> byKind() {
        return byKind;
    }
}
