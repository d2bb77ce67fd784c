package org.postern.simulator.dcc.internal.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.ResponsePayload;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/** The Smart Metering Inventory of the simulated DCC: all devices of the home asked for (service 8.2). */
final class DccInventory {

    private final Population population;
    private final Devices devices;

    DccInventory(Population population, Devices devices) {
        this.population = population;
        this.devices = devices;
    }

    /** Data for a request that the DCC answers by itself; empty where there is none. */
    Optional<ResponsePayload> answer(DuisRequest request) {
        if (!request.serviceReferenceVariant().equals("8.2")) {
            return Optional.empty();
        }
        Optional<SimulatedDevice> found = request.body()
                .find("DeviceID")
                .map(Eui64::parse)
                .flatMap(population::find)
                .or(() -> request.body()
                        .find("MPxN")
                        .flatMap(mpxn -> population.byMpxn(mpxn).stream().findFirst()));
        return found.map(device -> {
            List<DuisElement> entries =
                    population.home(device.premises()).stream().map(this::entry).toList();
            return new ResponsePayload.DccData(DuisElement.of("DSPInventory", entries));
        });
    }

    private DuisElement entry(SimulatedDevice device) {
        Device played = devices.find(device.deviceId()).orElseThrow();
        List<DuisElement> parts = new ArrayList<>();
        parts.add(DuisElement.leaf("DeviceID", device.deviceId().dashed()));
        parts.add(DuisElement.leaf("DeviceType", device.type().name()));
        parts.add(DuisElement.leaf("DeviceStatus", "Commissioned"));
        parts.add(DuisElement.leaf("DeviceManufacturer", "Simulated"));
        parts.add(DuisElement.leaf("DeviceModel", "S" + device.type().ordinal()));
        parts.add(DuisElement.leaf("DeviceFirmwareVersion", played.firmwareHex()));
        if (!device.mpxn().isEmpty()) {
            parts.add(DuisElement.leaf("ImportMPxN", device.mpxn()));
        }
        if (device.type() == DeviceType.ESME) {
            parts.add(DuisElement.leaf(
                    "ESMEVariant",
                    switch (device.variant()) {
                        case SINGLE -> "A";
                        case TWIN -> "B";
                        case POLYPHASE -> "C";
                    }));
        }
        return DuisElement.of("Device", parts);
    }
}
