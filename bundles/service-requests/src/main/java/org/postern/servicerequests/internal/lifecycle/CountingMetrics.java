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

    private static final double NANOS = 1e9;

    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    /** In nanoseconds. */
    private final Map<String, LongAdder> times = new ConcurrentHashMap<>();

    @Override
    public void count(String name, String label, String value) {
        add(name + "{" + label + "=\"" + value + "\"}", 1);
    }

    @Override
    public void time(String name, long nanos) {
        times.computeIfAbsent(name + "_seconds_sum", k -> new LongAdder()).add(nanos);
        add(name + "_seconds_count", 1);
    }

    private void add(String key, long amount) {
        counters.computeIfAbsent(key, k -> new LongAdder()).add(amount);
    }

    @Override
    public Map<String, Number> snapshot() {
        Map<String, Number> snapshot = new TreeMap<>();
        counters.forEach((key, adder) -> snapshot.put(key, adder.sum()));
        times.forEach((key, adder) -> snapshot.put(key, adder.sum() / NANOS));
        return snapshot;
    }
}
