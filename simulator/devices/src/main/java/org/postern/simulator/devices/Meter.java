package org.postern.simulator.devices;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.GbcsCrypto;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The state of one device. Registers move with time: a function of the seed and the clock, so that two reads differ and
 * a test can still say what they must be.
 */
public final class Meter {

    private final SimulatedDevice device;
    private final Consumption consumption;
    private final AtomicLong alertCounter;
    private final Map<String, DlmsData> stored = new ConcurrentHashMap<>();
    private final Firmware firmware;
    private final Map<String, Instruction> pending = new ConcurrentHashMap<>();
    private final Queue<CredentialsChange> credentialChanges = new ConcurrentLinkedQueue<>();
    private final TrustAnchors anchors;
    private final DeviceKeys keys;
    private final DeviceLog log;
    private final TopUps topUps;
    private volatile boolean supplyEnabled = true;

    Meter(
            SimulatedDevice device,
            long seed,
            long firstCounter,
            TrustAnchors anchors,
            DeviceKeys keys,
            GbcsCrypto crypto,
            DeviceLog log) {
        this.device = device;
        Random random = new Random(seed ^ device.deviceId().value());
        this.consumption = Consumption.of(device, seed);
        this.firmware = new Firmware(Bytes.ofHex(String.format("%08X", 0x0100_0000 | random.nextInt(0xFFFF))));
        // the caller begins above any counter of an earlier life of the same device
        this.alertCounter = new AtomicLong(firstCounter);
        this.anchors = anchors;
        this.keys = keys;
        this.log = log;
        this.topUps = new TopUps(this, crypto);
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
        return firmware.version();
    }

    /** The firmware in use and the image that waits. */
    public Firmware firmwareStore() {
        return firmware;
    }

    /** Firmware version, eight hex digits. */
    public String firmwareHex() {
        return firmware.version().hex().toUpperCase(Locale.ROOT);
    }

    /** True while the load switch is not locked open. */
    public boolean supplyEnabled() {
        return supplyEnabled;
    }

    void supplyEnabled(boolean enabled) {
        this.supplyEnabled = enabled;
    }

    /** Whom it trusts. */
    public TrustAnchors anchors() {
        return anchors;
    }

    /** The devices it talks to. */
    public DeviceLog log() {
        return log;
    }

    TopUps topUps() {
        return topUps;
    }

    DeviceKeys keys() {
        return keys;
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

    /** Keeps an instruction until its time; an earlier one for the same object is gone. */
    void keep(Instruction instruction) {
        pending.put(instruction.object(), instruction);
    }

    /** Forgets what was to be done to the object. */
    void drop(String object) {
        pending.remove(object);
    }

    /** Takes the instruction up; false where it was cancelled or replaced meanwhile. */
    boolean due(Instruction instruction) {
        return pending.remove(instruction.object(), instruction);
    }

    /** Number of instructions that wait for their time. */
    public int pending() {
        return pending.size();
    }

    void replaced(CredentialsChange change) {
        credentialChanges.add(change);
    }

    /** The next replacement of credentials that the DCC has not yet told anybody of, or null. */
    public CredentialsChange nextCredentialsChange() {
        return credentialChanges.poll();
    }

    /** Counter of the device's next own message. */
    long nextCounter() {
        return alertCounter.incrementAndGet();
    }
}
