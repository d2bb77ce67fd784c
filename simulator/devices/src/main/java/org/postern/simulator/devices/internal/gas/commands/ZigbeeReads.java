package org.postern.simulator.devices.internal.gas.commands;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.Bytes;
import org.postern.simulator.devices.internal.events.EventLog;
import org.postern.simulator.devices.internal.gas.GasCalendar;
import org.postern.simulator.devices.internal.gas.GasRead;
import org.postern.simulator.devices.internal.gas.GasState;
import org.postern.simulator.devices.internal.gas.ZigbeeValues;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Builder;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Outcome;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Reply;
import org.postern.simulator.devices.internal.measure.SeededRandom;
import org.postern.simulator.devices.internal.measure.Series;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;

/** ZigBee commands that ask a gas meter for something: snapshots, samples, calendars, prices, logs. */
final class ZigbeeReads {

    private static final int DAILY = 0x01;
    private static final int END_OF_BILLING = 0x02;
    private static final int CHANGE_OF_TARIFF = 0x08;
    private static final int READS = 31;
    private static final int BILLS = 12;
    private static final int SNAPSHOT_OF_GAS = 6;
    private static final int TIERS = 4;
    /** One tier of four blocks. */
    private static final int BLOCKS_IN_USE = 0x14;

    private static final int HALF_HOURLY_LOG = 0;
    private static final int DAILY_LOG = 1;
    private static final int NETWORK_LOG = 2;
    private static final int NETWORK_SECONDS = 360;
    private static final int NETWORK_SAMPLES = 41;
    private static final int NETWORK_HOUR = 6;
    private static final int DAY_INTERVAL = 0xFFFF;
    private static final int HALF_HOURS = 19_056;
    private static final int DAYS = 731;
    private static final long NON_DISABLEMENT_CALENDAR = 0xFFFF_FFFEL;
    private static final int GENERAL_LOG = 3;
    private static final int COPY_OF_GENERAL_LOG = 6;
    private static final int DEBT_TYPE_PAYMENT = 2;
    private static final int DAY_MINUTES = 1440;
    /** Price changes come twice a year. */
    private static final Predicate<LocalDate> NEWS = d -> d.getDayOfMonth() == 1 && d.getMonthValue() % 6 == 4;

    private final ZigbeeValues values;
    private final Map<Integer, BiFunction<GasRead, ZigbeeCall, Outcome>> commands = new HashMap<>();

    ZigbeeReads(ZigbeeValues values) {
        this.values = values;
        commands.put(0x0702_06, this::snapshot);
        commands.put(0x0705_07, this::prepaySnapshot);
        commands.put(0x0702_08, this::samples);
        commands.put(0x0705_08, this::topUps);
        commands.put(0x0705_0A, this::repayments);
        commands.put(0x0707_01, ZigbeeReads::days);
        commands.put(0x0707_02, ZigbeeReads::weeks);
        commands.put(0x0707_03, ZigbeeReads::seasons);
        commands.put(0x0707_04, ZigbeeReads::specialDays);
        commands.put(0x0700_00, this::price);
        commands.put(0x0700_0B, ZigbeeReads::billing);
        commands.put(ZigbeeCall.PUBLISHED | 0x0708_05, ZigbeeReads::eventSettings);
        commands.put(0x0709_00, ZigbeeReads::log);
    }

    /** The outcome, where the command asks for something. */
    Optional<Outcome> outcome(GasRead read, ZigbeeCall call) {
        return Optional.ofNullable(commands.get(call.key())).map(c -> c.apply(read, call));
    }

    private record Snapshot(Instant time, int cause) {}

    /** Snapshots that the meter stores for the requested causes, inside the period, the oldest first. */
    private static List<Snapshot> snapshots(GasRead read, ZigbeeCall call) {
        long causes = call.number("snapshotCause");
        Predicate<LocalDate> which =
                (causes & DAILY) != 0 ? d -> true : (causes & END_OF_BILLING) != 0 ? read.state()::billingDay : NEWS;
        int cause = (causes & DAILY) != 0 ? DAILY : (causes & END_OF_BILLING) != 0 ? END_OF_BILLING : CHANGE_OF_TARIFF;
        int max = cause == DAILY ? READS : BILLS;
        List<Instant> times = new ArrayList<>();
        for (long day = Series.dayOf(read.now()); day > 0 && times.size() < max; day--) {
            if (which.test(Series.midnight(day).atZone(ZoneOffset.UTC).toLocalDate())) {
                times.add(0, Series.midnight(day));
            }
        }
        if (cause == CHANGE_OF_TARIFF) {
            read.state().tariffs().stream()
                    .skip(1)
                    .map(TariffRegisters.Tariff::from)
                    .forEach(times::add);
            times = times.stream().sorted().distinct().toList();
        }
        long from = call.number("earliestStartTime");
        long to = call.number("latestEndTime");
        return times.subList(Math.max(0, times.size() - max), times.size()).stream()
                .filter(t -> GasRead.seconds(t) >= from && GasRead.seconds(t) <= to)
                .map(t -> new Snapshot(t, cause))
                .toList();
    }

