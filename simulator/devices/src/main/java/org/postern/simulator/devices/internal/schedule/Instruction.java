package org.postern.simulator.devices.internal.schedule;

import java.time.Instant;
import org.postern.gbcs.Payload;

/** One thing that a dated command does when its time has come, and the alert that says whether it was done. */
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

    /** What it changes: of several commands for the same thing the latest counts. */
    String object();

    /** Message code of its alert. */
    int alertCode();

    /**
     * Makes the change.
     *
     * @param may false where a fault keeps the device from it
     * @param counter originator counter of the alert
     */
    Outcome takeEffect(boolean may, Instant now, long counter);

    static int code(boolean actioned) {
        return actioned ? ACTIONED : NOT_ACTIONED;
    }
}
