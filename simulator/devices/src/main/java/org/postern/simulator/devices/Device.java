package org.postern.simulator.devices;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.PartyKeys;
import org.postern.simulator.pki.SimulatedDevice;

/** One simulated device: it carries out commands and answers them, and raises alerts, with keys of its own. */
public interface Device {

    /** Who it is. */
    SimulatedDevice identity();

    /** Its own keys as they are now, and the certificates by which it knows its remote parties. */
    PartyKeys keys();

    /** Active energy imported, in watt hours; for gas, cubic metres times 1000. */
    long register(Instant now);

    /** Firmware version in use, eight hex digits. */
    String firmwareHex();

    /** True while the load switch or valve is not locked open. */
    boolean supplyEnabled();

    /** Number of instructions that wait for their time. */
    int pending();

    /**
     * Carries the command out, or takes it to carry it out later, and answers it. A device ignores a command whose
     * counter is not above the floor that it has for the originator.
     *
     * @param command in the Access Control Broker's MAC wrapper
     * @param fails the device does nothing and answers that it could not
     */
    Optional<CommandResult> carryOut(GbcsMessage command, boolean fails);

    /**
     * A generic alert: critical ones are signed, others carry a MAC.
     *
     * @param code alert code, 0 to FFFF
     * @param recipient the User it is for
     */
    DeviceAlert alert(int code, boolean critical, Eui64 recipient);

    /**
     * The device receives a firmware image and stores it; returns the alert that reports it.
     *
     * @param version as DUIS writes it: eight hex digits, or else its first four characters count
     */
    DeviceAlert firmware(byte[] image, String version, Eui64 recipient);

    /**
     * A token is keyed in at the meter: it is checked, and where it is right, added to the balance as by a command.
     *
     * @return accepted, rejected or duplicate
     */
    String keypad(String digits);

    /**
     * Adds another device to a hub's list, or removes it.
     *
     * @param type of the device, where it is known
     */
    void updateDeviceLog(Eui64 device, boolean drop, Optional<DeviceType> type);

    /** The next replacement of credentials that was not yet read by this method. */
    Optional<CredentialsChange> nextCredentialsChange();
}
