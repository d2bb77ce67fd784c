package org.postern.servicerequests.internal.lifecycle;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Component;
import org.postern.servicerequests.Metrics;

/** Counters in memory. */
@Component(service = Metrics.class)
public final class CountingMetrics implements Metrics {

    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    @Override
    public void count(String name, String label, String value) {
        add(name + "{" + label + "=\"" + value + "\"}", 1);
    }

    @Override
    public void time(String name, long nanos) {
        add(name + "_nanoseconds_sum", nanos);
        add(name + "_count", 1);
    }

    private void add(String key, long amount) {
        counters.computeIfAbsent(key, k -> new LongAdder()).add(amount);
    }

    @Override
    public Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        counters.forEach((key, adder) -> snapshot.put(key, adder.sum()));
        return snapshot;
    }
}
