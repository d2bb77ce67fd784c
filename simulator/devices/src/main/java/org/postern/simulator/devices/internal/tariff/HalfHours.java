package org.postern.simulator.devices.internal.tariff;

import java.time.Instant;
import org.postern.simulator.devices.internal.measure.Series;

/** The half-hours in which a meter measures; they begin at whole and half hours UTC. */
final class HalfHours {

    private HalfHours() {}

    /** The first beginning of a half-hour that is not before the instant. */
    static Instant next(Instant instant) {
        Instant begin = Instant.ofEpochSecond(
                Math.floorDiv(instant.getEpochSecond(), Series.SLOT_SECONDS) * (long) Series.SLOT_SECONDS);
        return begin.equals(instant) ? begin : begin.plusSeconds(Series.SLOT_SECONDS);
    }
}
