package org.postern.simulator.devices.internal.gas;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.DeviceBounds;
import org.postern.simulator.devices.internal.events.CommandEvents;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.measure.Consumption;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.devices.internal.tariff.TariffHistory;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/** What the gas meter of one home remembers, and its proxy with it: settings, calendars, tariffs it had, money. */
public final class GasState {

    public static final int SUPPLY_ON = 2;
    private static final int BASE_MONTH = 0x23;
    private static final int THRESHOLDS = 3;
    private static final int MAX_EVENT_SETTINGS = 1_000;
    /** Those of the table, and one for each number of a price or threshold, which is a byte. */
    private static final int MAX_ATTRIBUTES = 5_000;
    /** The type of a calendar is a byte. */
    private static final int MAX_CALENDARS = 256;

    /**
     * Billing periods.
     *
     * @param start seconds since 2000
     * @param duration number of units
     * @param unit 21 day, 22 week, 23 month
     */
    public record Billing(long start, int duration, int unit) {}

    private record Pending(Instant when, String what, Runnable effect) {}

    private final Consumption uses;
    private final Account account;
    private final Map<Integer, GasValue> attributes = new HashMap<>();
    private final Map<Integer, GasCalendar> calendars = new HashMap<>();
    private final TariffHistory tariffs;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Integer, Integer> eventSettings = new TreeMap<>();
    private final Map<String, Instant> resets = new HashMap<>();
    private final CommandEvents events = new CommandEvents();
    private final DeviceBounds bounds;
    private TariffRegisters registers;
    private TariffRegisters.Reading latest;
    private Billing billing = new Billing(Series.START.getEpochSecond() - DlmsDateTime.EPOCH_2000, 1, BASE_MONTH);
    private Instant sampling;
    private int supply = SUPPLY_ON;

    /**
     * What every gas meter comes with.
     *
     * @param thresholds block thresholds, in thousandths of a cubic metre
     * @param terms prices, and how debts are recovered
     * @param tariff calendar of the tariff
     * @param nonDisablement calendar of the times in which supply is not disabled
     * @param eventSettings what it does about events, by code
     */
    public record Beginning(
            long[] thresholds,
            Account.Terms terms,
            GasCalendar tariff,
            GasCalendar nonDisablement,
            Map<Integer, Integer> eventSettings) {

        /** By the tables of this bundle. */
        public static Beginning load(long[] thresholds, Account.Terms terms) {
            Map<Integer, Integer> settings = new HashMap<>();
            for (Table.Row row : Table.resource(GasState.class, "gas-event-settings.tsv", "code", "configuration")
                    .rows()) {
                settings.put(row.hex("code", 4), row.hex("configuration", 2));
            }
            return new Beginning(
                    thresholds,
                    terms,
                    GasCalendar.byTable(GasCalendar.TARIFF, 1),
                    GasCalendar.byTable(GasCalendar.NON_DISABLEMENT, 2),
                    Map.copyOf(settings));
        }
    }

    public GasState(DeviceState meter, Beginning beginning) {
        this.uses = meter.consumption();
        this.account = new Account(
                SeededRandom.seed(uses.seed(), "money"),
                Account.prepaidFromStart(meter.device()),
                uses.primary(),
                beginning.terms(),
                meter.bounds().accountChanges());
        this.bounds = meter.bounds();
        this.tariffs = new TariffHistory(bounds.tariffs());
        calendars.put(GasCalendar.TARIFF, beginning.tariff());
        calendars.put(GasCalendar.NON_DISABLEMENT, beginning.nonDisablement());
        eventSettings.putAll(beginning.eventSettings());
        tariffChanged(Series.START, beginning.thresholds());
    }

    private void tariffChanged(Instant from, long[] thresholds) {
        long[][] columns = new long[TariffRegisters.COLUMNS][];
        Arrays.fill(columns, thresholds);
        registers = null;
        latest = null;
        tariffs.add(new TariffRegisters.Tariff(
                from, calendars.get(GasCalendar.TARIFF).table(), columns));
    }

