package org.postern.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.inventory.internal.CsvDeviceInventory;

class FirmwareListTest {

    private static final String HASH = "ab".repeat(32);

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("firmware.csv"), text);
    }

    @Test
    void anImageIsFoundInEitherCaseForEachTypeOfDevice() throws IOException {
        FirmwareList list = FirmwareList.read(file("# approved on 3 May\nsha256,deviceType,version\n" + HASH
                + ",ESME,1.2.3\n\n" + HASH + ",gsme,1.2.4\n"));
        assertThat(list.size()).isEqualTo(2);
        assertThat(list.find(HASH.toUpperCase(java.util.Locale.ROOT)))
                .containsExactlyElementsOf(list.find(HASH))
                .extracting(FirmwareList.Image::deviceType)
                .containsExactly(DeviceType.ESME, DeviceType.GSME);
        assertThat(list.find("cd".repeat(32))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no header       | x                                    | firmware.csv:1 header
            two columns     | sha256,deviceType,version\\nH,ESME      | firmware.csv:2 line
            no digest       | sha256,deviceType,version\\nab,ESME,1   | firmware.csv:2 sha256
            no such device  | sha256,deviceType,version\\nH,TOASTER,1 | firmware.csv:2 deviceType
            twice           | sha256,deviceType,version\\nH,ESME,1\\nH,ESME,2 | firmware.csv:3 sha256
            """)
    void aWrongLineIsReported(String what, String text, String field) throws IOException {
        Path file = file(text.replace("\\n", "\n").replace("H", HASH));
        PosternException e = catchThrowableOfType(PosternException.class, () -> FirmwareList.read(file));
        assertThat(e.fault().code()).isEqualTo("PST-8103");
        assertThat(e.fault().field()).isEqualTo(field);
    }

    @Test
    void anUnreadableFileIsReported() {
        assertThat(catchThrowableOfType(PosternException.class, () -> FirmwareList.read(folder.resolve("none.csv")))
                        .fault()
                        .code())
                .isEqualTo("PST-8101");
    }

    // fail-safe: where a configured list is missing, no image can be activated
    @Test
    void theInventoryKeepsTheListUpToDateAndAMissingOneIsEmpty() throws IOException {
        Path devices = folder.resolve("devices.csv");
        assertThat(new CsvDeviceInventory(devices, Duration.ZERO, Clock.systemUTC()).firmware())
                .isEmpty();
        CsvDeviceInventory inventory = new CsvDeviceInventory(
                devices, Optional.of(folder.resolve("firmware.csv")), Duration.ZERO, Clock.systemUTC());
        assertThat(inventory.firmware())
                .hasValueSatisfying(list -> assertThat(list.size()).isZero());
        file("sha256,deviceType,version\n" + HASH + ",ESME,1\n");
        assertThat(inventory.firmware().orElseThrow().find(HASH)).hasSize(1);
        file("sha256,deviceType,version\nnonsense\n");
        assertThat(inventory.firmware().orElseThrow().find(HASH))
                .as("a broken one leaves the last good one")
                .hasSize(1);
        Files.delete(folder.resolve("firmware.csv"));
        assertThat(inventory.firmware().orElseThrow().size()).isZero();
    }
}
