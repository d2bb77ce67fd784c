package org.postern.faultsimulation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.Manifest;

/** The command {@code tools/fault-simulation}. */
public final class Main {

    private static final String USAGE =
            "usage: fault-simulation [--seed S] [--seeds N] [--minutes M] [--requests R] [--threads T] [--trace]";

    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int MAX_THREADS = 64;
    /** What {@code pom.xml} has where the build did not know its commit. */
    private static final String NO_COMMIT = "unknown";

    private long first = 1;
    private long seeds = 1;
    private double minutes;
    private int requests = 100;
    private int threads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private boolean trace;
    private final Faults faults = new Faults();
    private double days;
    private long runs;
    private long violations;
    /** A person has stopped it. */
    private volatile boolean stopped;

    private Main() {}

    /**
     * Runs the seeds that are asked for; ends with 1 where a rule was broken, with 2 where the command is not
     * understood.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Main main = new Main();
        try {
            main.read(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(USAGE);
            System.exit(2);
        }
        main.run();
        System.exit(main.violations > 0 ? 1 : 0);
    }

    /** What would run no seed, and so find nothing, is refused. */
    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed" -> first = whole(arguments, ++i, Long.MIN_VALUE, Long.MAX_VALUE);
                case "--seeds" -> seeds = whole(arguments, ++i, 1, Long.MAX_VALUE);
                case "--minutes" -> minutes = minutes(value(arguments, ++i));
                case "--requests" -> requests = (int) whole(arguments, ++i, 1, Integer.MAX_VALUE);
                case "--threads" -> threads = (int) whole(arguments, ++i, 1, MAX_THREADS);
                case "--trace" -> trace = true;
                default -> throw new IllegalArgumentException("there is no option " + arguments[i]);
            }
        }
        if (first > Long.MAX_VALUE - seeds) {
            throw new IllegalArgumentException("there are no " + seeds + " seeds from " + first + " on");
        }
    }

    private static long whole(String[] arguments, int i, long min, long max) {
        String text = value(arguments, i);
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException(
                arguments[i - 1] + " is a whole number from " + min + " to " + max + ", not " + text);
    }

    private static double minutes(String text) {
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number <= LONGEST.toMinutes()) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException("--minutes is a number up to " + LONGEST.toMinutes() + ", not " + text);
    }

    private static String value(String[] arguments, int i) {
        if (i >= arguments.length) {
            throw new IllegalArgumentException(arguments[i - 1] + " has no value");
        }
        return arguments[i];
    }

    private void run() throws IOException, InterruptedException {
        Path memory = Path.of("/dev/shm");
        Path folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "postern-simulation")
                : Files.createTempDirectory("postern-simulation");
        // a person stops it before its end; what lies in memory would stay there
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopped = true;
                            deleteQuietly(folder);
                        },
                        "delete"));
        try {
            Keys keys = new Keys(folder);
            Simulation simulation =
                    new Simulation(keys, folder, requests, Plants.NONE, trace ? System.out::println : line -> {});
            long end = System.nanoTime() + (long) (minutes * 60e9);
            AtomicLong next = new AtomicLong(first);
            ExecutorService pool = Executors.newFixedThreadPool(trace ? 1 : threads);
            for (int i = 0; i < threads; i++) {
                pool.execute(() -> {
                    // a seed that is taken is run: they are all from the first to the last
                    while (!stopped && (minutes == 0 || System.nanoTime() < end)) {
                        long seed = next.getAndIncrement();
                        if (minutes == 0 && seed >= first + seeds) {
                            return;
                        }
                        one(simulation, seed);
                    }
                });
            }
            pool.shutdown();
            pool.awaitTermination(2 * LONGEST.toDays(), TimeUnit.DAYS);
        } finally {
            Simulation.delete(folder);
        }
        faults.byKind()
                .forEach((kind, count) -> System.out.println(String.format(Locale.ROOT, "%10d %s", count, kind)));
        if (runs > 1) {
            System.out.println("seeds " + first + " to " + (first + runs - 1) + " with " + requests + " requests each");
        }
        System.out.println(String.format(
                Locale.ROOT,
                "%d seeds, %.0f simulated days, %d faults injected, %d violations",
                runs,
                days,
                faults.all(),
                violations));
    }

    private static void deleteQuietly(Path folder) {
        try {
            if (Files.exists(folder)) {
                Simulation.delete(folder);
            }
        } catch (IOException e) {
            System.err.println("left behind: " + folder);
        }
    }

    private void one(Simulation simulation, long seed) {
        Simulation.Result result;
        try {
            result = simulation.run(seed);
        } catch (IOException | RuntimeException | Error e) {
            synchronized (this) {
                if (stopped) {
                    // its files were taken away
                    return;
                }
                runs++;
                violations++;
                System.out.println("seed " + seed + " broke off: " + e);
                e.printStackTrace(System.out);
                replayed(seed);
            }
            return;
        }
        synchronized (this) {
            runs++;
            days += result.days();
            faults.addAll(result.faults());
            violations += result.violations().size();
            if (!result.violations().isEmpty() || trace || seeds == 1 && minutes == 0) {
                System.out.println("seed " + seed + " trace " + result.trace());
            }
            if (!result.violations().isEmpty()) {
                result.violations().forEach(violation -> System.out.println("seed " + seed + " violates " + violation));
                replayed(seed);
            }
        }
    }

    /** How to have the same day again. */
    private void replayed(long seed) {
        System.out.println("again: tools/fault-simulation --seed " + seed + " --requests " + requests
                + commit().map(c -> " # commit " + c).orElse(""));
    }

    /** Of which commit this program was built; empty where the build did not know it. */
    private static Optional<String> commit() {
        try (InputStream in = Main.class.getResourceAsStream("/META-INF/MANIFEST.MF")) {
            return in == null
                    ? Optional.empty()
                    : Optional.ofNullable(new Manifest(in).getMainAttributes().getValue("Git-Commit"))
                            .filter(commit -> !commit.equals(NO_COMMIT));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