    /** Of all that are found, the one whose place was asked for. */
    private static Builder head(List<Snapshot> found, int place, int type) {
        Snapshot snapshot = found.get(place);
        return new Builder()
                .number("snapshotId", place)
                .number("snapshotTime", GasRead.seconds(snapshot.time()))
                .number("snapshotsFound", found.size())
                .number("commandIndex", 0)
                .number("numberOfCommands", 1)
                .number("snapshotCause", snapshot.cause())
                .number("snapshotPayloadType", type);
    }

    private Outcome snapshot(GasRead read, ZigbeeCall call) {
        List<Snapshot> found = snapshots(read, call);
        int place = (int) call.number("snapshotOffset");
        if (place >= found.size()) {
            return Outcome.found(List.of());
        }
        TariffRegisters.Reading r = read.state().registers().at(found.get(place).time());
        Builder b = head(found, place, SNAPSHOT_OF_GAS)
                .number("currentSummationDelivered", r.total())
                .number("tiersInUse", TIERS);
        for (int i = 0; i < TIERS; i++) {
            b.number("tariffTouRegister", r.periods()[i]);
        }
        b.number("tiersAndBlocksInUse", BLOCKS_IN_USE);
        for (long[] block : r.blocks()) {
            b.number("tariffBlockCounter", block[0]);
        }
        return Outcome.found(List.of(b.reply(0x06)));
    }

    private Outcome prepaySnapshot(GasRead read, ZigbeeCall call) {
        List<Snapshot> found = snapshots(read, call);
        int place = (int) call.number("snapshotOffset");
        if (place >= found.size()) {
            return Outcome.found(List.of());
        }
        Account.State s =
                values.run(read, List.of(found.get(place).time())).states().get(0);
        // unsigned fields of which the balance is read as signed
        return Outcome.found(List.of(head(found, place, 0)
                .number("accumulatedDebtRegister", s.accumulated())
                .number("timeDebtRegister1", s.timeDebt1())
                .number("timeDebtRegister2", s.timeDebt2())
                .number("paymentDebtRegister", s.paymentDebt())
                .number("emergencyCreditBalance", s.emergency())
                .number("meterBalance", (values.prepays(read) ? s.balance() : s.bill()) & 0xFFFF_FFFFL)
                .reply(0x01)));
    }

    /**
     * Volumes of half-hours, of days, or of the six minutes of a network log: those that are over and were asked for.
     */
    private Outcome samples(GasRead read, ZigbeeCall call) {
        int id = (int) call.number("sampleId");
        int seconds = id == DAILY_LOG ? Series.DAY_SECONDS : id == NETWORK_LOG ? NETWORK_SECONDS : Series.SLOT_SECONDS;
        long earliest = GasRead.instant(call.number("earliestSampleTime")).getEpochSecond();
        long begin =
                id == NETWORK_LOG ? networkLog(read).getEpochSecond() : -Math.floorDiv(-earliest, seconds) * seconds;
        int kept = id == DAILY_LOG ? DAYS : id == HALF_HOURLY_LOG ? HALF_HOURS : NETWORK_SAMPLES;
        long now = read.now().getEpochSecond();
        if (id != NETWORK_LOG) {
            begin = Math.max(Math.max(begin, (now / seconds - kept) * seconds), Series.START.getEpochSecond());
        }
        long count = Math.min(Math.min(call.number("numberOfSamples"), kept), (now - begin) / seconds);
        if (count <= 0 || begin < earliest || id > NETWORK_LOG) {
            return Outcome.found(List.of());
        }
        Builder b = new Builder()
                .number("sampleId", id)
                .number("sampleStartTime", GasRead.seconds(Instant.ofEpochSecond(begin)))
                .number("sampleType", 0)
                .number("sampleRequestInterval", id == DAILY_LOG ? DAY_INTERVAL : seconds)
                .number("numberOfSamples", count);
        Series gas = read.state().uses().primary();
        for (long i = 0; i < count; i++) {
            Instant time = Instant.ofEpochSecond(begin + i * seconds);
            b.number(
                    "sample",
                    id == DAILY_LOG ? gas.day(Series.dayOf(time)) : gas.at(time.plusSeconds(seconds)) - gas.at(time));
        }
        return Outcome.found(List.of(b.reply(0x07)));
    }

