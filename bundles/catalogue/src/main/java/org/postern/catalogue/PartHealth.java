package org.postern.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one part of the appliance says of its own state. A part registers it as a service; readiness, {@code GET
 * /health} and {@code dcc:status} ask it, so that a part counts as up only while it can do its work, not because its
 * service exists.
 */
public interface PartHealth {

    /**
     * The part's name for people, as in the setting {@code parts} of {@code org.postern.appliance} where it stands
     * there too.
     */
    String part();

    /**
     * Why the part cannot do its work now; empty where it can. Asked about once a second: answers from what is known
     * already and never waits for a disk, a network or a token. An exception counts as trouble.
     */
    Optional<Fault> trouble();

    /**
     * What somebody should put right although the part does its work, such as settings that were not taken. Never
     * blocks; an exception counts as none.
     */
    default List<Fault> remarks() {
        return List.of();
    }

    /**
     * Counters and gauges of this part, by metric name (with its labels, as in the Prometheus text format); never
     * blocks.
     */
    default Map<String, Long> figures() {
        return Map.of();
    }
}
