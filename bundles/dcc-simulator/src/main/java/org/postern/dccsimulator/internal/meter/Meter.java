package org.postern.dccsimulator.internal.meter;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.DeviceType;
import org.postern.dccsimulator.SimulatedDevice;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;

/**
 * The state of one device. Registers move with time: a function of the seed and the clock, so that two reads differ and
 * a test can still say what they must be.
 */
public final class Meter {

    /** When all registers began to move. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SimulatedDevice device;
    private final long base;
    private final long watts;
    private final int firmware;
    private final AtomicLong alertCounter;
    private final Map<String, DlmsData> stored = new ConcurrentHashMap<>();
    private volatile boolean supplyEnabled = true;

    Meter(SimulatedDevice device, long seed, long firstCounter) {
        this.device = device;
        Random random = new Random(seed ^ device.deviceId().value());
        this.base = 1_000_000 + random.nextInt(20_000_000);
        this.watts = 100 + random.nextInt(800);
        this.firmware = 0x0100_0000 | random.nextInt(0xFFFF);
        // the caller begins above any counter of an earlier life of the same device
        this.alertCounter = new AtomicLong(firstCounter);
    }

    /** Who it is. */
    public SimulatedDevice device() {
        return device;
    }

    /** Active energy imported, in watt hours; for gas, cubic metres times 1000. */
    public long register(Instant now) {
        long seconds = Math.max(0, now.getEpochSecond() - START.getEpochSecond());
        return base + (device.type() == DeviceType.ESME ? seconds * watts / 3600 : seconds * watts / 360_000);
    }

    /** Reactive energy imported, in var hours. */
    long reactive(Instant now) {
        return register(now) / 10;
    }

    /** Active energy imported through the second element, in watt hours. */
    long second(Instant now) {
        return register(now) / 3;
    }

    /** Four bytes of firmware version. */
    Bytes firmware() {
        return Bytes.ofHex(firmwareHex());
    }

    /** Firmware version, eight hex digits. */
    public String firmwareHex() {
        return String.format("%08X", firmware);
    }

    /** True while the load switch is not locked open. */
    public boolean supplyEnabled() {
        return supplyEnabled;
    }

    void supplyEnabled(boolean enabled) {
        this.supplyEnabled = enabled;
    }

    /** What was last set there. */
    DlmsData stored(String target) {
        return stored.get(target);
    }

    void store(String target, DlmsData data) {
        stored.put(target, data);
    }

    /** Counter of the device's next own message. */
    long nextCounter() {
        return alertCounter.incrementAndGet();
    }
}
