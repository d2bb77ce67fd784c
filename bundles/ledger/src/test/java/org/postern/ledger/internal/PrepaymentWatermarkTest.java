package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.ledger.LedgerException;
import org.postern.ledger.internal.PrepaymentWatermark.Series;

/** A file that is appended to: incomplete last lines, growth, concurrent writers, a disk that refuses writes. */
class PrepaymentWatermarkTest {

    private static final Series ONE = new Series(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB123456789001"));
    private static final Series TWO = new Series(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB123456789002"));

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("counters.watermark.prepayment");
    }

    @Test
    void whatWasMarkedIsThereAfterAReopenAndLowerMarksChangeNothing() {
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file())) {
            mark.mark(ONE, 5);
            mark.mark(ONE, 3);
            mark.mark(TWO, 1);
            assertThat(mark.highest(ONE)).isEqualTo(5);
        }
        try (PrepaymentWatermark again = new PrepaymentWatermark(file())) {
            assertThat(again.highest(ONE)).isEqualTo(5);
            assertThat(again.highest(TWO)).isEqualTo(1);
        }
    }

    /** Files of several nodes may be put together: the highest line of a series counts, wherever it stands. */
    @Test
    void theHighestLineOfASeriesCounts() throws IOException {
        Files.writeString(
                file(),
                "90B3D51F30010000:00DB123456789001=9\n"
                        + "90B3D51F30010000:00DB123456789002=1\n"
                        + "90B3D51F30010000:00DB123456789001=7\n");
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file())) {
            assertThat(mark.highest(ONE)).isEqualTo(9);
            assertThat(mark.highest(TWO)).isEqualTo(1);
        }
    }

    @Test
    void anIncompleteLastLineIsIgnoredAndDoesNotCorruptTheNext() throws IOException {
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file())) {
            mark.mark(ONE, 5);
        }
        Files.writeString(file(), "90B3D51F30010000:00DB1234567", StandardOpenOption.APPEND);
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file())) {
            mark.mark(TWO, 8);
        }
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file())) {
            assertThat(mark.highest(ONE)).isEqualTo(5);
            assertThat(mark.highest(TWO)).isEqualTo(8);
        }
    }

    @Test
    void anInvalidLineStopsTheCountersAndIsNamed() throws IOException {
        Files.writeString(file(), "# comment\n90B3D51F30010000:00DB123456789001=7\nnonsense\n");
        assertThatThrownBy(() -> new PrepaymentWatermark(file())).isInstanceOfSatisfying(LedgerException.class, e -> {
            assertThat(e.kind()).isEqualTo(LedgerException.Kind.COUNTER);
            assertThat(e.fault().field()).isEqualTo("counters.watermark.prepayment:3");
        });
    }

    @Test
    void itIsWrittenAnewBeforeItGrowsWithoutEnd() throws IOException {
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file(), 20)) {
            for (int n = 1; n <= 1000; n++) {
                mark.mark(ONE, n);
            }
        }
        assertThat(Files.readAllLines(file()))
                .hasSizeLessThan(30)
                .last()
                .asString()
                .endsWith("=1000");
    }

    @Test
    void manyThreadsLoseNothing() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (PrepaymentWatermark mark = new PrepaymentWatermark(file(), 50)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Series own = new Series(ONE.originator(), new Eui64(t + 1));
                futures.add(pool.submit(() -> {
                    for (int n = 1; n <= 100; n++) {
                        mark.mark(own, n);
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
        }
        pool.shutdown();
        try (PrepaymentWatermark again = new PrepaymentWatermark(file())) {
            for (int t = 0; t < 8; t++) {
                assertThat(again.highest(new Series(ONE.originator(), new Eui64(t + 1))))
                        .isEqualTo(100);
            }
        }
    }

    @Test
    void aFailedWriteIsRefusedAndTheNextOneSucceeds() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        try (PrepaymentWatermark mark = new PrepaymentWatermark(own.resolve("w"), 0)) {
            // three lines for one series: the next mark rewrites the file
            for (int n = 1; n <= 3; n++) {
                mark.mark(ONE, n);
            }
            Path away = Files.move(own, folder.resolve("away"));
            assertThatThrownBy(() -> mark.mark(ONE, 4))
                    .isInstanceOfSatisfying(
                            LedgerException.class,
                            e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.UNAVAILABLE));
            Files.move(away, own);
            mark.mark(ONE, 4);
        }
        try (PrepaymentWatermark again = new PrepaymentWatermark(own.resolve("w"))) {
            assertThat(again.highest(ONE)).isEqualTo(4);
        }
    }
}
