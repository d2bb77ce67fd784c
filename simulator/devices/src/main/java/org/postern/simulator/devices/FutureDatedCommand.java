package org.postern.simulator.devices;

import java.time.Instant;
import java.util.Optional;
import org.postern.gbcs.GbcsMessage;

/** A command that a device has accepted and will carry out at a later time. Safe between threads. */
public interface FutureDatedCommand {

    /**
     * One instruction whose time has come, done or not, and the signed alert about it.
     *
     * @param actioned whether it was done
     */
    record Effect(boolean actioned, GbcsMessage alert) {}

    /** The time at which it is carried out. */
    Instant at();

    /** How many instructions it has, and so alerts, unless it is cancelled or replaced; at least one. */
    int count();

    /** Whether any of its instructions still waits for its time; false once all were done, cancelled or replaced. */
    boolean pending();

    /**
     * Carries out instruction number i (from 0); empty where it was cancelled or replaced meanwhile.
     *
     * @param may false where the device must not carry it out, as a fault demands
     */
    Optional<Effect> takeEffect(int i, boolean may);
}
