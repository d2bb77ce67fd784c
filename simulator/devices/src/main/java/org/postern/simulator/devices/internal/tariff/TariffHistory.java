package org.postern.simulator.devices.internal.tariff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The tariffs that one element of a meter had, in order of time, and no more than a bound. At the bound the oldest
 * leaves that another replaced before the next half-hour began, because nothing was ever counted by it. Where there is
 * none, the oldest after the first leaves: what was measured while it was in force then counts by the tariff before it.
 * Not safe between threads.
 */
public final class TariffHistory {

    private final int bound;
    private final List<TariffRegisters.Tariff> tariffs = new ArrayList<>();

    /** @param bound at least 3 */
    public TariffHistory(int bound) {
        this.bound = bound;
    }

    /** A tariff came into force. */
    public void add(TariffRegisters.Tariff tariff) {
        tariffs.add(tariff);
        if (tariffs.size() > bound) {
            tariffs.remove(leaving());
        }
    }

    private int leaving() {
        for (int i = 1; i < tariffs.size() - 1; i++) {
            Instant counts = HalfHours.next(tariffs.get(i).from());
            if (!tariffs.get(i + 1).from().isAfter(counts)) {
                return i;
            }
        }
        return 1;
    }

    /** All of them, the first from the start. */
    public List<TariffRegisters.Tariff> all() {
        return List.copyOf(tariffs);
    }

    /** The tariff in force. */
    public TariffRegisters.Tariff latest() {
        return tariffs.get(tariffs.size() - 1);
    }

    /** Number of tariffs. */
    public int size() {
        return tariffs.size();
    }
}
