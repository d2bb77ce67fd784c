package org.postern.simulator.devices.internal.gas.commands;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.devices.internal.gas.GasAttributes;
import org.postern.simulator.devices.internal.gas.GasCalendar;
import org.postern.simulator.devices.internal.gas.GasRead;
import org.postern.simulator.devices.internal.gas.GasState;
import org.postern.simulator.devices.internal.gas.GasValue;
import org.postern.simulator.devices.internal.gas.ZigbeeValues;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Builder;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Outcome;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.prepayment.TopUps;

/** ZigBee commands that set or do something: by the table of settings, and those that are more than a setting. */
final class ZigbeeWrites {

    private static final long NO_CUT_OFF = 0xFFFF_FFFFL;
    /** Start times from here on cancel what was sent before. */
    private static final long CANCEL = 0xFFFF_FFFEL;

    private static final int CUT_OFF = 0x0705_0040;
    private static final int PREPAYMENT_BIT = 0x02;
    private static final int FRIENDLY_CREDIT_CALENDAR = 2;
    private static final int LOG_CLEARED = 0x8F52;
    private static final int CLEARED_GENERAL = 0x08;
    private static final int REJECTED_TOKEN = 1;
    private static final int NETWORK_SAMPLE = 2;
    private static final int TIME_DEBT_1 = 1;
    private static final int TIME_DEBT_2 = 3;

    private record Setting(String field, int attribute, String time) {}

    private final ZigbeeValues values;
    private final Map<Integer, List<Setting>> settings = new HashMap<>();
    private final Map<Integer, BiFunction<GasRead, ZigbeeCall, Outcome>> commands = new HashMap<>();

    ZigbeeWrites(ZigbeeValues values) {
        this.values = values;
        for (Table.Row row : Table.resource(
                        ZigbeeWrites.class,
                        "zigbee-settings.tsv",
                        "cluster",
                        "command",
                        "field",
                        "attribute",
                        "time",
                        "side")
                .rows()) {
            String side = row.text("side");
            row.require("side", side.equals("server") || side.equals("client"), "server or client");
            settings.computeIfAbsent(
                            (side.equals("server") ? ZigbeeCall.PUBLISHED : 0)
                                    | row.hex("cluster", 4) << 8
                                    | row.hex("command", 2),
                            k -> new ArrayList<>())
                    .add(new Setting(
                            row.text("field"),
                            row.parsed("attribute", "eight hex digits", text -> Integer.parseUnsignedInt(text, 16)),
                            row.text("time")));
        }
        commands.put(0x0702_0B, ZigbeeWrites::changeSupply);
        commands.put(0x0702_07, ZigbeeWrites::startSampling);
        commands.put(0x0705_02, ZigbeeWrites::changeDebt);
        commands.put(0x0705_04, this::topUp);
        commands.put(0x0705_05, ZigbeeWrites::adjust);
        commands.put(0x0705_06, this::changePaymentMode);
        commands.put(ZigbeeCall.PUBLISHED | 0x0700_05, ZigbeeWrites::prices);
        commands.put(ZigbeeCall.PUBLISHED | 0x0700_06, ZigbeeWrites::thresholds);
        commands.put(ZigbeeCall.PUBLISHED | 0x0700_09, ZigbeeWrites::billing);
        commands.put(ZigbeeCall.PUBLISHED | 0x0708_04, ZigbeeWrites::eventSettings);
        commands.put(0x0709_01, ZigbeeWrites::clearLog);
    }

    /**
     * Carries it out. A command of no table is accepted: messages, names and passwords change nothing that can be read.
     */
    Outcome outcome(GasRead read, ZigbeeCall call) {
        for (Setting setting : settings.getOrDefault(call.key(), List.of())) {
            ZclFields.Field field = call.fields().stream()
                    .filter(f -> f.name().equals(setting.field()))
                    .findFirst()
                    .orElseThrow();
            GasValue value =
                    field.type().equals("octstr") ? new GasValue(0, field.bytes()) : GasValue.number(field.number());
            long start = setting.time().equals("-")
                    ? 0
                    : setting.time().equals("from") ? call.fromDate().orElse(0) : call.number(setting.time());
            at(
                    read,
                    start,
                    String.format("%08X", setting.attribute()),
                    () -> read.state().attribute(setting.attribute(), value));
        }
        BiFunction<GasRead, ZigbeeCall, Outcome> more = commands.get(call.key());
        return more == null ? Outcome.done() : more.apply(read, call);
    }

