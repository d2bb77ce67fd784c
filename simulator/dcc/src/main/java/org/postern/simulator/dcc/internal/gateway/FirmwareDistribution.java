package org.postern.simulator.dcc.internal.gateway;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.ResponsePayload;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.DeviceAlert;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * Services 11.1 and 11.4: distributes an image to the devices of a list. Each stores it until 11.3 names its hash,
 * SHA-256 over the whole of {@code FirmwareImage} decoded from base64, and reports that with the alert 8F72.
 */
final class FirmwareDistribution {

    private static final String WARNING = "W110101";
    private static final String DISPLAY_WARNING = "W110401";

    private final Population population;
    private final Devices devices;
    private final Callbacks callbacks;
    private final DccAlerts alerts;
    private final EventRecorder recorder;
    private final RandomGenerator random;

    /** @param random how long an image is on its way */
    FirmwareDistribution(
            Population population,
            Devices devices,
            Callbacks callbacks,
            DccAlerts alerts,
            EventRecorder recorder,
            RandomGenerator random) {
        this.random = random;
        this.population = population;
        this.devices = devices;
        this.callbacks = callbacks;
        this.alerts = alerts;
        this.recorder = recorder;
    }

    /** The answer, and its code: a warning names the devices that the DCC does not know or that take no such image. */
    record Answer(String code, Optional<ResponsePayload> payload) {}

    static boolean isDistribution(DuisRequest request) {
        return request.body().child("FirmwareImage").isPresent();
    }

    Answer distribute(DuisRequest request) {
        boolean displays = request.serviceReferenceVariant().equals("11.4");
        byte[] image = Base64.getMimeDecoder().decode(request.body().value("FirmwareImage"));
        String version = request.body().value("FirmwareVersion");
        List<String> unknown = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        for (String text : request.body().value("DeviceIDList").split(",")) {
            Optional<Device> device = find(text.strip());
            if (device.isEmpty()) {
                unknown.add(text.strip());
            } else if (displays != (device.get().identity().type() == DeviceType.PPMID)) {
                unfit.add(text.strip());
            } else {
                callbacks.work(
                        java.time.Duration.ofMillis(random.nextInt(5, 50)),
                        () -> deliver(request, device.get(), image, version));
            }
        }
        if (unknown.isEmpty() && unfit.isEmpty()) {
            return new Answer("I99", Optional.empty());
        }
        List<DuisElement> lists = new ArrayList<>();
        list(lists, "InvalidDeviceIDList", unknown);
        list(lists, "NotApplicableFirmwareDeviceIDList", unfit);
        return new Answer(
                displays ? DISPLAY_WARNING : WARNING,
                Optional.of(new ResponsePayload.DccData(DuisElement.of(
                        displays ? "DSPUpdatePPMIDFirmwareWarning" : "DSPUpdateFirmwareWarning", lists))));
    }

    private static void list(List<DuisElement> lists, String name, List<String> devices) {
        if (!devices.isEmpty()) {
            lists.add(DuisElement.leaf(name, String.join(",", devices)));
        }
    }

    private Optional<Device> find(String id) {
        try {
            return devices.find(Eui64.parse(id));
        } catch (PosternException notAnId) {
            return Optional.empty();
        }
    }

    private void deliver(DuisRequest request, Device device, byte[] image, String version) {
        DeviceAlert alert = device.firmware(image, version, request.requestId().originator());
        recorder.saw(
                request.requestId().toString(),
                "firmware.delivered",
                "device",
                device.identity().deviceId().hex(),
                "digest",
                Sha256.hex(image));
        SimulatedDevice hub = population.home(device.identity().premises()).get(0);
        alerts.firmwareDelivered(request, hub, device.identity(), version);
        alerts.device(alert, request.requestId().originator());
    }
}
