package org.postern.simulator.devices;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.pki.SimulatorTable;

/** What the gas meter of one home remembers, and its proxy with it: settings, calendars, tariffs it had, money. */
final class GasState {

    static final int SUPPLY_ON = 2;
    private static final int PREPAID_OF = 2;
    private static final int BASE_MONTH = 0x23;
    private static final int THRESHOLDS = 3;

    /** A value that was set, in force from then on; a number, or bytes where it is a text. */
    record Value(long number, Bytes text) {}

    /**
     * Billing periods.
     *
     * @param start seconds since 2000
     * @param duration number of units
     * @param unit 21 day, 22 week, 23 month
     */
    record Billing(long start, int duration, int unit) {}

    private record Pending(Instant when, String what, Runnable effect) {}

    private final Consumption uses;
    private final Account account;
    private final Map<Integer, Value> attributes = new HashMap<>();
    private final Map<Integer, GasCalendar> calendars = new HashMap<>();
    private final List<Tally.Tariff> tariffs = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Integer, Integer> eventSettings = new TreeMap<>();
    private final Map<String, Instant> resets = new HashMap<>();
    private final Map<String, List<ElectricityState.Happening>> happenings = new HashMap<>();
    private Tally tally;
    private Tally.Registers latest;
    private Billing billing = new Billing(Series.START.getEpochSecond() - DlmsDateTime.EPOCH_2000, 1, BASE_MONTH);
    private Instant sampling;
    private int supply = SUPPLY_ON;

    /**
     * What every gas meter comes with.
     *
     * @param thresholds block thresholds, in thousandths of a cubic metre
     * @param tariff calendar of the tariff
     * @param nonDisablement calendar of the times in which supply is not disabled
     * @param eventSettings what it does about events, by code
     */
    record Beginning(
            long[] thresholds, GasCalendar tariff, GasCalendar nonDisablement, Map<Integer, Integer> eventSettings) {

        /** By the tables of this bundle. */
        static Beginning load(long[] thresholds) {
            Map<Integer, Integer> settings = new HashMap<>();
            SimulatorTable.rows(GasState.class, "gas-event-settings.tsv")
                    .forEach(row -> settings.put(Integer.parseInt(row[0], 16), Integer.parseInt(row[1], 16)));
            return new Beginning(
                    thresholds,
                    GasCalendar.byTable(GasCalendar.TARIFF, 1),
                    GasCalendar.byTable(GasCalendar.NON_DISABLEMENT, 2),
                    Map.copyOf(settings));
        }
    }

    GasState(Meter meter, Beginning beginning) {
        this.uses = meter.consumption();
        this.account = new Account(
                Dice.seed(uses.seed(), "money"), meter.device().premises() % PREPAID_OF == 1, uses.primary());
        calendars.put(GasCalendar.TARIFF, beginning.tariff());
        calendars.put(GasCalendar.NON_DISABLEMENT, beginning.nonDisablement());
        eventSettings.putAll(beginning.eventSettings());
        tariffChanged(Series.START, beginning.thresholds());
    }

    private void tariffChanged(Instant from, long[] thresholds) {
        long[][] columns = new long[Tally.COLUMNS][];
        Arrays.fill(columns, thresholds);
        tally = null;
        latest = null;
        tariffs.add(new Tally.Tariff(from, calendars.get(GasCalendar.TARIFF).table(), columns));
    }

    /** A calendar or block thresholds came into force. */
    void tariffChanged(Instant from) {
        long[] before = tariffs.get(tariffs.size() - 1).thresholds()[0];
        long[] thresholds = new long[THRESHOLDS];
        for (int i = 0; i < thresholds.length; i++) {
            Value set = attributes.get(ZigbeeValues.FIRST_THRESHOLD + i);
            thresholds[i] = set != null ? set.number() : i < before.length ? before[i] : Long.MAX_VALUE;
        }
        tariffChanged(from, thresholds);
    }

    Consumption uses() {
        return uses;
    }

    Account account() {
        return account;
    }

    List<Tally.Tariff> tariffs() {
        return List.copyOf(tariffs);
    }

    /** The tariff registers. */
    Tally tally() {
        if (tally == null) {
            tally = new Tally(uses.primary(), tariffs(), this::billingDay, List.of());
        }
        return tally;
    }

    /** The tariff registers at the instant; one answer asks for several of them. */
    Tally.Registers registers(Instant time) {
        if (latest == null || !latest.time().equals(time)) {
            latest = tally().at(time);
        }
        return latest;
    }

    /** True where a billing period begins on that day. */
    boolean billingDay(LocalDate date) {
        LocalDate start = Instant.ofEpochSecond(DlmsDateTime.EPOCH_2000 + billing.start())
                .atZone(ZoneOffset.UTC)
                .toLocalDate();
        long every = Math.max(1, billing.duration());
        return switch (billing.unit() & 0xF) {
            case 1 -> Math.floorMod(date.toEpochDay() - start.toEpochDay(), every) == 0;
            case 2 -> Math.floorMod(date.toEpochDay() - start.toEpochDay(), 7 * every) == 0;
            default ->
                date.getDayOfMonth() == Math.min(start.getDayOfMonth(), date.lengthOfMonth())
                        && Math.floorMod(
                                        12L * (date.getYear() - start.getYear())
                                                + date.getMonthValue()
                                                - start.getMonthValue(),
                                        every)
                                == 0;
        };
    }

    Billing billing() {
        return billing;
    }

    void billing(Billing other) {
        this.billing = other;
        this.tally = null;
        this.latest = null;
    }

    GasCalendar calendar(int type) {
        return calendars.get(type);
    }

    void calendar(GasCalendar calendar) {
        calendars.put(calendar.type(), calendar);
    }

    Optional<Value> attribute(int id) {
        return Optional.ofNullable(attributes.get(id));
    }

    void attribute(int id, Value value) {
        attributes.put(id, value);
    }

    Map<Integer, Integer> eventSettings() {
        return eventSettings;
    }

    /** Has something happen at its time; what was to happen to the same thing before is given up. */
    void later(Instant when, String what, Runnable effect) {
        cancel(what);
        pending.add(new Pending(when, what, effect));
    }

    void cancel(String what) {
        pending.removeIf(p -> p.what().equals(what));
    }

    /** Brings into force what is due, in order of time. */
    void bringUp(Instant now) {
        List<Pending> due = pending.stream()
                .filter(p -> !p.when().isAfter(now))
                .sorted(Comparator.comparing(Pending::when))
                .toList();
        pending.removeAll(due);
        due.forEach(p -> p.effect().run());
    }

    int supply() {
        return supply;
    }

    void supply(int state) {
        this.supply = state;
    }

    /** When a network log was last begun; empty where no command began one. */
    Optional<Instant> sampling() {
        return Optional.ofNullable(sampling);
    }

    void sampling(Instant begin) {
        this.sampling = begin;
    }

    Optional<Instant> cleared(String log) {
        return Optional.ofNullable(resets.get(log));
    }

    /** Empties a log, which notes that. */
    void clear(String log, Instant now, int code) {
        resets.put(log, now);
        happenings.computeIfAbsent(log, l -> new ArrayList<>()).add(new ElectricityState.Happening(now, code, ""));
    }

    List<ElectricityState.Happening> happenings(String log) {
        return List.copyOf(happenings.getOrDefault(log, List.of()));
    }
}
