package org.postern.simulator.devices;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.DlmsData;

/**
 * What an electricity meter or another COSEM device remembers beside the values that commands set: tariffs it had,
 * resets, money.
 */
final class ElectricityState {

    /** The share of homes that pay in advance: one of so many. */
    private static final int PREPAID_OF = 2;

    private static final String SEASONS = "20/0-0:13.0.%s.255/3";
    private static final String WEEKS = "20/0-0:13.0.%s.255/4";
    private static final String DAYS = "20/0-0:13.0.%s.255/5";
    private static final String SPECIAL_DAYS = "11/0-0:11.0.%s.255/2";
    private static final String BILLING_CALENDAR = "22/0-0:15.0.0.255/4";
    private static final String DAILY_RESET = "22/0-0:15.1.0.255/4";
    private static final int SECONDARY_ACTION = 200;

    /** Something that happened because of a command. */
    record Happening(Instant time, int code, String other) {}

    private final Account account;
    private final Map<String, Instant> resets = new ConcurrentHashMap<>();
    private final Map<String, List<Happening>> happenings = new ConcurrentHashMap<>();
    private final List<Tally.Tariff> primary = new ArrayList<>();
    private final List<Tally.Tariff> secondary = new ArrayList<>();
    private final List<Instant> blockResets = new ArrayList<>();
    private final Map<Integer, Tally> tallies = new HashMap<>();
    private DlmsData tallyCalendar;
    private DlmsData tallyReset;
    private volatile boolean armed;

    ElectricityState(Meter meter, CosemValues values) {
        long seed = Dice.seed(meter.consumption().seed(), "money");
        this.account = new Account(
                seed,
                meter.device().premises() % PREPAID_OF == 1,
                meter.consumption().primary());
        Ask ask = new Ask(meter, this, Series.START, 0, Instant.MIN, Instant.MAX);
        if (meter.device().type() == DeviceType.ESME) {
            primary.add(tariff(ask, values, 0, Series.START));
            secondary.add(tariff(ask, values, 1, Series.START));
        }
    }

    private static Tally.Tariff tariff(Ask ask, CosemValues values, int element, Instant from) {
        SwitchingTable table = CosemCalendar.read(
                values.get(ask, SEASONS.formatted(element)),
                values.get(ask, WEEKS.formatted(element)),
                values.get(ask, DAYS.formatted(element)),
                values.get(ask, SPECIAL_DAYS.formatted(element)),
                element * SECONDARY_ACTION);
        long[][] thresholds = new long[Tally.COLUMNS][];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = values.list(ask, "21/0-0:16.0." + (11 + i) + ".255/2").stream()
                    .mapToLong(DlmsData::asLong)
                    .toArray();
        }
        return new Tally.Tariff(from, table, thresholds);
    }

    /** A tariff came into force: from then on energy goes by what the device holds now. */
    synchronized void tariffChanged(Ask ask, CosemValues values, Instant from) {
        try {
            Tally.Tariff one = tariff(ask, values, 0, from);
            Tally.Tariff two = tariff(ask, values, 1, from);
            tallies.clear();
            primary.add(one);
            secondary.add(two);
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException noCalendar) {
            // what was set is no calendar: the meter goes on by the one that it had
            tallies.clear();
        }
    }

    /** The tariffs of the primary element (0) or the secondary (1), in order of time. */
    synchronized List<Tally.Tariff> tariffs(int element) {
        return List.copyOf(element == 0 ? primary : secondary);
    }

    /**
     * The tariff registers of the primary element (0) or the secondary (1). Kept as long as nothing that they go by
     * changes.
     */
    synchronized Tally tally(Ask ask, CosemValues values, int element) {
        DlmsData calendar = values.get(ask, BILLING_CALENDAR);
        DlmsData reset = values.get(ask, DAILY_RESET);
        if (tallyCalendar != calendar || tallyReset != reset) {
            tallies.clear();
            tallyCalendar = calendar;
            tallyReset = reset;
        }
        return tallies.computeIfAbsent(element, e -> {
            boolean daily = !reset.elements().isEmpty();
            Predicate<LocalDate> billing = billingDay(ask, values);
            return new Tally(
                    e == 0 ? ask.uses().primary() : ask.uses().secondary(),
                    tariffs(e),
                    date -> daily || billing.test(date),
                    List.copyOf(blockResets));
        });
    }

    /** Days on which a billing period begins. */
    static Predicate<LocalDate> billingDay(Ask ask, CosemValues values) {
        List<SwitchingTable.Date> dates = values.list(ask, BILLING_CALENDAR).stream()
                .map(e -> CosemCalendar.date(e.at(1).asBytes()))
                .toList();
        return date -> dates.stream().anyMatch(d -> d.matches(date));
    }

    synchronized void resetBlocks(Instant now) {
        blockResets.add(now);
        tallies.clear();
    }

    Account account() {
        return account;
    }

    /** When the object was last reset. */
    Optional<Instant> reset(String object) {
        return Optional.ofNullable(resets.get(object));
    }

    void reset(String object, Instant now) {
        resets.put(object, now);
    }

    /** Puts an event into a log. */
    void happened(String log, Instant time, int code, String other) {
        happenings.computeIfAbsent(log, l -> new CopyOnWriteArrayList<>()).add(new Happening(time, code, other));
    }

    List<Happening> happenings(String log) {
        return happenings.getOrDefault(log, List.of());
    }

    boolean armed() {
        return armed;
    }

    void armed(boolean now) {
        this.armed = now;
    }
}
