package org.postern.dccsimulator.internal.meter;

import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.dccsimulator.SimulatedDevice;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;

/**
 * The state of one device. Registers move with time: a function of the seed and the clock, so that two reads differ and
 * a test can still say what they must be.
 */
public final class Meter {

    private final SimulatedDevice device;
    private final Consumption consumption;
    private final int firmware;
    private final AtomicLong alertCounter;
    private final Map<String, DlmsData> stored = new ConcurrentHashMap<>();
    private volatile boolean supplyEnabled = true;

    Meter(SimulatedDevice device, long seed, long firstCounter) {
        this.device = device;
        Random random = new Random(seed ^ device.deviceId().value());
        this.consumption = Consumption.of(device, seed);
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
        return consumption.primary().at(now);
    }

    /** Everything it measures. */
    Consumption consumption() {
        return consumption;
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

    /** Forgets what was set there, and gives it. */
    DlmsData forget(String target) {
        return stored.remove(target);
    }

    /** Counter of the device's next own message. */
    long nextCounter() {
        return alertCounter.incrementAndGet();
    }
}
