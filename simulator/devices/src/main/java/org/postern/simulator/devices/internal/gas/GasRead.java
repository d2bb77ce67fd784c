package org.postern.simulator.devices.internal.gas;

import java.time.Instant;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.state.DeviceState;

/**
 * What is asked of a gas meter or its proxy.
 *
 * @param meter the device
 * @param state what the home's gas meter remembers
 * @param now the time
 */
public record GasRead(DeviceState meter, GasState state, Instant now) {

    /** Seconds since 2000. */
    public static long seconds(Instant time) {
        return time.getEpochSecond() - DlmsDateTime.EPOCH_2000;
    }

    public static Instant instant(long seconds) {
        return Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + seconds);
    }
}
