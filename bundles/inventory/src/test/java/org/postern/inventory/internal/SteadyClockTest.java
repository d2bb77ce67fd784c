package org.postern.inventory.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folders of the inventory are checked according to the monotonic clock, so changes of the system time cannot delay
 * it.
 */
class SteadyClockTest {

    @TempDir
    Path folder;

    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    @Test
    void aCheckIsDueAccordingToTheMonotonicClockEvenWhereThatOverflows() throws IOException {
        Path file = folder.resolve("devices.csv");
        CsvDeviceInventory inventory =
                new CsvDeviceInventory(file, Duration.ofSeconds(30), new SteadyClock(() -> nanos));
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789001,ESME,,\n");
        nanos += Duration.ofSeconds(29).toNanos();
        assertThat(inventory.size()).isZero();
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(inventory.size()).isEqualTo(1);
    }
}
