package org.postern.simulator.devices.internal.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.postern.catalogue.Eui64;

/**
 * A command that a device has accepted and will carry out at a later time.
 *
 * @param at time at which it is carried out
 * @param recipient recipient of its alerts: the originator of the command
 * @param instructions what it does, in the order of the command; at least one
 */
public record ScheduledCommand(Instant at, Eui64 recipient, List<Instruction> instructions) {

    /** Copies the list. */
    public ScheduledCommand {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(recipient, "recipient");
        instructions = List.copyOf(instructions);
    }

    /** How many alerts follow, unless it is cancelled or replaced. */
    public int count() {
        return instructions.size();
    }
}
