package org.postern.simulator.devices;

import java.time.Instant;
import java.util.Optional;
import org.postern.gbcs.GbcsMessage;

/** A command that a device has taken and will carry out later. Safe between threads. */
public interface FutureDatedCommand {

    /**
     * One instruction whose time has come, done or not, and the signed alert about it.
     *
     * @param actioned whether it was done
     */
    record Effect(boolean actioned, GbcsMessage alert) {}

    /** When. */
    Instant at();

    /** How many instructions it has, and so alerts, unless it is cancelled or replaced; at least one. */
    int count();

    /** Whether any of its instructions still waits for its time; false once all were done, cancelled or replaced. */
    boolean pending();

    /**
     * Does instruction number i (from 0); empty where it was cancelled or replaced meanwhile.
     *
     * @param may false where a fault keeps the device from it
     */
    Optional<Effect> takeEffect(int i, boolean may);
}
