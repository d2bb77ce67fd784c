package org.postern.simulator.devices.internal.tariff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Instants at which a command set the block counters of a meter to zero, in order of time, and no more than a bound. At
 * the bound the oldest leaves that follows another before the next half-hour began, because the counters are counted on
 * by half-hours and were at zero already. Where there is none, the oldest leaves: the blocks that were filled between
 * it and the next are then worked out without it. Not safe between threads.
 */
public final class BlockResets {

    private final int bound;
    private final List<Instant> instants = new ArrayList<>();

    /** @param bound at least 2 */
    public BlockResets(int bound) {
        this.bound = bound;
    }

    /** The counters go to zero. */
    public void add(Instant instant) {
        instants.add(instant);
        if (instants.size() > bound) {
            instants.remove(leaving());
        }
    }

    private int leaving() {
        for (int i = 1; i < instants.size(); i++) {
            if (HalfHours.next(instants.get(i - 1)).equals(HalfHours.next(instants.get(i)))) {
                return i;
            }
        }
        return 0;
    }

    /** All of them. */
    public List<Instant> all() {
        return List.copyOf(instants);
    }

    /** Number of resets. */
    public int size() {
        return instants.size();
    }
}
