package org.postern.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.Transition;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.internal.FullLifeCycle;

/**
 * Top-ups one after the other: how long until the digits are there, and until the result is delivered, and where it
 * waits.
 */
final class FirstLane {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_SECONDS = 60;
    private static final double MILLIS = 1e6;

    private final FullLifeCycle line;
    private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

    FirstLane(FullLifeCycle line) {
        this.line = line;
    }

    /** Something was delivered; false where it is of no top-up. */
    boolean delivered(OutboxEntry entry) {
        Optional<CountDownLatch> latch = entry.request().map(awaited::get);
        latch.ifPresent(CountDownLatch::countDown);
        return latch.isPresent() || entry.headers().containsValue("2.2");
    }

    /** Orders so many top-ups and prints the times. */
    void order(String title, int count) {
        Eui64 meter =
                line.simulator().population().devices(DeviceType.ESME).get(0).deviceId();
        List<Double> digits = new ArrayList<>();
        List<Double> delivery = new ArrayList<>();
        Map<String, List<Double>> steps = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            Admission admission = line.line()
                    .topUp(new TopUpOrder(
                            Channel.CONSOLE,
                            "IS",
                            meter,
                            TopUpAmount.of("5.00"),
                            Optional.empty(),
                            Optional.empty(),
                            "benchmark"));
            if (!(admission instanceof Admission.Accepted accepted)) {
                throw new IllegalStateException(admission.toString());
            }
            digits.add((System.nanoTime() - begun) / MILLIS);
            if (awaits(accepted.id())) {
                delivery.add((System.nanoTime() - begun) / MILLIS);
            }
            count(steps, line.ledger().path(accepted.id()));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        System.out.printf(Locale.ROOT, "top-ups %s: digits %s, delivery %s ms%n", title, text(digits), text(delivery));
        steps.forEach((step, times) -> System.out.printf(Locale.ROOT, "  %-32s %s ms%n", step, text(times)));
    }

    private boolean awaits(String id) {
        CountDownLatch latch = awaited.computeIfAbsent(id, key -> new CountDownLatch(1));
        try {
            boolean there = !line.ledger().deliveriesOf(id).isEmpty()
                    && line.ledger().path(id).stream()
                            .anyMatch(step -> step.to().name().equals("DELIVERED"));
            return there || latch.await(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            awaited.remove(id);
        }
    }

    private static void count(Map<String, List<Double>> steps, List<Transition> path) {
        for (int i = 1; i < path.size(); i++) {
            steps.computeIfAbsent(i + " to " + path.get(i).to(), step -> new ArrayList<>())
                    .add((double)
                            Duration.between(path.get(i - 1).at(), path.get(i).at())
                                    .toMillis());
        }
    }

    private static String text(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? "none"
                : String.format(Locale.ROOT, "p50 %.0f p99 %.0f", sorted.get(sorted.size() / 2), sorted.get((int)
                        (sorted.size() * 0.99)));
    }
}
