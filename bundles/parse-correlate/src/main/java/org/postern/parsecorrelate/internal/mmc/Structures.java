package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.gbcs.Bytes;
import org.postern.parsecorrelate.MmcElement;

/** The closed set of conversions to elements: dates with wildcards, calendars, matrices and masks. */
final class Structures {

    private static final String[] WEEKDAYS = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };

    private Structures() {}

    static void register(Map<String, Conversion> all) {
        all.put("date", (s, a, c) -> Conversion.Result.of(date(s.bytes())));
        all.put("gas-date", (s, a, c) -> Conversion.Result.of(gasDate(s.bytes())));
        all.put("flags", Structures::flags);
        all.put("gas-flags", Structures::gasFlags);
        all.put("channels", Structures::channels);
        all.put("operating-channel", (s, a, c) -> Conversion.Result.of(operatingChannel(s)));
        all.put("weekdays", Structures::weekdays);
        all.put("special-days", Structures::specialDays);
        all.put("set-bits", Structures::setBits);
        all.put("block-prices", Structures::blockPrices);
        all.put("period-prices", Structures::periodPrices);
        all.put("week-days", Structures::weekDays);
        all.put("seven-days", Structures::sevenDays);
        all.put("attributes", Structures::attributes);
        all.put("tariff-action", (s, a, c) -> Conversion.Result.of(tariffAction(s.small())));
        all.put("switch-selector", (s, a, c) -> Conversion.Result.of(switchSelector(s.small() & 0xFF)));
        all.put("switch-type", (s, a, c) -> Conversion.Result.of(switchType(s.bytes())));
        all.put("controller-type", (s, a, c) -> Conversion.Result.of(controllerType(s.bytes(), c)));
        all.put("block-registers", (s, a, c) -> Conversion.Result.of(blockRegisters(s, c)));
        all.put("demand-period", Structures::demandPeriod);
        all.put("credit-list", Structures::creditList);
        all.put("billing-calendar", (s, a, c) -> Conversion.Result.of(billingCalendar(s)));
        all.put("gas-periodicity", (s, a, c) -> Conversion.Result.of(gasPeriodicity(s)));
    }

    private static MmcElement empty(String name) {
        return MmcElement.text(name, "");
    }

    private static MmcElement part(String name, MmcElement child) {
        return MmcElement.of(name, List.of(child));
    }

    private static MmcElement field(int value, int low, int high, String specified) {
        if (value < low || value > high) {
            throw new Mismatch("a date field is out of range");
        }
        return MmcElement.text(specified, Integer.toString(value));
    }

    /** Five bytes of date with wildcards. */
    static List<MmcElement> date(Bytes b) {
        if (b.length() != 5) {
            // a season starts at a date-time of which only the date counts
            if (b.length() != 12) {
                throw new Mismatch("a date of five bytes is expected");
            }
        }
        int year = (int) b.number(0, 2);
        int day = b.at(3);
        MmcElement dayOfMonth = day == 0xFF
                ? empty("NonSpecifiedDayOfMonth")
                : day == 0xFE
                        ? empty("LastDayOfMonth")
                        : day == 0xFD ? empty("SecondLastDayOfMonth") : field(day, 1, 31, "SpecifiedDayOfMonth");
        return List.of(
                part("Year", year == 0xFFFF ? empty("NonSpecifiedYear") : field(year, 2014, 9999, "SpecifiedYear")),
                part("Month", b.at(2) == 0xFF ? empty("NonSpecifiedMonth") : field(b.at(2), 1, 12, "SpecifiedMonth")),
                part("DayOfMonth", dayOfMonth),
                part(
                        "DayOfWeek",
                        b.at(4) == 0xFF ? empty("NonSpecifiedDayOfWeek") : field(b.at(4), 1, 7, "SpecifiedDayOfWeek")));
    }

    /** Four bytes of ZigBee date with wildcards: year from 1900, month, day, day of week. */
    static List<MmcElement> gasDate(Bytes b) {
        if (b.length() != 4) {
            throw new Mismatch("a date of four bytes is expected");
        }
        return List.of(
                part(
                        "GasYearWithWildcards",
                        b.at(0) == 0xFF
                                ? empty("NonSpecifiedYear")
                                : field(b.at(0) + 1900, 2014, 2154, "SpecifiedYear")),
                part(
                        "GasMonthWithWildcards",
                        b.at(1) == 0xFF ? empty("NonSpecifiedMonth") : field(b.at(1), 1, 12, "SpecifiedMonth")),
                part(
                        "GasDayOfMonthWithWildcards",
                        b.at(2) == 0xFF
                                ? empty("GasNonSpecifiedDayOfMonth")
                                : field(b.at(2), 1, 31, "SpecifiedDayOfMonth")),
                part(
                        "GasDayOfWeekWithWildcards",
                        b.at(3) == 0xFF ? empty("NonSpecifiedDayOfWeek") : field(b.at(3), 1, 7, "SpecifiedDayOfWeek")));
    }

    private static boolean flag(boolean[] bits, String code) {
        int position = 255 - Integer.parseInt(code.substring(2), 16);
        if (bits.length != 256) {
            throw new Mismatch("a mask of 256 bits is expected");
        }
        return bits[position];
    }

    /**
     * One element per code of the table: Enable where its bit of the 256 is set. The last byte of the code counts from
     * the end.
     */
    private static Conversion.Result flags(Source s, List<String> args, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        c.tables()
                .table(args.get(0))
                .keySet()
                .forEach(code -> all.add(MmcElement.text("x" + code, flag(bits, code) ? "Enable" : "Disable")));
        return Conversion.Result.of(all);
    }

    /** True where a bit of the table's codes is set. */
    static boolean anyFlag(Source s, String table, Tables tables) {
        boolean[] bits = s.bits();
        return tables.table(table).keySet().stream().anyMatch(code -> flag(bits, code));
    }

    /** Event configurations of a gas meter, in the table's order. */
    private static Conversion.Result gasFlags(Source s, List<String> args, Conversion.Context c) {
        Map<String, Integer> byCode = new TreeMap<>();
        for (Source report : s.list()) {
            Source events = report.at("events");
            if (events != null) {
                for (Source e : events.list()) {
                    byCode.put(
                            Digits.hex4(e.at("event").small()),
                            e.at("configuration").small());
                }
            }
        }
        List<MmcElement> all = new ArrayList<>();
        Map<String, String> table = c.tables().table(args.get(0));
        table.keySet().forEach(code -> {
            Integer v = byCode.remove(code);
            if (v != null) {
                all.add(MmcElement.of(
                        "x" + code,
                        List.of(
                                enable("WANAlert", (v & 0x08) != 0),
                                enable("HANAlert", (v & 0x10) != 0),
                                enable("EventLog", (v & 0x07) != 0),
                                enable("Alarm", (v & 0x40) != 0))));
            }
        });
        if (!byCode.isEmpty()) {
            c.remark("event codes without an element were reported: " + String.join(" ", byCode.keySet()));
        }
        return Conversion.Result.of(all);
    }

    private static MmcElement enable(String name, boolean on) {
        return MmcElement.text(name, on ? "Enable" : "Disable");
    }

    /**
     * Channels of one page: the lowest bit of 32 is the page's first channel. Arguments: first channel, number of
     * channels.
     */
    private static Conversion.Result channels(Source s, List<String> args, Conversion.Context c) {
        int first = Integer.parseInt(args.get(0));
        long mask = mask(s);
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args.get(1)); i++) {
            if ((mask >> i & 1) != 0) {
                all.add(empty("Channel" + (first + i)));
            }
        }
        return new Conversion.Result(null, all);
    }

    private static long mask(Source s) {
        Bytes b = s.bytes();
        if (b.length() != 4) {
            throw new Mismatch("a channel mask of 32 bits is expected");
        }
        return b.number(0, 4);
    }

    /** The one channel of page (upper five bits, 28 to 31) and mask. */
    private static List<MmcElement> operatingChannel(Source s) {
        Bytes b = s.bytes();
        if (b.length() < 4) {
            throw new Mismatch("a channel mask of 32 bits is expected");
        }
        long value = b.number(0, 4);
        int page = (int) (value >> 27);
        long bits = value & 0x7FF_FFFF;
        if (Long.bitCount(bits) != 1 || page < 28) {
            throw new Mismatch("one channel of pages 28 to 31 is expected");
        }
        int channel = new int[] {0, 27, 35, 0}[page - 28] + Long.numberOfTrailingZeros(bits);
        if (page < 31 ? channel > 61 : channel > 26) {
            throw new Mismatch("a channel beyond the page");
        }
        return List.of(part(
                page == 31 ? "OperatingUpperBandSubGHzChannel" : "OperatingLowerBandSubGHzChannel",
                empty("Channel" + channel)));
    }

    /** Days of the week, Monday first. */
    private static Conversion.Result weekdays(Source s, List<String> args, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Math.min(7, bits.length); i++) {
            if (bits[i]) {
                all.add(part("DayOfWeekApplicability", MmcElement.text("DayOfWeekID", WEEKDAYS[i])));
            }
        }
        return Conversion.Result.of(all);
    }

    private static Conversion.Result specialDays(Source s, List<String> args, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Math.min(20, bits.length); i++) {
            if (bits[i]) {
                all.add(part("SpecialDayApplicability", MmcElement.text("SpecialDayID", Integer.toString(i + 1))));
            }
        }
        return Conversion.Result.of(all);
    }

    /** One empty element per bit that is set, its place from 1 in an attribute. Arguments: element, attribute. */
    private static Conversion.Result setBits(Source s, List<String> args, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Math.min(20, bits.length); i++) {
            if (bits[i]) {
                all.add(new MmcElement(args.get(0), Map.of(args.get(1), Integer.toString(i + 1)), "", List.of()));
            }
        }
        return Conversion.Result.of(all);
    }

    /**
     * Prices of the charge table whose index is A to D (block 1 to 4) and 1 to 8 (tariff period), one element per
     * period.
     */
    private static Conversion.Result blockPrices(Source s, List<String> args, Conversion.Context c) {
        Map<Integer, List<MmcElement>> byPeriod = new TreeMap<>();
        for (Source charge : s.list()) {
            Bytes index = charge.at("0").bytes();
            int block = index.length() == 1 ? (index.at(0) >> 4) - 9 : 0;
            int period = index.length() == 1 ? index.at(0) & 0xF : 0;
            if (block >= 1 && block <= 4 && period >= 1 && period <= 8) {
                byPeriod.computeIfAbsent(period, p -> new ArrayList<>())
                        .add(new MmcElement(
                                "BlockPrice",
                                Map.of("index", Integer.toString(block)),
                                Conversions.digits(charge.at("1")),
                                List.of()));
            }
        }
        List<MmcElement> all = new ArrayList<>();
        byPeriod.forEach((period, prices) ->
                all.add(new MmcElement("TariffBlockPrices", Map.of("index", Integer.toString(period)), "", prices)));
        return Conversion.Result.of(all);
    }

    /** Prices of the charge table whose index is a tariff period from 1 to the argument. */
    private static Conversion.Result periodPrices(Source s, List<String> args, Conversion.Context c) {
        List<MmcElement> all = new ArrayList<>();
        for (Source charge : s.list()) {
            Bytes index = charge.at("0").bytes();
            if (index.length() == 1 && index.at(0) >= 1 && index.at(0) <= Integer.parseInt(args.get(0))) {
                all.add(indexed("TariffTOUPrice", index.at(0), Conversions.digits(charge.at("1"))));
            }
        }
        return Conversion.Result.of(all);
    }

    private static MmcElement indexed(String name, int index, String text) {
        return new MmcElement(name, Map.of("index", Integer.toString(index)), text, List.of());
    }

    /** Elements 1 to 7 of a week. Arguments: element, greatest day. */
    private static Conversion.Result weekDays(Source s, List<String> args, Conversion.Context c) {
        List<MmcElement> all = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            all.add(indexed(args.get(0), i, Conversions.within(s.at(Integer.toString(i)), List.of("1", args.get(1)))));
        }
        return Conversion.Result.of(all);
    }

    /** A list of exactly seven. Arguments: element, greatest day. */
    private static Conversion.Result sevenDays(Source s, List<String> args, Conversion.Context c) {
        if (s.list().size() != 7) {
            throw new Mismatch("seven days are expected");
        }
        List<MmcElement> all = new ArrayList<>();
        for (Source day : s.list()) {
            all.add(indexed(args.get(0), all.size() + 1, Conversions.within(day, List.of("1", args.get(1)))));
        }
        return Conversion.Result.of(all);
    }

    /** One element per attribute that was read. Arguments: element, greatest value, reserved values, attributes. */
    private static Conversion.Result attributes(Source s, List<String> args, Conversion.Context c) {
        List<MmcElement> all = new ArrayList<>();
        for (int i = 3; i < args.size(); i++) {
            Source value = s.at(args.get(i));
            if (value != null && !Conversions.noValue(value, args.get(2), c)) {
                all.add(indexed(args.get(0), i - 2, Conversions.within(value, List.of("0", args.get(1)))));
            }
        }
        return Conversion.Result.of(all);
    }

    private static List<MmcElement> tariffAction(int selector) {
        if (selector >= 1 && selector <= 48) {
            return List.of(MmcElement.text("TOUTariffAction", Integer.toString(selector)));
        }
        if (selector >= 101 && selector <= 108) {
            return List.of(MmcElement.text("BlockTariffAction", Integer.toString(selector - 100)));
        }
        throw new Mismatch("selector " + selector + " is no tariff action");
    }

    private static List<MmcElement> switchSelector(int action) {
        if (action != 1 && action != 2) {
            throw new Mismatch("selector " + action + " is no switch action");
        }
        return List.of(empty(action == 1 ? "ActivateSwitch" : "DeactivateSwitch"));
    }

    private static List<MmcElement> switchType(Bytes b) {
        return List.of(Mapper.allZero(b) ? empty("ALCS") : MmcElement.text("HCALCS", Conversions.eui(b)));
    }

    /**
     * Eight bytes: the switch's EUI, or zeros for one wired to the meter. One byte: a proportional controller. None:
     * nothing.
     */
    private static List<MmcElement> controllerType(Bytes b, Conversion.Context c) {
        String type = "AuxiliaryControllerType";
        if (b.length() == 8 && !Mapper.allZero(b)) {
            return List.of(MmcElement.text(type, "HCALCS"), MmcElement.text("HCALCSID", Conversions.eui(b)));
        }
        if (b.length() != 8) {
            c.remark("the type of an auxiliary controller is inferred from the length of its identifier (unverified)");
        }
        return List.of(MmcElement.text(
                type,
                switch (b.length()) {
                    case 8 -> "ALCS";
                    case 1 -> "APC";
                    case 0 -> "None";
                    default -> throw new Mismatch("an identifier of 0, 1 or 8 bytes is expected");
                }));
    }

    /** Four times eight registers and eight counters. */
    private static List<MmcElement> blockRegisters(Source s, Conversion.Context c) {
        List<Source> values = s.list();
        if (values.size() != 64) {
            throw new Mismatch("64 values are expected");
        }
        List<MmcElement> blocks = new ArrayList<>();
        for (int block = 0; block < 4; block++) {
            List<MmcElement> inside = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Source value = values.get(block * 16 + i);
                if (!Conversions.noValue(value, "energy", c)) {
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
    private static Conversion.Result demandPeriod(Source s, List<String> args, Conversion.Context c) {
        String[] times = new String[2];
        for (Source entry : s.list()) {
            int selector = entry.at("3").small();
            if (selector == 1 || selector == 2) {
                times[selector - 1] = Conversions.time(entry.at("4").bytes());
            }
        }
        if (times[0] == null || times[1] == null) {
            throw new Mismatch("start and end of the period are expected");
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
            throw new Mismatch("a billing time is expected");
        }
        Bytes time = entries.get(0).at("0").bytes();
        Bytes date = entries.get(0).at("1").bytes();
        if (date.length() != 5 || time.length() != 4 || time.at(0) > 23) {
            throw new Mismatch("time and date of billing are expected");
        }
        int month = date.at(2);
        int day = date.at(3);
        int weekday = date.at(4);
        MmcElement when;
        if (entries.size() == 1 && month == 0xFF && day == 0xFF) {
            when = weekday == 0xFF ? empty("Daily") : field(weekday, 1, 7, "Weekly");
        } else if (entries.size() == 1 && month == 0xFF) {
            when = field(day, 1, 28, "Monthly");
        } else {
            String name = switch (entries.size()) {
                case 1 -> "Yearly";
                case 2 -> "SixMonthly";
                case 4 -> "Quarterly";
                default -> throw new Mismatch(entries.size() + " billing times are none of the calendars");
            };
            when = MmcElement.of(
                    name, List.of(field(day, 1, 28, "DayOfMonth"), field(month, 1, 12, "BillingPeriodStartMonth")));
        }
        return List.of(MmcElement.text("BillingTime", Digits.clock(time.at(0), time.at(1), time.at(2))), when);
    }

    private static String gasPeriodicity(Source s) {
        int duration = s.at("duration").small();
        int base = s.at("durationType").small() & 0xF;
        String name = base == 1 && duration == 1
                ? "Daily"
                : base == 2 && duration == 1
                        ? "Weekly"
                        : base != 3
                                ? null
                                : switch (duration) {
                                    case 1 -> "Monthly";
                                    case 3 -> "Quarterly";
                                    case 6 -> "SixMonthly";
                                    case 12 -> "Yearly";
                                    default -> null;
                                };
        if (name == null) {
            throw new Mismatch("a billing period of another length");
        }
        return name;
    }

    /**
     * What the list of credits and charges says (GBCS Use Cases ECS02 and ECS03): prepayment where emergency credit
     * pays charges; debt is suspended when disabled where the time debts are paid with 110; suspended in emergency
     * where credit 2 is listed.
     */
    static Conversion.Result creditList(Source s, List<String> args, Conversion.Context c) {
        boolean emergencyPays = false;
        boolean suspended = false;
        boolean emergency = false;
        for (Source pair : s.list()) {
            int credit = pair.at("0").bytes().at(4);
            int charge = pair.at("1").bytes().at(4);
            boolean[] bits = pair.at("2").bits();
            emergencyPays |= credit == 1;
            emergency |= credit == 2;
            suspended |= credit == 0 && (charge == 1 || charge == 2) && bits.length == 3 && !bits[2];
        }
        if (args.get(0).equals("mode")) {
            return Conversion.Result.of(emergencyPays ? "Prepayment" : "Credit");
        }
        if (!emergencyPays) {
            return Conversion.Result.NOTHING;
        }
        return Conversion.Result.of(args.get(0).equals("disabled") ? suspended : emergency);
    }
}
