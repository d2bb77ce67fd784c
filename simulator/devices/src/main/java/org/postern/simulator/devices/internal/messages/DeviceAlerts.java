package org.postern.simulator.devices.internal.messages;

import java.time.Clock;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.simulator.devices.DeviceAlert;
import org.postern.simulator.devices.internal.firmware.Firmware;
import org.postern.simulator.devices.internal.state.DeviceState;

/** Alerts that a device raises without a request. */
public final class DeviceAlerts {

    private static final int GENERIC_CRITICAL = 0x1000;
    private static final int GENERIC_NON_CRITICAL = 0x1001;
    private static final int FIRMWARE = 0x00CE;
    private static final int FIRMWARE_GAS = 0x00CF;
    private static final int FIRMWARE_VERIFIED = 0x8F72;

    private final MessageProtection protection;
    private final Clock clock;

    public DeviceAlerts(MessageProtection protection, Clock clock) {
        this.protection = protection;
        this.clock = clock;
    }

    /** A generic alert: critical ones are signed, others carry a MAC. */
    DeviceAlert generic(DeviceState meter, int code, boolean critical, Eui64 recipient) {
        long counter = meter.nextCounter();
        Payload payload = meter.zigbee()
                ? gas(code, Bytes.EMPTY)
                : DlmsPayload.DataNotification.of(counter, code, DlmsDateTime.of(clock.instant(), false), List.of());
        return alert(
                meter, counter, critical ? GENERIC_CRITICAL : GENERIC_NON_CRITICAL, code, payload, critical, recipient);
    }

    /** The device receives an image and stores it; returns the alert that reports it. */
    DeviceAlert firmware(DeviceState meter, byte[] image, String version, Eui64 recipient) {
        Bytes hash = Firmware.hash(image);
        meter.firmware().hold(new Firmware.Image(hash, Firmware.version(version)));
        long counter = meter.nextCounter();
        Payload payload = meter.zigbee()
                ? gas(FIRMWARE_VERIFIED, Bytes.ofHex("0920" + hash.hex()))
                : DlmsPayload.DataNotification.of(
                        counter,
                        FIRMWARE_VERIFIED,
                        DlmsDateTime.of(clock.instant(), false),
                        List.of(DlmsData.octets(hash)));
        return alert(
                meter, counter, meter.zigbee() ? FIRMWARE_GAS : FIRMWARE, FIRMWARE_VERIFIED, payload, true, recipient);
    }

    private Payload gas(int code, Bytes content) {
        return new GbzPayload.Alert(
                1, code, clock.instant().getEpochSecond() - DlmsDateTime.EPOCH_2000, content, List.of());
    }

    private DeviceAlert alert(
            DeviceState meter,
            long counter,
            int messageCode,
            int code,
            Payload payload,
            boolean signed,
            Eui64 recipient) {
        GroupingHeader header = GroupingHeader.alert(counter, meter.device().deviceId(), recipient, messageCode);
        return new DeviceAlert(protection.protect(meter, header, payload, signed), code);
    }
}
