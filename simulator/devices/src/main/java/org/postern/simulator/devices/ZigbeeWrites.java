package org.postern.simulator.devices;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.devices.ZigbeeCall.Builder;
import org.postern.simulator.devices.ZigbeeCall.Outcome;
import org.postern.simulator.pki.SimulatorTable;

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
    private final Map<Integer, BiFunction<GasAsk, ZigbeeCall, Outcome>> commands = new HashMap<>();

    ZigbeeWrites(ZigbeeValues values) {
        this.values = values;
        for (String[] row : SimulatorTable.rows(ZigbeeWrites.class, "zigbee-settings.tsv")) {
            settings.computeIfAbsent(
                            (row[5].equals("server") ? ZigbeeCall.PUBLISHED : 0)
                                    | Integer.parseInt(row[0] + row[1], 16),
                            k -> new ArrayList<>())
                    .add(new Setting(row[2], Integer.parseInt(row[3], 16), row[4]));
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
    Outcome outcome(GasAsk ask, ZigbeeCall call) {
        for (Setting setting : settings.getOrDefault(call.key(), List.of())) {
            ZclFields.Field field = call.fields().stream()
                    .filter(f -> f.name().equals(setting.field()))
                    .findFirst()
                    .orElseThrow();
            GasState.Value value = field.type().equals("octstr")
                    ? new GasState.Value(0, field.bytes())
                    : ZigbeeValues.number(field.number());
            long start = setting.time().equals("-")
                    ? 0
                    : setting.time().equals("from") ? call.fromDate().orElse(0) : call.number(setting.time());
            at(
                    ask,
                    start,
                    String.format("%08X", setting.attribute()),
                    () -> ask.state().attribute(setting.attribute(), value));
        }
        BiFunction<GasAsk, ZigbeeCall, Outcome> more = commands.get(call.key());
        return more == null ? Outcome.done() : more.apply(ask, call);
    }

    /** At once, later, or never: a cancellation. */
    private static void at(GasAsk ask, long start, String what, Runnable effect) {
        if (start >= CANCEL) {
            ask.state().cancel(what);
        } else {
            Instant when = GasAsk.instant(start);
            ask.state().later(when.isBefore(ask.now()) ? ask.now() : when, what, effect);
        }
    }

    private static Instant when(GasAsk ask, long start) {
        Instant time = GasAsk.instant(start);
        return time.isBefore(ask.now()) ? ask.now() : time;
    }

    private static Outcome changeSupply(GasAsk ask, ZigbeeCall call) {
        int state = (int) call.number("proposedSupplyStatus");
        ask.state().supply(state);
        ask.meter().supplyEnabled(state == GasState.SUPPLY_ON);
        return Outcome.found(List.of(new Builder()
                .number("providerId", 0)
                .number("issuerEventId", call.number("issuerEventId"))
                .number("implementationDateTime", GasAsk.seconds(ask.now()))
                .number("supplyStatus", state)
                .reply(0x0C)));
    }

    private static Outcome startSampling(GasAsk ask, ZigbeeCall call) {
        ask.state().sampling(when(ask, call.number("startSamplingTime")));
        return Outcome.found(
                List.of(new Builder().number("sampleId", NETWORK_SAMPLE).reply(0x0D)));
    }

    private static void change(GasAsk ask, Account.Change change, long amount) {
        ask.state().account().change(ask.now(), change, amount, "");
    }

    private static Outcome changeDebt(GasAsk ask, ZigbeeCall call) {
        int type = (int) call.number("debtAmountType");
        change(
                ask,
                type == TIME_DEBT_1
                        ? Account.Change.TIME_DEBT_1_BY
                        : type == TIME_DEBT_2 ? Account.Change.TIME_DEBT_2_BY : Account.Change.PAYMENT_DEBT_BY,
                call.number("debtAmount"));
        if (type == TIME_DEBT_1 || type == TIME_DEBT_2) {
            int first = type == TIME_DEBT_1 ? 0x0705_0210 : 0x0705_0220;
            ask.state().attribute(first + 6, ZigbeeValues.number(call.number("debtRecoveryFrequency")));
            ask.state().attribute(first + 7, ZigbeeValues.number(call.number("debtRecoveryAmount")));
        } else {
            ask.state().attribute(0x0705_0239, ZigbeeValues.number(call.number("debtRecoveryBalancePercentage")));
        }
        return Outcome.done();
    }

    /** Types: 0 by an amount, 1 to zero, for those who pay in advance; 3 and 2 the same for others. */
    private static Outcome adjust(GasAsk ask, ZigbeeCall call) {
        long amount = call.number("creditAdjustmentValue");
        switch ((int) call.number("creditAdjustmentType")) {
            case 0 -> change(ask, Account.Change.BALANCE_BY, amount);
            case 1 -> {
                change(ask, Account.Change.BALANCE_RESET, 0);
                change(ask, Account.Change.DEBT_RESET, 0);
            }
            case 2 -> change(ask, Account.Change.BILL_RESET, 0);
            default -> change(ask, Account.Change.BILL_BY, amount);
        }
        return Outcome.done();
    }

    private Outcome topUp(GasAsk ask, ZigbeeCall call) {
        Bytes token = call.bytes("utrnTopUpCode");
        OptionalLong value = CosemWrites.millipence(token);
        value.ifPresent(amount -> ask.state()
                .account()
                .change(ask.now(), Account.Change.TOP_UP, amount, token.text(StandardCharsets.US_ASCII)));
        return Outcome.found(List.of(new Builder()
                .number("resultType", value.isPresent() ? 0 : REJECTED_TOKEN)
                .number("topUpValue", value.orElse(0))
                .number("sourceOfTopUp", 0)
                .number("creditRemaining", values.account(ask).balance())
                .reply(0x03)));
    }

    private Outcome changePaymentMode(GasAsk ask, ZigbeeCall call) {
        long start = call.number("implementationDateTime");
        long cutOff = call.number("cutOffValue");
        boolean prepays = (call.number("proposedPaymentControlConfiguration") & PREPAYMENT_BIT) != 0;
        Instant when = when(ask, start);
        at(ask, start, "payment mode", () -> {
            if (prepays && (cutOff & 0xFFFF_FFFFL) != NO_CUT_OFF) {
                ask.state().attribute(CUT_OFF, ZigbeeValues.number(cutOff));
            }
            ask.state().account().change(when, prepays ? Account.Change.PREPAYMENT : Account.Change.CREDIT, 0, "");
        });
        return Outcome.found(List.of(new Builder()
                .number("friendlyCredit", 1)
                .number("friendlyCreditCalendarId", FRIENDLY_CREDIT_CALENDAR)
                .number("emergencyCreditLimit", values.get(ask, ZigbeeValues.EMERGENCY_LIMIT))
                .number("emergencyCreditThreshold", values.get(ask, ZigbeeValues.EMERGENCY_THRESHOLD))
                .reply(0x02)));
    }

    /** Prices of blocks, numbered from 0, or of periods, numbered from 1. */
    private static Outcome prices(GasAsk ask, ZigbeeCall call) {
        boolean periods = (call.number("subPayloadControl") & 1) != 0;
        List<ZclFields.Field> ids = call.all("tierBlockId");
        List<ZclFields.Field> prices = call.all("price");
        at(ask, call.number("startTime"), "prices", () -> {
            for (int i = 0; i < ids.size(); i++) {
                ask.state()
                        .attribute(
                                0x0700_0400
                                        + (int)
                                                (periods
                                                        ? ids.get(i).number() << 4
                                                        : ids.get(i).number()),
                                ZigbeeValues.number(prices.get(i).number()));
            }
        });
        return Outcome.done();
    }

    private static Outcome thresholds(GasAsk ask, ZigbeeCall call) {
        List<ZclFields.Field> thresholds = call.all("blockThreshold");
        Instant when = when(ask, call.number("startTime"));
        at(ask, call.number("startTime"), "thresholds", () -> {
            for (int i = 0; i < thresholds.size(); i++) {
                ask.state()
                        .attribute(
                                ZigbeeValues.FIRST_THRESHOLD + i,
                                ZigbeeValues.number(thresholds.get(i).number()));
            }
            ask.state().tariffChanged(when);
        });
        return Outcome.done();
    }

    private static Outcome billing(GasAsk ask, ZigbeeCall call) {
        ask.state()
                .billing(new GasState.Billing(
                        call.number("billingPeriodStartTime"), (int) call.number("billingPeriodDuration"), (int)
                                call.number("billingPeriodDurationType")));
        return Outcome.done();
    }

    private static Outcome eventSettings(GasAsk ask, ZigbeeCall call) {
        int setting = (int) call.number("eventConfiguration");
        call.all("eventId").forEach(code -> ask.state().eventSettings().put((int) code.number(), setting));
        return Outcome.done();
    }

    private static Outcome clearLog(GasAsk ask, ZigbeeCall call) {
        ask.state().clear(ZigbeeReads.logOf(ask, call.number("logId")), ask.now(), LOG_CLEARED);
        return Outcome.found(List.of(
                new Builder().number("clearedEventLogs", CLEARED_GENERAL).reply(0x02)));
    }

    /**
     * Puts together the calendars that the commands of one message publish, and has them take effect at their start.
     */
    void calendars(GasAsk ask, List<ZigbeeCall> calls) {
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
            Instant when = when(ask, start);
            at(ask, start, "calendar " + whole.type(), () -> {
                ask.state().calendar(whole);
                if (whole.type() == GasCalendar.TARIFF) {
                    ask.state().tariffChanged(when);
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

    private static void dated(List<GasCalendar.Dated> into, ZigbeeCall call, String date, String id) {
        List<ZclFields.Field> dates = call.all(date);
        List<ZclFields.Field> ids = call.all(id);
        for (int i = 0; i < dates.size(); i++) {
            into.add(
                    new GasCalendar.Dated(dates.get(i).bytes(), (int) ids.get(i).number()));
        }
    }
}