    /** A calendar or block thresholds came into force. */
    public void tariffChanged(Instant from) {
        long[] before = tariffs.latest().thresholds()[0];
        long[] thresholds = new long[THRESHOLDS];
        for (int i = 0; i < thresholds.length; i++) {
            GasValue set = attributes.get(GasAttributes.FIRST_THRESHOLD + i);
            thresholds[i] = set != null ? set.number() : i < before.length ? before[i] : Long.MAX_VALUE;
        }
        tariffChanged(from, thresholds);
    }

    public Consumption uses() {
        return uses;
    }

    public Account account() {
        return account;
    }

    public List<TariffRegisters.Tariff> tariffs() {
        return tariffs.all();
    }

    /** The tariff registers. */
    public TariffRegisters registers() {
        if (registers == null) {
            registers = new TariffRegisters(uses.primary(), tariffs(), this::billingDay, List.of());
        }
        return registers;
    }

    /** The tariff registers at the instant; one answer asks for several of them. */
    public TariffRegisters.Reading registers(Instant time) {
        if (latest == null || !latest.time().equals(time)) {
            latest = registers().at(time);
        }
        return latest;
    }

    /** True where a billing period begins on that day. */
    public boolean billingDay(LocalDate date) {
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

    public Billing billing() {
        return billing;
    }

    public void billing(Billing other) {
        this.billing = other;
        this.registers = null;
        this.latest = null;
    }

    public GasCalendar calendar(int type) {
        return calendars.get(type);
    }

    public void calendar(GasCalendar calendar) {
        calendars.put(calendar.type(), calendar);
    }

    public Optional<GasValue> attribute(int id) {
        return Optional.ofNullable(attributes.get(id));
    }

    public void attribute(int id, GasValue value) {
        attributes.put(id, value);
    }

    /** What the device does about events, by code. */
    public Map<Integer, Integer> eventSettings() {
        return Collections.unmodifiableMap(eventSettings);
    }

    /** Sets what the device does about an event; beyond {@link #MAX_EVENT_SETTINGS} other codes are not taken. */
    public void eventSetting(int code, int setting) {
        if (eventSettings.size() < MAX_EVENT_SETTINGS || eventSettings.containsKey(code)) {
            eventSettings.put(code, setting);
        }
    }

    /** Has something happen at its time; what was to happen to the same thing before is given up. */
    public void later(Instant when, String what, Runnable effect) {
        cancel(what);
        pending.add(new Pending(when, what, effect));
    }

    public void cancel(String what) {
        pending.removeIf(p -> p.what().equals(what));
    }

    /** Brings into force what is due, in order of time. */
    public void bringUp(Instant now) {
        List<Pending> due = pending.stream()
                .filter(p -> !p.when().isAfter(now))
                .sorted(Comparator.comparing(Pending::when))
                .toList();
        pending.removeAll(due);
        due.forEach(p -> p.effect().run());
    }

    public int supply() {
        return supply;
    }

    public void supply(int state) {
        this.supply = state;
    }

    /** When a network log was last begun; empty where no command began one. */
    public Optional<Instant> sampling() {
        return Optional.ofNullable(sampling);
    }

    public void sampling(Instant begin) {
        this.sampling = begin;
    }

    public Optional<Instant> cleared(String log) {
        return Optional.ofNullable(resets.get(log));
    }

    /** Empties a log, which notes that. */
    public void clear(String log, Instant now, int code) {
        resets.put(log, now);
        events.add(log, new EventLog.Event(now, code, ""));
    }

    /** Events that commands put into the logs. */
    public CommandEvents events() {
        return events;
    }

    /** How full its collections are. */
    public List<CollectionSize> sizes() {
        return List.of(
                new CollectionSize("gas.account-changes", account.size(), bounds.accountChanges()),
                new CollectionSize("gas.account-payments", account.payments(), Account.MAX_PAYMENTS),
                new CollectionSize("gas.tariffs", tariffs.size(), bounds.tariffs()),
                new CollectionSize("gas.log-events", events.size(), EventLog.ENTRIES),
                new CollectionSize("gas.attributes-set", attributes.size(), MAX_ATTRIBUTES),
                new CollectionSize("gas.calendars", calendars.size(), MAX_CALENDARS),
                new CollectionSize("gas.changes-pending", pending.size(), MAX_ATTRIBUTES),
                new CollectionSize("gas.event-settings", eventSettings.size(), MAX_EVENT_SETTINGS));
    }
}
