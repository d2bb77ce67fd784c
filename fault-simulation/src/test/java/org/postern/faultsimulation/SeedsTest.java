package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Await;

/**
 * The same few seeds each time, and for some minutes seeds of the day: what was right yesterday is tried on another
 * day.
 */
@Timeout(value = 1, unit = java.util.concurrent.TimeUnit.DAYS)
class SeedsTest {

    private static final long FIXED = 6;
    private static final int REQUESTS = 100;

    @TempDir
    Path folder;

    @Test
    void noSeedBreaksARule() throws Exception {
        Simulation simulation = new Simulation(new Keys(folder), folder, REQUESTS, Plants.NONE, line -> {});
        List<String> violations = new ArrayList<>();
        Faults fixed = new Faults();
        for (long seed = 1; seed <= FIXED; seed++) {
            fixed.addAll(run(simulation, seed, violations));
        }
        assertThat(fixed.byKind())
                .as("both lanes of the ledger's queue are in use at once")
                .containsKey(Faults.Kind.TOP_UP_FIRST.words());
        long end = System.nanoTime()
                + (long) (Double.parseDouble(System.getProperty("postern.simulation.minutes", "1")) * 60e9);
        long today = LocalDate.now(ZoneOffset.UTC).toEpochDay() * 100_000;
        System.out.println("fault simulation: fresh seeds from " + today);
        for (long seed = today; System.nanoTime() < end; seed++) {
            run(simulation, seed, violations);
        }
        assertThat(violations).isEmpty();
    }

    private static Faults run(Simulation simulation, long seed, List<String> violations) throws Exception {
        Simulation.Result result = simulation.run(seed);
        result.violations()
                .forEach(violation -> violations.add("tools/fault-simulation --seed " + seed + ": " + violation));
        return result.faults();
    }

    /** Else a long run ends for want of memory. */
    @Test
    void aRunThatHasEndedIsHeldByNothing() throws Exception {
        Keys keys = new Keys(folder);
        WeakReference<Plants> run = ended(keys);
        // Flyway keeps the last database that it had to do with
        new Simulation(keys, folder, REQUESTS / 5, Plants.NONE, line -> {}).run(2);
        Await.until("the run is gone", Duration.ofMinutes(1), () -> {
            System.gc();
            return run.refersTo(null);
        });
    }

    private WeakReference<Plants> ended(Keys keys) throws Exception {
        Plants own = new Plants() {};
        new Simulation(keys, folder, REQUESTS / 5, own, line -> {}).run(1);
        return new WeakReference<>(own);
    }
}
