package org.postern.simulator.devices.internal.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCrypto;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.CredentialsChange;
import org.postern.simulator.devices.DeviceBounds;
import org.postern.simulator.devices.internal.firmware.Firmware;
import org.postern.simulator.devices.internal.measure.Consumption;
import org.postern.simulator.devices.internal.prepayment.TopUps;
import org.postern.simulator.devices.internal.schedule.PendingInstructions;
import org.postern.simulator.devices.internal.security.DeviceKeys;
import org.postern.simulator.devices.internal.security.TrustAnchors;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * The state of one device. Registers move with time: a function of the seed and the clock, so that two reads differ and
 * a test can still compute what they must be.
 */
public final class DeviceState {

    private static final int MAX_CHANGES = 100;
    /** An instruction is pending for a date of the tables, or for a type of calendar, which is a byte. */
    private static final int MAX_PENDING = 2_000;

    private final SimulatedDevice device;
    private final Consumption consumption;
    private final AtomicLong alertCounter;
    private final Firmware firmware;
    private final PendingInstructions pending = new PendingInstructions();
    private final Deque<CredentialsChange> credentialChanges = new ArrayDeque<>();
    private final TrustAnchors anchors;
    private final DeviceKeys keys;
    private final DeviceLog log;
    private final DeviceBounds bounds;
    private final TopUps topUps;
    private volatile boolean supplyEnabled = true;

    public DeviceState(
            SimulatedDevice device,
            long seed,
            long firstCounter,
            TrustAnchors anchors,
            DeviceKeys keys,
            GbcsCrypto crypto,
            DeviceLog log,
            DeviceBounds bounds) {
        this.device = device;
        Random random = new Random(seed ^ device.deviceId().value());
        this.consumption = Consumption.of(device, seed);
        this.firmware = new Firmware(Bytes.ofHex(String.format("%08X", 0x0100_0000 | random.nextInt(0xFFFF))));
        // the caller begins above any counter that the same device used before the simulator was restarted
        this.alertCounter = new AtomicLong(firstCounter);
        this.anchors = anchors;
        this.keys = keys;
        this.log = log;
        this.bounds = bounds;
        this.topUps = new TopUps(device.deviceId(), anchors, keys, crypto, bounds.topUpCounters());
    }

    /** Who it is. */
    public SimulatedDevice device() {
        return device;
    }

    /** Everything it measures. */
    public Consumption consumption() {
        return consumption;
    }

    /** The firmware in use and the image that is not activated yet. */
    public Firmware firmware() {
        return firmware;
    }

    /** True while the load switch is not locked open. */
    public boolean supplyEnabled() {
        return supplyEnabled;
    }

    public void supplyEnabled(boolean enabled) {
        this.supplyEnabled = enabled;
    }

    /** True for a gas meter or its proxy, which use ZigBee messages. */
    public boolean zigbee() {
        return Consumption.gas(device.type());
    }

    /** The parties that it trusts. */
    public TrustAnchors anchors() {
        return anchors;
    }

    /** The devices that it communicates with. */
    public DeviceLog log() {
        return log;
    }

    public TopUps topUps() {
        return topUps;
    }

    public DeviceKeys keys() {
        return keys;
    }

    /** The instructions that wait for their time. */
    public PendingInstructions pending() {
        return pending;
    }

    /** How much it remembers of what commands did. */
    public DeviceBounds bounds() {
        return bounds;
    }

    /** Reports replaced credentials; of more than {@link #MAX_CHANGES} that were not read the oldest leaves. */
    public void replaced(CredentialsChange change) {
        synchronized (credentialChanges) {
            if (credentialChanges.size() == MAX_CHANGES) {
                credentialChanges.remove();
            }
            credentialChanges.add(change);
        }
    }

    /** The next replacement of credentials of which the DCC has not yet notified anybody, or null. */
    public CredentialsChange nextCredentialsChange() {
        synchronized (credentialChanges) {
            return credentialChanges.poll();
        }
    }

    /** How full its collections are. */
    public List<CollectionSize> sizes() {
        int changes;
        synchronized (credentialChanges) {
            changes = credentialChanges.size();
        }
        return List.of(
                new CollectionSize("device.top-up-counters", topUps.size(), bounds.topUpCounters()),
                new CollectionSize("device.credential-changes", changes, MAX_CHANGES),
                new CollectionSize("device.pending-instructions", pending.size(), MAX_PENDING),
                new CollectionSize("device.joined-devices", log.devices().size(), DeviceLog.MAX_ENTRIES),
                new CollectionSize("device.counter-floors", anchors.floors(), TrustAnchors.MAX_ROLES));
    }

    /** Counter of the device's next own message. */
    public long nextCounter() {
        return alertCounter.incrementAndGet();
    }
}
