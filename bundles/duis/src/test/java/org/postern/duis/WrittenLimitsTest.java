package org.postern.duis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;

/** A reader accepts exactly those documents that a writer with the same limits writes. */
class WrittenLimitsTest {

    private static final RequestId ID = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:7");
    private static final int TREES = 20_000;

    @Test
    void writerAndReaderApplyTheSameLimits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DuisLimits limits = new DuisLimits(1000, 7, 24, 4);
        DuisReader reader = new DuisReader(limits);
        Set<DuisFault> refusals = EnumSet.noneOf(DuisFault.class);
        int taken = 0;
        for (int i = 0; i < TREES; i++) {
            DuisRequest request = new DuisRequest(ID, CommandVariant.CV1, "4.1", "4.1.1", tree(random, 1));
            String written = outcome(() -> DuisWriter.write(request, limits), refusals);
            String read = outcome(
                    () -> reader.readRequest(DuisWriter.write(request).toArray()), EnumSet.noneOf(DuisFault.class));
            assertThat(written.isEmpty())
                    .as("seed %d tree %d: %s, %s", seed, i, written, read)
                    .isEqualTo(read.isEmpty());
            taken += written.isEmpty() ? 1 : 0;
        }
        assertThat(taken).as("documents within the limits").isBetween(TREES / 20, TREES - TREES / 20);
        assertThat(refusals).contains(DuisFault.DOCUMENT_TOO_LARGE, DuisFault.DOCUMENT_TOO_COMPLEX);
    }

    private static DuisElement tree(Random random, int depth) {
        DuisElement element = depth >= 7 || random.nextInt(3) == 0
                ? DuisElement.leaf("E" + random.nextInt(9), "t".repeat(random.nextInt(400)))
                : parent(random, depth);
        for (int i = random.nextInt(12) == 0 ? random.nextInt(6) : 0; i > 0; i--) {
            element = element.with("a" + i, "v");
        }
        return element;
    }

    private static DuisElement parent(Random random, int depth) {
        List<DuisElement> children = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            children.add(tree(random, depth + 1));
        }
        return DuisElement.of("E" + random.nextInt(9), children);
    }

    private static String outcome(Runnable step, Set<DuisFault> refusals) {
        try {
            step.run();
            return "";
        } catch (PosternException e) {
            Stream.of(DuisFault.values())
                    .filter(kind -> kind.code().equals(e.fault().code()))
                    .forEach(refusals::add);
            return e.fault().code();
        }
    }

    // the JSON form has no limit that prevents this, but every later step would refuse the document
    @Test
    void anAttributeTooLongForATagIsRefusedWhenItIsWritten() {
        DuisRequest request = new DuisRequest(
                ID,
                CommandVariant.CV1,
                "4.1",
                "4.1.1",
                DuisElement.leaf("E", "").with("index", "1".repeat(20_000)));
        assertThat(outcome(() -> DuisWriter.write(request, DuisLimits.DEFAULT), EnumSet.noneOf(DuisFault.class)))
                .isEqualTo(outcome(
                        () -> new DuisReader(DuisLimits.DEFAULT)
                                .readRequest(DuisWriter.write(request).toArray()),
                        EnumSet.noneOf(DuisFault.class)))
                .isNotEmpty();
    }
}