    /** At once, later, or never: a cancellation. */
    private static void at(GasRead read, long start, String what, Runnable effect) {
        if (start >= CANCEL) {
            read.state().cancel(what);
        } else {
            Instant when = GasRead.instant(start);
            read.state().later(when.isBefore(read.now()) ? read.now() : when, what, effect);
        }
    }

    private static Instant when(GasRead read, long start) {
        Instant time = GasRead.instant(start);
        return time.isBefore(read.now()) ? read.now() : time;
    }

    private static Outcome changeSupply(GasRead read, ZigbeeCall call) {
        int state = (int) call.number("proposedSupplyStatus");
        read.state().supply(state);
        read.meter().supplyEnabled(state == GasState.SUPPLY_ON);
        return Outcome.found(List.of(new Builder()
                .number("providerId", 0)
                .number("issuerEventId", call.number("issuerEventId"))
                .number("implementationDateTime", GasRead.seconds(read.now()))
                .number("supplyStatus", state)
                .reply(0x0C)));
    }

    private static Outcome startSampling(GasRead read, ZigbeeCall call) {
        read.state().sampling(when(read, call.number("startSamplingTime")));
        return Outcome.found(
                List.of(new Builder().number("sampleId", NETWORK_SAMPLE).reply(0x0D)));
    }

    private static void change(GasRead read, Account.Change change, long amount) {
        read.state().account().change(read.now(), change, amount, "");
    }

    private static Outcome changeDebt(GasRead read, ZigbeeCall call) {
        int type = (int) call.number("debtAmountType");
        change(
                read,
                type == TIME_DEBT_1
                        ? Account.Change.TIME_DEBT_1_BY
                        : type == TIME_DEBT_2 ? Account.Change.TIME_DEBT_2_BY : Account.Change.PAYMENT_DEBT_BY,
                call.number("debtAmount"));
        if (type == TIME_DEBT_1 || type == TIME_DEBT_2) {
            int first = type == TIME_DEBT_1 ? 0x0705_0210 : 0x0705_0220;
            read.state().attribute(first + 6, GasValue.number(call.number("debtRecoveryFrequency")));
            read.state().attribute(first + 7, GasValue.number(call.number("debtRecoveryAmount")));
        } else {
            read.state().attribute(0x0705_0239, GasValue.number(call.number("debtRecoveryBalancePercentage")));
        }
        return Outcome.done();
    }

    /** Types: 0 by an amount, 1 to zero, for those who pay in advance; 3 and 2 the same for others. */
    private static Outcome adjust(GasRead read, ZigbeeCall call) {
        long amount = call.number("creditAdjustmentValue");
        switch ((int) call.number("creditAdjustmentType")) {
            case 0 -> change(read, Account.Change.BALANCE_BY, amount);
            case 1 -> {
                change(read, Account.Change.BALANCE_RESET, 0);
                change(read, Account.Change.DEBT_RESET, 0);
            }
            case 2 -> change(read, Account.Change.BILL_RESET, 0);
            default -> change(read, Account.Change.BILL_BY, amount);
        }
        return Outcome.done();
    }

    private Outcome topUp(GasRead read, ZigbeeCall call) {
        Bytes token = call.bytes("utrnTopUpCode");
        OptionalLong value = TopUps.millipence(token);
        value.ifPresent(amount -> read.state()
                .account()
                .change(read.now(), Account.Change.TOP_UP, amount, token.text(StandardCharsets.US_ASCII)));
        return Outcome.found(List.of(new Builder()
                .number("resultType", value.isPresent() ? 0 : REJECTED_TOKEN)
                .number("topUpValue", value.orElse(0))
                .number("sourceOfTopUp", 0)
                .number("creditRemaining", values.account(read).balance())
                .reply(0x03)));
    }

    private Outcome changePaymentMode(GasRead read, ZigbeeCall call) {
        long start = call.number("implementationDateTime");
        long cutOff = call.number("cutOffValue");
        boolean prepays = (call.number("proposedPaymentControlConfiguration") & PREPAYMENT_BIT) != 0;
        Instant when = when(read, start);
        at(read, start, "payment mode", () -> {
            if (prepays && (cutOff & 0xFFFF_FFFFL) != NO_CUT_OFF) {
                read.state().attribute(CUT_OFF, GasValue.number(cutOff));
            }
            read.state().account().change(when, prepays ? Account.Change.PREPAYMENT : Account.Change.CREDIT, 0, "");
        });
        return Outcome.found(List.of(new Builder()
                .number("friendlyCredit", 1)
                .number("friendlyCreditCalendarId", FRIENDLY_CREDIT_CALENDAR)
                .number("emergencyCreditLimit", values.get(read, GasAttributes.EMERGENCY_LIMIT))
                .number("emergencyCreditThreshold", values.get(read, GasAttributes.EMERGENCY_THRESHOLD))
                .reply(0x02)));
    }

