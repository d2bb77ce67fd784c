package org.postern.dccsimulator.internal.meter;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.DeviceType;
import org.postern.dccsimulator.SimulatedDevice;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.GbzPayload;

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
    private final AtomicLong alertCounter;
    private final Map<String, DlmsData> stored = new ConcurrentHashMap<>();
    private final Firmware firmware;
    private final Map<Integer, Long> attributes = new ConcurrentHashMap<>();
    private final Map<String, List<GbzPayload.Component>> published = new ConcurrentHashMap<>();
    private final Map<String, Instruction> pending = new ConcurrentHashMap<>();
    private final Queue<CredentialsChange> credentialChanges = new ConcurrentLinkedQueue<>();
    private final MeterState state;
    private final TrustAnchors anchors;
    private final DeviceKeys keys;
    private final DeviceLog log;

    Meter(SimulatedDevice device, long seed, long firstCounter, TrustAnchors anchors, DeviceKeys keys, DeviceLog log) {
        this.device = device;
        Random random = new Random(seed ^ device.deviceId().value());
        this.base = 1_000_000 + random.nextInt(20_000_000);
        this.watts = 100 + random.nextInt(800);
        this.firmware = new Firmware(Bytes.ofHex(String.format("%08X", 0x0100_0000 | random.nextInt(0xFFFF))));
        // the caller begins above any counter of an earlier life of the same device
        this.alertCounter = new AtomicLong(firstCounter);
        this.state = new MeterState(this, 1_000L * random.nextInt(5_000));
        this.anchors = anchors;
        this.keys = keys;
        this.log = log;
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
        return state.supply() != MeterState.Supply.DISABLED;
    }

    /** Its money and supply. */
    public MeterState state() {
        return state;
    }

    /** Whom it trusts. */
    public TrustAnchors anchors() {
        return anchors;
    }

    /** The devices it talks to. */
    public DeviceLog log() {
        return log;
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

    /** The value of a ZigBee attribute (cluster in the high, id in the low 16 bits) that a command changed, or null. */
    Long attribute(int attribute) {
        return attributes.get(attribute);
    }

    void hold(int attribute, long value) {
        attributes.put(attribute, value);
    }

    /** What was last published or set to a gas device: cluster and command in six hex digits, and a calendar's type. */
    List<GbzPayload.Component> published(String object) {
        return published.getOrDefault(object, List.of());
    }

    void publish(String object, List<GbzPayload.Component> components) {
        published.put(object, List.copyOf(components));
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
