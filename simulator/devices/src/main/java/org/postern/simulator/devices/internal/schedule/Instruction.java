package org.postern.simulator.devices.internal.schedule;

import java.time.Instant;
import org.postern.gbcs.Payload;

/** One change that a future-dated command makes at its time, and the alert that reports whether it was made. */
public interface Instruction {

    /** Alert code of an instruction that was carried out. */
    int ACTIONED = 0x8F66;
    /** Alert code of one that was not. */
    int NOT_ACTIONED = 0x8F67;

    /**
     * The outcome.
     *
     * @param actioned whether the change was made
     * @param payload content of the alert
     */
    record Outcome(boolean actioned, Payload payload) {}

    /** The object that it changes: a later command for the same object replaces an earlier one. */
    String object();

    /** Message code of its alert. */
    int alertCode();

    /**
     * Makes the change.
     *
     * @param may false where the device must not make it, as a fault demands
     * @param counter originator counter of the alert
     */
    Outcome takeEffect(boolean may, Instant now, long counter);

    static int code(boolean actioned) {
        return actioned ? ACTIONED : NOT_ACTIONED;
    }
}
