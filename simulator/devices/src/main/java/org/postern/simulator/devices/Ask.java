package org.postern.simulator.devices;

import java.time.Instant;
import org.postern.gbcs.DlmsDateTime;

/**
 * What is asked of an electricity meter or another COSEM device.
 *
 * @param meter the device
 * @param state what it remembers
 * @param now the time
 * @param messageCode of the command
 * @param from beginning of the period asked for; the start of all time where none is
 * @param to its end, itself inside
 */
record Ask(Meter meter, ElectricityState state, Instant now, int messageCode, Instant from, Instant to) {

    /** What the device measures. */
    Consumption uses() {
        return meter.consumption();
    }

    /** True where the instant is inside the period and not in the future. */
    boolean wants(Instant time) {
        return !time.isBefore(from) && !time.isAfter(to) && !time.isAfter(now);
    }

    /** The end of the period, or now where that is earlier. */
    Instant end() {
        return to.isBefore(now) ? to : now;
    }

    /** The same for another period. */
    Ask during(Instant begin, Instant end) {
        return new Ask(meter, state, now, messageCode, begin, end);
    }

    /** Seconds since 2000. */
    static long seconds(Instant time) {
        return time.getEpochSecond() - DlmsDateTime.EPOCH_2000;
    }
}
