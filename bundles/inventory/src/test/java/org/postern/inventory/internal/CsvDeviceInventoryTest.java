package org.postern.inventory.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;

class CsvDeviceInventoryTest {

    private static final Eui64 FIRST = Eui64.parse("00DB123456789001");
    private static final Eui64 SECOND = Eui64.parse("00DB123456789002");

    @TempDir
    Path folder;

    @Test
    void aFileThatIsDeletedRemovesNoDeviceAndOneThatNeverExistedIsReportedMissing() throws IOException {
        Path file = folder.resolve("devices.csv");
        CsvDeviceInventory inventory = new CsvDeviceInventory(file, Duration.ZERO, Clock.systemUTC());
        assertThat(inventory.missing()).contains(file.toString());
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789001,ESME,,\n");
        assertThat(inventory.missing()).isEmpty();
        Files.delete(file);
        assertThat(inventory.find(FIRST)).isPresent();
        assertThat(inventory.missing()).isEmpty();
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789002,ESME,,\n");
        assertThat(inventory.find(FIRST)).isEmpty();
    }

    @Test
    void aChangedFileIsReadAgainAndAnInvalidOneIsNot() throws IOException {
        Path file = folder.resolve("devices.csv");
        CsvDeviceInventory inventory = new CsvDeviceInventory(file, Duration.ZERO, Clock.systemUTC());
        assertThat(inventory.size()).isZero();
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789001,ESME,,\n");
        assertThat(inventory.find(FIRST)).isPresent();
        assertThat(inventory.find(SECOND)).isEmpty();
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789002,ESME,,\nnonsense,x\n");
        assertThat(inventory.find(FIRST)).isPresent();
        Files.writeString(file, "deviceId,deviceType,variant,attributes\n00DB123456789002,ESME,polyphase,\n");
        assertThat(inventory.find(SECOND)).isPresent();
        assertThat(inventory.find(FIRST)).isEmpty();
    }
}
