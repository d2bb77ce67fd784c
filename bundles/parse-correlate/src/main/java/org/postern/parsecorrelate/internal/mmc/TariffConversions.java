package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.gbcs.Bytes;
import org.postern.parsecorrelate.MmcElement;

/** Conversions of prices, calendars, registers and the list of credits. */
final class TariffConversions {

    private static final int DAYS = 7;

    private TariffConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put("block-prices", new Conversions.Kind("", a -> TariffConversions::blockPrices));
        all.put("period-prices", new Conversions.Kind("periods:count", a -> periodPrices(a.count(0))));
        all.put(
                "week-days",
                new Conversions.Kind("element:name max:count", a -> weekDays(a.text(0), Bounds.of(1, a.count(1)))));
        all.put(
                "seven-days",
                new Conversions.Kind("element:name max:count", a -> sevenDays(a.text(0), Bounds.of(1, a.count(1)))));
        all.put(
                "tariff-action",
                new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(tariffAction(s.small()))));
        all.put(
                "block-registers",
                new Conversions.Kind(
                        "", a -> blockRegisters(a.tables().reserved().set("energy"))));
        all.put("demand-period", new Conversions.Kind("", a -> TariffConversions::demandPeriod));
        all.put("billing-calendar", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(billingCalendar(s))));
        all.put("credit-list", new Conversions.Kind("of:mode|disabled|emergency", a -> creditList(a.text(0))));
    }

    /**
     * Prices of the charge table whose index is A to D (block 1 to 4) and 1 to 8 (tariff period), one element for each
     * period.
     */
    private static Conversion.Result blockPrices(Source s, Conversion.Context c) {
        Map<Integer, List<MmcElement>> byPeriod = new TreeMap<>();
        for (Source charge : s.list()) {
            Bytes index = charge.require("0").bytes();
            int block = index.length() == 1 ? (index.at(0) >> 4) - 9 : 0;
            int period = index.length() == 1 ? index.at(0) & 0xF : 0;
            if (block >= 1 && block <= 4 && period >= 1 && period <= 8) {
                byPeriod.computeIfAbsent(period, p -> new ArrayList<>())
                        .add(new MmcElement(
                                "BlockPrice",
                                Map.of("index", Integer.toString(block)),
                                Conversions.digits(charge.require("1")),
                                List.of()));
            }
        }
        List<MmcElement> all = new ArrayList<>();
        byPeriod.forEach((period, prices) ->
                all.add(new MmcElement("TariffBlockPrices", Map.of("index", Integer.toString(period)), "", prices)));
        return Conversion.Result.of(all);
    }

    /** Prices of the charge table whose index is a tariff period from 1 to the argument. */
    private static Conversion periodPrices(int periods) {
        return (s, c) -> {
            List<MmcElement> all = new ArrayList<>();
            for (Source charge : s.list()) {
                Bytes index = charge.require("0").bytes();
                if (index.length() == 1 && index.at(0) >= 1 && index.at(0) <= periods) {
                    all.add(indexed("TariffTOUPrice", index.at(0), Conversions.digits(charge.require("1"))));
                }
            }
            return Conversion.Result.of(all);
        };
    }

    static MmcElement indexed(String name, int index, String text) {
        return new MmcElement(name, Map.of("index", Integer.toString(index)), text, List.of());
    }

    /** Elements 1 to 7 of a week. */
    private static Conversion weekDays(String element, Bounds day) {
        return (s, c) -> {
            List<MmcElement> all = new ArrayList<>();
            for (int i = 1; i <= DAYS; i++) {
                all.add(indexed(element, i, day.digits(s.require(Integer.toString(i)))));
            }
            return Conversion.Result.of(all);
        };
    }

    /** A list of exactly seven. */
    private static Conversion sevenDays(String element, Bounds bounds) {
        return (s, c) -> {
            if (s.list().size() != DAYS) {
                throw new UnexpectedValueException("seven days are expected");
            }
            List<MmcElement> all = new ArrayList<>();
            for (Source day : s.list()) {
                all.add(indexed(element, all.size() + 1, bounds.digits(day)));
            }
            return Conversion.Result.of(all);
        };
    }

    private static List<MmcElement> tariffAction(int selector) {
        if (selector >= 1 && selector <= 48) {
            return List.of(MmcElement.text("TOUTariffAction", Integer.toString(selector)));
        }
        if (selector >= 101 && selector <= 108) {
            return List.of(MmcElement.text("BlockTariffAction", Integer.toString(selector - 100)));
        }
        throw new UnexpectedValueException("selector " + selector + " is not a tariff action");
    }

    private static Conversion blockRegisters(ReservedValues.Numbers reserved) {
        return (s, c) -> Conversion.Result.of(blockRegisters(s, reserved, c));
    }

    /** Four times eight registers and eight counters. */
    private static List<MmcElement> blockRegisters(Source s, ReservedValues.Numbers reserved, Conversion.Context c) {
        List<Source> values = s.list();
        if (values.size() != 64) {
            throw new UnexpectedValueException("64 values are expected");
        }
        List<MmcElement> blocks = new ArrayList<>();
        for (int block = 0; block < 4; block++) {
            List<MmcElement> inside = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Source value = values.get(block * 16 + i);
                if (!Conversions.noValue(value, reserved, c)) {
                    inside.add(indexed(
                            i < 8 ? "RegisterMatrixTOUValue" : "CounterMatrixTOUValue",
                            i % 8 + 1,
                            Conversions.digits(value)));
                }
            }
            blocks.add(new MmcElement("TariffBlock", Map.of("index", Integer.toString(block + 1)), "", inside));
        }
        return List.of(MmcElement.of("TariffBlockTOURegisterCollection", blocks));
    }

    /** Start (selector 1) and end (selector 2) of the configurable period, from two schedule entries. */
    private static Conversion.Result demandPeriod(Source s, Conversion.Context c) {
        String[] times = new String[2];
        for (Source entry : s.list()) {
            int selector = entry.require("3").small();
            if (selector == 1 || selector == 2) {
                times[selector - 1] = TimeConversions.time(entry.require("4").bytes());
            }
        }
        if (times[0] == null || times[1] == null) {
            throw new UnexpectedValueException("start and end of the period are expected");
        }
        return Conversion.Result.of(
                List.of(MmcElement.text("StartTime", times[0]), MmcElement.text("EndTime", times[1])));
    }

    /**
     * Execution times of the billing single-action schedule: time and date with wildcards, one, two or four of them.
     */
    private static List<MmcElement> billingCalendar(Source s) {
        List<Source> entries = s.list();
        if (entries.isEmpty()) {
            throw new UnexpectedValueException("a billing time is expected");
        }
        Bytes time = entries.get(0).require("0").bytes();
        Bytes date = entries.get(0).require("1").bytes();
        if (date.length() != 5 || time.length() != 4 || time.at(0) > 23) {
            throw new UnexpectedValueException("time and date of billing are expected");
        }
        int month = date.at(2);
        int day = date.at(3);
        int weekday = date.at(4);
        MmcElement when;
        if (entries.size() == 1 && month == 0xFF && day == 0xFF) {
            when = weekday == 0xFF ? TimeConversions.empty("Daily") : TimeConversions.field(weekday, 1, 7, "Weekly");
        } else if (entries.size() == 1 && month == 0xFF) {
            when = TimeConversions.field(day, 1, 28, "Monthly");
        } else {
            String name = switch (entries.size()) {
                case 1 -> "Yearly";
                case 2 -> "SixMonthly";
                case 4 -> "Quarterly";
                default ->
                    throw new UnexpectedValueException(entries.size() + " billing times are not those of any calendar");
            };
            when = MmcElement.of(
                    name,
                    List.of(
                            TimeConversions.field(day, 1, 28, "DayOfMonth"),
                            TimeConversions.field(month, 1, 12, "BillingPeriodStartMonth")));
        }
        return List.of(MmcElement.text("BillingTime", Digits.clock(time.at(0), time.at(1), time.at(2))), when);
    }

    /**
     * Facts in the list of credits and charges (GBCS Use Cases ECS02 and ECS03): prepayment mode if emergency credit
     * pays charges; debt is suspended while the supply is disabled if the time debts are paid with 110; debt is
     * suspended in emergency credit if credit 2 is listed.
     */
    private static Conversion creditList(String of) {
        return (s, c) -> creditList(s, of);
    }

    private static Conversion.Result creditList(Source s, String of) {
        boolean emergencyPays = false;
        boolean suspended = false;
        boolean emergency = false;
        for (Source pair : s.list()) {
            int credit = pair.require("0").bytes().at(4);
            int charge = pair.require("1").bytes().at(4);
            boolean[] bits = pair.require("2").bits();
            emergencyPays |= credit == 1;
            emergency |= credit == 2;
            suspended |= credit == 0 && (charge == 1 || charge == 2) && bits.length == 3 && !bits[2];
        }
        if (of.equals("mode")) {
            return Conversion.Result.of(emergencyPays ? "Prepayment" : "Credit");
        }
        if (!emergencyPays) {
            return Conversion.Result.NOTHING;
        }
        return Conversion.Result.of(of.equals("disabled") ? suspended : emergency);
    }
}