    /** When the network log was begun: by command, else on the last Monday morning. */
    private static Instant networkLog(GasRead read) {
        return read.state().sampling().orElseGet(() -> {
            LocalDate day = read.now().atZone(ZoneOffset.UTC).toLocalDate();
            LocalDate monday = day.minusDays(day.getDayOfWeek().getValue() - 1);
            Instant begin = monday.atTime(NETWORK_HOUR, 0).toInstant(ZoneOffset.UTC);
            return begin.plusSeconds((long) NETWORK_SECONDS * NETWORK_SAMPLES).isAfter(read.now())
                    ? begin.minusSeconds(7L * Series.DAY_SECONDS)
                    : begin;
        });
    }

    /** Payments from the from-date to the end asked for, the newest of them. */
    private static List<Account.Payment> payments(ZigbeeCall call, List<Account.Payment> all, long max) {
        long from = call.fromDate().orElse(0);
        long to = call.number("latestEndTime");
        int kept = (int) Math.min(max, all.size());
        return all.subList(all.size() - kept, all.size()).stream()
                .filter(p -> GasRead.seconds(p.time()) >= from && GasRead.seconds(p.time()) <= to)
                .toList();
    }

    private Outcome topUps(GasRead read, ZigbeeCall call) {
        List<Account.Payment> found =
                payments(call, values.run(read, List.of(read.now())).credits(), call.number("numberOfRecords"));
        Builder b = new Builder().number("commandIndex", 0).number("numberOfCommands", 1);
        found.forEach(p -> b.bytes("utrnTopUpCode", Bytes.ofText(p.token()))
                .number("topUpAmount", p.amount())
                .number("topUpTime", GasRead.seconds(p.time())));
        return Outcome.found(found.isEmpty() ? List.of() : List.of(b.reply(0x05)));
    }

    private Outcome repayments(GasRead read, ZigbeeCall call) {
        List<Account.Payment> found =
                payments(call, values.run(read, List.of(read.now())).repayments(), call.number("numberOfDebts"));
        Builder b = new Builder().number("commandIndex", 0).number("numberOfCommands", 1);
        found.forEach(p -> b.number("collectionTime", GasRead.seconds(p.time()))
                .number("amountCollected", p.amount())
                .number("debtType", DEBT_TYPE_PAYMENT)
                .number("outstandingDebt", p.left()));
        return Outcome.found(found.isEmpty() ? List.of() : List.of(b.reply(0x06)));
    }

    private static GasCalendar calendar(GasRead read, ZigbeeCall call) {
        return read.state()
                .calendar(
                        call.number("issuerCalendarId") == NON_DISABLEMENT_CALENDAR
                                ? GasCalendar.NON_DISABLEMENT
                                : GasCalendar.TARIFF);
    }

    private static Builder calendarHead(GasCalendar calendar) {
        return new Builder()
                .number("providerId", 0)
                .number("issuerEventId", calendar.id())
                .number("issuerCalendarId", calendar.id());
    }

    private static Outcome days(GasRead read, ZigbeeCall call) {
        GasCalendar calendar = calendar(read, call);
        List<Reply> replies = new ArrayList<>();
        calendar.days().forEach((day, switches) -> {
            Builder b = calendarHead(calendar)
                    .number("dayId", day)
                    .number("numberOfScheduleEntries", switches.size())
                    .number("commandIndex", 0)
                    .number("numberOfCommands", 1)
                    .number("calendarType", calendar.type());
            switches.forEach(s -> b.number("startMinute", s.minute()).number("tierOrFriendlyCredit", s.action()));
            replies.add(b.reply(0x01));
        });
        return Outcome.found(replies);
    }

    private static Outcome weeks(GasRead read, ZigbeeCall call) {
        GasCalendar calendar = calendar(read, call);
        List<Reply> replies = new ArrayList<>();
        calendar.weeks()
                .forEach((week, ids) -> replies.add(calendarHead(calendar)
                        .number("weekId", week)
                        .bytes("dayIds", ids)
                        .reply(0x02)));
        return Outcome.found(replies);
    }

    private static Outcome seasons(GasRead read, ZigbeeCall call) {
        GasCalendar calendar = calendar(read, call);
        Builder b = calendarHead(calendar).number("commandIndex", 0).number("numberOfCommands", 1);
        calendar.seasons().forEach(s -> b.bytes("startDate", s.date()).number("weekId", s.id()));
        return Outcome.found(calendar.seasons().isEmpty() ? List.of() : List.of(b.reply(0x03)));
    }

