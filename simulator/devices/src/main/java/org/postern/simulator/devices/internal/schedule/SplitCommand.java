package org.postern.simulator.devices.internal.schedule;

import java.util.Optional;

/**
 * A command, split by when its parts are carried out.
 *
 * @param now what the device does at once
 * @param later what it will do at the time that the command states
 * @param <P> payloads of its protocol
 */
public record SplitCommand<P>(P now, Optional<ScheduledCommand> later) {}
