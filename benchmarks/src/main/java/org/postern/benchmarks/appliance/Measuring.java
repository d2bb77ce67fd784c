package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures loads on one stand, or on several in turn, window by window. */
final class Measuring {

    /**
     * How long.
     *
     * @param inFlight requests between hand-in and result
     * @param windows of each load
     * @param window length of one
     * @param warmUpRequests before the first load's first window; before those of the others a third of it
     * @param warmUpMost or so long
     */
    record Plan(int inFlight, int windows, Duration window, long warmUpRequests, Duration warmUpMost) {}

    /** What is measured between the windows while nothing is handed in. */
    interface Between {

        /** So many windows of all are over. */
        void after(int windows, int all) throws IOException, InterruptedException;
    }

    private static final long POLL_MILLIS = 200;
    private static final int TENTHS = 10;
    /** As much is in flight at the beginning of a window as at its end. */
    private static final Duration FILLING = Duration.ofSeconds(1);

    private final Plan plan;
    private boolean warm;

    Measuring(Plan plan) {
        this.plan = plan;
    }

    /** The windows of that load, alternated between the stands. */
    Map<Stand, Result> measure(Load load, List<Stand> stands, Between between)
            throws IOException, InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        Map<Stand, Series> series = new LinkedHashMap<>();
        for (Stand stand : stands) {
            warmUp(load, stand);
            series.put(stand, new Series());
        }
        warm = true;
        Map<Stand, long[]> before = new LinkedHashMap<>();
        for (Stand stand : stands) {
            before.put(stand, new long[] {stand.count().path("finished").asLong(), stand.ledgerBytes()});
        }
        for (int i = 0; i < plan.windows(); i++) {
            for (Stand stand : stands) {
                Window window = window(load, stand);
                series.get(stand).add(window);
                System.out.printf("%-12s %-12s %s%n", stand.name(), load.name(), window.line());
            }
            between.after(i + 1, plan.windows());
        }
        Map<Stand, Result> results = new LinkedHashMap<>();
        for (Stand stand : stands) {
            long requests = stand.count().path("finished").asLong() - before.get(stand)[0];
            Result result = new Result(
                    series.get(stand), (stand.ledgerBytes() - before.get(stand)[1]) / (double) requests, processors);
            results.put(stand, result);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %s; ledger %.0f bytes each; hand-in to result 50 %% within %.0f ms, 99 %% within %.0f ms; %s%n",
                    stand.name(),
                    load.name(),
                    result.series().line(processors),
                    result.ledgerBytes(),
                    stand.count().path("p50Micros").asLong() / 1000.0,
                    stand.count().path("p99Micros").asLong() / 1000.0,
                    result.series().steady()
                            ? "steady"
                            : "NOT STEADY: the last windows differ by more than " + Series.STEADY * 100 + " %");
        }
        return results;
    }

    /** Hands in until so many more requests have their results. */
    void run(Load load, Stand stand, long requests) throws IOException, InterruptedException {
        warmUp(load, stand, requests, Duration.ofDays(1));
    }

    /** The heap that is held after each tenth of so many requests. */
    HeldHeap heap(Load load, Stand stand, long requests) throws IOException, InterruptedException {
        HeldHeap held = new HeldHeap();
        for (int tenth = 1; tenth <= TENTHS; tenth++) {
            run(load, stand, requests / TENTHS);
            held.add(
                    stand.count().path("finished").asLong(),
                    Heap.liveKibibytes(stand.postern().pid()));
            System.out.printf(Locale.ROOT, "%s, %s: %s%n", stand.name(), load.name(), held.last());
        }
        System.out.printf(Locale.ROOT, "%s, %s: %s%n", stand.name(), load.name(), held.verdict());
        return held;
    }

    private void warmUp(Load load, Stand stand) throws IOException, InterruptedException {
        warmUp(load, stand, warm ? plan.warmUpRequests() / 3 : plan.warmUpRequests(), plan.warmUpMost());
    }

    private void warmUp(Load load, Stand stand, long requests, Duration max) throws IOException, InterruptedException {
        long wanted = stand.count().path("finished").asLong() + requests;
        long start = System.nanoTime();
        stand.load(load, plan.inFlight());
        while (stand.count().path("finished").asLong() < wanted && System.nanoTime() - start < max.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        stand.drain();
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %d requests in all, after %.0f s%n",
                stand.name(),
                load.name(),
                stand.count().path("finished").asLong(),
                (System.nanoTime() - start) / 1e9);
    }

    private Window window(Load load, Stand stand) throws IOException, InterruptedException {
        stand.load(load, plan.inFlight());
        TimeUnit.MILLISECONDS.sleep(FILLING.toMillis());
        Reading from = stand.read();
        TimeUnit.MILLISECONDS.sleep(plan.window().toMillis());
        Reading to = stand.read();
        stand.drain();
        return Window.between(from, to);
    }
}