    private static Outcome specialDays(GasRead read, ZigbeeCall call) {
        GasCalendar calendar = calendar(read, call);
        Builder b = calendarHead(calendar)
                .number("startTime", 0)
                .number("calendarType", calendar.type())
                .number("numberOfSpecialDays", calendar.specialDays().size())
                .number("commandIndex", 0)
                .number("numberOfCommands", 1);
        calendar.specialDays().forEach(s -> b.bytes("date", s.date()).number("dayId", s.id()));
        return Outcome.found(calendar.specialDays().isEmpty() ? List.of() : List.of(b.reply(0x04)));
    }

    /** The price of now: of the period of the day, or of the block that is being filled. */
    private Outcome price(GasRead read, ZigbeeCall call) {
        List<TariffRegisters.Tariff> tariffs = read.state().tariffs();
        TariffRegisters.Tariff tariff = tariffs.get(tariffs.size() - 1);
        int action = tariff.table().action(read.now());
        boolean blocks = action > TariffRegisters.BLOCK_ACTION;
        int attribute =
                0x0700_0400 + (blocks ? read.state().registers(read.now()).block(0, tariff.thresholds()) : action << 4);
        long trailing = values.get(read, 0x0700_0617) & 0xF0;
        long now = GasRead.seconds(read.now());
        return Outcome.found(List.of(new Builder()
                .number("providerId", 0)
                .bytes("rateLabel", Bytes.EMPTY)
                .number(
                        "issuerEventId",
                        read.state().calendar(GasCalendar.TARIFF).id())
                .number("currentTime", now)
                .number("unitOfMeasure", 1)
                .number("currency", values.get(read, 0x0700_0616))
                .number("priceTrailingDigitAndPriceTier", trailing | (blocks ? 0 : action))
                .number("numberOfPriceTiersAndRegisterTier", TIERS << 4 | (blocks ? 0 : action))
                .number("startTime", 0)
                .number("durationInMinutes", DAY_MINUTES)
                .number("price", values.get(read, attribute))
                .reply(0x00)));
    }

    private static Outcome billing(GasRead read, ZigbeeCall call) {
        GasState.Billing billing = read.state().billing();
        return Outcome.found(List.of(new Builder()
                .number("providerId", 0)
                .number("issuerEventId", billing.start())
                .number("billingPeriodStartTime", billing.start())
                .number("billingPeriodDuration", billing.duration())
                .number("billingPeriodDurationType", billing.unit())
                .number("tariffType", 0)
                .reply(0x09)));
    }

    private static Outcome eventSettings(GasRead read, ZigbeeCall call) {
        Builder b = new Builder().number("commandIndex", 0).number("totalCommands", 1);
        read.state()
                .eventSettings()
                .forEach((code, setting) -> b.number("eventId", code).number("eventConfiguration", setting));
        return Outcome.found(List.of(b.reply(0x04)));
    }

    /** Name of a log in the table of events, by the lower half of its number. */
    private static String logName(long number) {
        return number == GENERAL_LOG || number == COPY_OF_GENERAL_LOG ? "gas-event" : "gas-security";
    }

    /** Whose log it is: the device's own, or the copy of the gas meter's that a proxy has. */
    static String logOf(GasRead read, long number) {
        String owner =
                number < COPY_OF_GENERAL_LOG ? read.meter().device().type().name() : DeviceType.GSME.name();
        return owner + ' ' + logName(number);
    }

    private static Outcome log(GasRead read, ZigbeeCall call) {
        long number = call.number("eventControlLogId") & 0xF;
        String owner = logOf(read, number);
        long from = call.number("startTime");
        long to = call.number("endTime");
        List<EventLog.Event> found = EventLog.entries(
                        SeededRandom.seed(read.state().uses().seed(), owner),
                        logName(number),
                        read.state().events().of(owner),
                        read.state().cleared(owner),
                        read.now())
                .stream()
                .filter(e -> GasRead.seconds(e.time()) >= from && GasRead.seconds(e.time()) <= to)
                .toList();
        Builder b = new Builder()
                .number("numberOfEvents", found.size())
                .number("commandIndex", 0)
                .number("totalCommands", 1)
                .number("logPayloadControl", 0);
        found.forEach(e -> b.number("logId", number)
                .number("eventId", e.code())
                .number("eventTime", GasRead.seconds(e.time()))
                .bytes("eventData", Bytes.ofHex(e.other())));
        return Outcome.found(found.isEmpty() ? List.of() : List.of(b.reply(0x01)));
    }
}
