package org.postern.simulator.devices.internal.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.postern.catalogue.Eui64;

/**
 * A command that a device has taken and will carry out later.
 *
 * @param at when
 * @param recipient whom its alerts are for: the originator of the command
 * @param instructions what it does, in the order of the command; at least one
 */
public record ScheduledCommand(Instant at, Eui64 recipient, List<Instruction> instructions) {

    /** Keeps the list as it is now. */
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
