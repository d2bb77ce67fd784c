package org.postern.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state that one part of the appliance reports. A part registers it as a service; readiness, {@code GET /health}
 * and {@code dcc:status} query it, so a part counts as working only while it can do its work, not because its service
 * exists.
 */
public interface PartHealth {

    /**
     * Name of the part for display; the same as in the setting {@code parts} of {@code org.postern.appliance}, if it is
     * listed there.
     */
    String part();

    /**
     * Why the part cannot do its work now; empty where it can. Called about once a second: returns what is already
     * known and never waits for a disk, a network or a token. An exception counts as trouble.
     */
    Optional<Fault> trouble();

    /**
     * Problems that should be corrected although the part works, such as settings that were refused. Never blocks; an
     * exception counts as no problem.
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
