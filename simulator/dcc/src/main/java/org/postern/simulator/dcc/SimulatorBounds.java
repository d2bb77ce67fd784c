package org.postern.simulator.dcc;

import java.util.Objects;
import org.postern.simulator.devices.DeviceBounds;

/**
 * How much the simulator holds in memory, whatever it is sent. {@code docs/simulator.md} says what happens at each
 * bound.
 *
 * @param requests requests whose digest, originator counter and Pre-Command are known, the latest
 * @param replies requests whose reply is stored for a repetition, the latest
 * @param recordedRequests requests whose events can be read, the latest
 * @param recordedEvents events of all these requests together
 * @param eventsPerRequest events of one request, the latest
 * @param futureDated commands and requests that wait for their time
 * @param outstanding commands that devices have not answered yet, and callbacks that are not acknowledged
 * @param devices what each device remembers
 */
public record SimulatorBounds(
        int requests,
        int replies,
        int recordedRequests,
        int recordedEvents,
        int eventsPerRequest,
        int futureDated,
        int outstanding,
        DeviceBounds devices) {

    /**
     * About 300 bytes for a request, some kilobytes for a reply or an outstanding callback, 300 bytes for an event, and
     * some kilobytes for a command that waits.
     */
    public static final SimulatorBounds DEFAULT =
            new SimulatorBounds(200_000, 20_000, 50_000, 600_000, 1_000, 20_000, 200_000, DeviceBounds.DEFAULT);

    public SimulatorBounds {
        Objects.requireNonNull(devices, "devices");
        for (int bound : new int[] {
            requests, replies, recordedRequests, recordedEvents, eventsPerRequest, futureDated, outstanding
        }) {
            if (bound < 1) {
                throw new IllegalArgumentException("a bound of " + bound);
            }
        }
    }
}
