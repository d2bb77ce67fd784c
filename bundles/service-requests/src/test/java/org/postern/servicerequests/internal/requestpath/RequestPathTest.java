package org.postern.servicerequests.internal.requestpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.servicerequests.internal.requestpath.Counts.Taken;

/**
 * How much is done for one request from its admission to its delivery: a count, not a time. The bounds are what it
 * takes today (docs/architecture.md, "The way of one request, counted"); a change that needs more must give the reason
 * in both places.
 */
class RequestPathTest {

    @TempDir
    Path folder;

    @Test
    void aReadTakesNoMoreThanItDid() throws Exception {
        Taken taken = least("4.1.1");
        assertThat(documents(taken, "admit")).as(taken.told()).isLessThanOrEqualTo(1);
        // the submission, the DCC's acknowledgement and the answer, once each
        assertThat(taken.documents()).as(taken.told()).hasSizeLessThanOrEqualTo(3);
        assertThat(taken.reads()).as(taken.told()).isLessThanOrEqualTo(2);
        assertThat(taken.writes()).as(taken.told()).isLessThanOrEqualTo(16);
        assertThat(taken.commits()).as(taken.told()).isLessThanOrEqualTo(6);
    }

    @Test
    void aCriticalCommandTakesNoMoreThanItDid() throws Exception {
        Taken taken = least("7.1");
        assertThat(documents(taken, "admit")).as(taken.told()).isLessThanOrEqualTo(1);
        assertThat(taken.documents()).as(taken.told()).hasSizeLessThanOrEqualTo(5);
        assertThat(taken.reads()).as(taken.told()).isLessThanOrEqualTo(2);
        assertThat(taken.writes()).as(taken.told()).isLessThanOrEqualTo(24);
        assertThat(taken.commits()).as(taken.told()).isLessThanOrEqualTo(8);
    }

    private static int documents(Taken taken, String entry) {
        return (int) taken.documents().stream()
                .filter(read -> read.startsWith(entry))
                .count();
    }

    /** What was done for that one of some requests for which the least was done. */
    @SuppressWarnings("unchecked")
    private Taken least(String service) throws Exception {
        List<Taken> taken = new ArrayList<>();
        CountingLoader house = new CountingLoader(getClass().getClassLoader());
        BiConsumer<Path, String> requests =
                (BiConsumer<Path, String>) house.loadClass("org.postern.servicerequests.internal.CountedRequest")
                        .getConstructor(Runnable.class, Runnable.class)
                        .newInstance((Runnable) Counts::reset, (Runnable) () -> taken.add(Counts.taken()));
        requests.accept(folder, service);
        // if the callback arrives before the DCC's acknowledgement, there is one more query and one transition less
        Taken least = taken.stream()
                .min(Comparator.comparingInt(Taken::reads).thenComparingInt(Taken::writes))
                .orElseThrow();
        assertThat(least.writes()).as("something was counted").isPositive();
        assertThat(least.documents()).as("something was counted").isNotEmpty();
        return least;
    }
}