    /** Prices of blocks, numbered from 0, or of periods, numbered from 1. */
    private static Outcome prices(GasRead read, ZigbeeCall call) {
        boolean periods = (call.number("subPayloadControl") & 1) != 0;
        List<ZclFields.Field> ids = call.all("tierBlockId");
        List<ZclFields.Field> prices = call.all("price");
        at(read, call.number("startTime"), "prices", () -> {
            for (int i = 0; i < ids.size(); i++) {
                read.state()
                        .attribute(
                                0x0700_0400
                                        + (int)
                                                (periods
                                                        ? ids.get(i).number() << 4
                                                        : ids.get(i).number()),
                                GasValue.number(prices.get(i).number()));
            }
        });
        return Outcome.done();
    }

    private static Outcome thresholds(GasRead read, ZigbeeCall call) {
        List<ZclFields.Field> thresholds = call.all("blockThreshold");
        Instant when = when(read, call.number("startTime"));
        at(read, call.number("startTime"), "thresholds", () -> {
            for (int i = 0; i < thresholds.size(); i++) {
                read.state()
                        .attribute(
                                GasAttributes.FIRST_THRESHOLD + i,
                                GasValue.number(thresholds.get(i).number()));
            }
            read.state().tariffChanged(when);
        });
        return Outcome.done();
    }

    private static Outcome billing(GasRead read, ZigbeeCall call) {
        read.state()
                .billing(new GasState.Billing(
                        call.number("billingPeriodStartTime"), (int) call.number("billingPeriodDuration"), (int)
                                call.number("billingPeriodDurationType")));
        return Outcome.done();
    }

    private static Outcome eventSettings(GasRead read, ZigbeeCall call) {
        int setting = (int) call.number("eventConfiguration");
        call.all("eventId").forEach(code -> read.state().eventSetting((int) code.number(), setting));
        return Outcome.done();
    }

    private static Outcome clearLog(GasRead read, ZigbeeCall call) {
        read.state().clear(ZigbeeReads.logOf(read, call.number("logId")), read.now(), LOG_CLEARED);
        return Outcome.found(List.of(
                new Builder().number("clearedEventLogs", CLEARED_GENERAL).reply(0x02)));
    }

    /**
     * Puts together the calendars that the commands of one message publish, and has them take effect at their start.
     */
    void calendars(GasRead read, List<ZigbeeCall> calls) {
        GasCalendar calendar = null;
        long start = 0;
        for (ZigbeeCall call : calls) {
            if (call.key() == (ZigbeeCall.PUBLISHED | 0x0707_00)) {
                calendar = new GasCalendar((int) call.number("calendarType"), call.number("issuerCalendarId"));
                start = call.number("startTime");
            } else if (calendar != null && call.cluster() == 0x0707) {
                part(calendar, call);
            }
        }
        if (calendar != null) {
            GasCalendar whole = calendar;
            Instant when = when(read, start);
            at(read, start, "calendar " + whole.type(), () -> {
                read.state().calendar(whole);
                if (whole.type() == GasCalendar.TARIFF) {
                    read.state().tariffChanged(when);
                }
            });
        }
    }

    private static void part(GasCalendar calendar, ZigbeeCall call) {
        switch (call.command()) {
            case 0x01 -> {
                List<ZclFields.Field> minutes = call.all("startMinute");
                List<ZclFields.Field> actions = call.all("tierOrFriendlyCredit");
                for (int i = 0; i < minutes.size(); i++) {
                    calendar.day(
                            (int) call.number("dayId"), (int) minutes.get(i).number(), (int)
                                    actions.get(i).number());
                }
            }
            case 0x02 -> calendar.week((int) call.number("weekId"), call.bytes("dayIds"));
            case 0x03 -> dated(calendar.seasons(), call, "startDate", "weekId");
            default -> dated(calendar.specialDays(), call, "date", "dayId");
        }
    }

    private static void dated(List<GasCalendar.DatedEntry> into, ZigbeeCall call, String date, String id) {
        List<ZclFields.Field> dates = call.all(date);
        List<ZclFields.Field> ids = call.all(id);
        for (int i = 0; i < dates.size(); i++) {
            into.add(new GasCalendar.DatedEntry(
                    dates.get(i).bytes(), (int) ids.get(i).number()));
        }
    }
}
