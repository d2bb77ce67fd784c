package org.postern.simulator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.InventoryCsv;

class PopulationTest {

    private final Population population = new Population(3, 14);

    @Test
    void sevenHomesHaveEveryKindOfDeviceAndEveryVariantOfMeter() {
        List<SimulatedDevice> seven = new Population(1, 7).devices().stream().toList();
        assertThat(seven).extracting(SimulatedDevice::type).contains(DeviceType.values());
        assertThat(seven.stream().filter(d -> d.type() == DeviceType.ESME))
                .extracting(SimulatedDevice::variant)
                .contains(DeviceFacts.Variant.values());
    }

    @Test
    void devicesKeepTheNumbersThatTheyHadBeforeThereWereMoreKinds() {
        assertThat(population.devices(DeviceType.ESME).get(0).deviceId()).isEqualTo(Eui64.parse("02504F53E0030001"));
        assertThat(population.devices(DeviceType.PPMID).get(1).deviceId()).isEqualTo(Eui64.parse("02504F53E5030003"));
        assertThat(population.home(0).get(0).type()).isEqualTo(DeviceType.CHF);
        assertThat(population.devices(DeviceType.ESME).get(6).variant()).isEqualTo(DeviceFacts.Variant.TWIN);
    }

    @Test
    void theInventoryIsReadBackAndHasTheFactsOfEveryJoin() throws Exception {
        String csv = population.inventoryCsv(device -> Base64.getEncoder().encodeToString(device.toBytes()));
        Map<Eui64, DeviceFacts> read = InventoryCsv.read("inventory.csv", new BufferedReader(new StringReader(csv)));
        assertThat(read).hasSameSizeAs(population.devices());
        assertThat(read.get(population.devices(DeviceType.ESME).get(0).deviceId())
                        .attributes())
                .containsEntry("joinMethod", "A")
                .containsEntry("otherDeviceType", "HCALCS");
        DeviceFacts gas = read.get(population.devices(DeviceType.GSME).get(0).deviceId());
        assertThat(gas.attributes())
                .containsEntry("target", "GSME")
                .containsEntry("joinMethod", "C")
                .containsEntry("otherDeviceType", "PPMID");
        assertThat(Base64.getDecoder().decode(gas.attributes().get("otherDeviceCertificate")))
                .isEqualTo(
                        population.devices(DeviceType.PPMID).get(0).deviceId().toBytes());
        assertThat(read.values().stream().map(f -> f.attributes().getOrDefault("joinMethod", "")))
                .contains("A", "B", "C");
        for (DeviceType type : Arrays.stream(DeviceType.values())
                .filter(t -> t != DeviceType.CHF)
                .toList()) {
            assertThat(read.get(population.devices(type).get(0).deviceId()).attributes())
                    .as(type.name())
                    .containsKeys("joinMethod", "otherDeviceType");
        }
    }

    @Test
    void aJoinWithANamedDeviceHasThatDevicesFacts() {
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(0);
        Eui64 display = population.home(0).stream()
                .filter(d -> d.type() == DeviceType.GPF)
                .findFirst()
                .orElseThrow()
                .deviceId();
        assertThat(population.facts(meter, Optional.of(display), d -> "").attributes())
                .containsEntry("joinMethod", "B")
                .containsEntry("otherDeviceType", "GPF");
    }

    @Test
    void whatAFileBesideThePopulationSaysOfADeviceGoesBefore(@TempDir Path folder) throws Exception {
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(0);
        population.save(folder.resolve("population.properties"));
        assertThat(Population.load(folder.resolve("population.properties"))
                        .facts(meter, Optional.empty(), d -> "")
                        .attributes())
                .containsEntry("joinMethod", "A")
                .doesNotContainKey("generation");
        Files.writeString(
                folder.resolve("facts.csv"),
                "deviceId,deviceType,variant,attributes\n" + meter.deviceId().hex()
                        + ",ESME,,generation=earlier;joinMethod=B\n");
        assertThat(Population.load(folder.resolve("population.properties"))
                        .facts(meter, Optional.empty(), d -> "")
                        .attributes())
                .containsEntry("joinMethod", "B")
                .containsEntry("generation", "earlier")
                .containsEntry("otherDeviceType", "HCALCS");
    }
}
