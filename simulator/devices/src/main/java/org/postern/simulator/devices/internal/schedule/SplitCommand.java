package org.postern.simulator.devices.internal.schedule;

import java.util.Optional;

/**
 * A command taken apart.
 *
 * @param now what the device does at once
 * @param later what it will do when the time has come
 * @param <P> payloads of its protocol
 */
public record SplitCommand<P>(P now, Optional<ScheduledCommand> later) {}
