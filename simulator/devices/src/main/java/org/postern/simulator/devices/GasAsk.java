package org.postern.simulator.devices;

import java.time.Instant;
import org.postern.gbcs.DlmsDateTime;

/**
 * What is asked of a gas meter or its proxy.
 *
 * @param meter the device
 * @param state what the home's gas meter remembers
 * @param now the time
 */
record GasAsk(Meter meter, GasState state, Instant now) {

    /** Seconds since 2000. */
    static long seconds(Instant time) {
        return time.getEpochSecond() - DlmsDateTime.EPOCH_2000;
    }

    static Instant instant(long seconds) {
        return Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + seconds);
    }
}
