package org.postern.parsecorrelate.internal.mmc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.parsecorrelate.MmcElement;

/** Conversions of ZigBee attributes and commands of gas meters. */
final class GasConversions {

    private static final String U24 = "zcl-u24";
    private static final String U48 = "zcl-u48";
    /** Decimal places of a quotient. */
    private static final int PLACES = 12;

    private GasConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put(
                "gas-volume",
                new Conversions.Kind("", a -> gasVolume(a.tables().reserved().set(U48))));
        all.put("sample", new Conversions.Kind("", a -> sample(a.tables().reserved())));
        all.put(
                "metered",
                new Conversions.Kind(
                        "multiplier:path divisor:path reserved:set",
                        a -> metered(a.path(0), a.path(1), a.set(2), a.tables().reserved())));
        all.put(
                "attributes",
                new Conversions.Kind(
                        "element:name max:number reserved:set attributes:attribute...", GasConversions::attributes));
        all.put("gas-flags", new Conversions.Kind("codes:table", a -> gasFlags(a.words(0))));
        all.put("gas-periodicity", new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(gasPeriodicity(s))));
    }

    private static Conversion gasVolume(ReservedValues.Numbers reserved) {
        return (s, c) -> {
            if (Conversions.noValue(s, reserved, c)) {
                return Conversion.Result.NOTHING;
            }
            c.remark("gas volumes without multiplier and divisor in the message are read as thousandths of m3"
                    + " (unverified)");
            return Conversion.Result.of(NumberConversions.plain(NumberConversions.decimal(s, 3)));
        };
    }

    private static Conversion sample(ReservedValues reserved) {
        Conversion volume = gasVolume(reserved.set(U48));
        ReservedValues.Numbers none = reserved.set(U24);
        return (s, c) -> Conversions.noValue(s, none, c) ? Conversion.Result.NOTHING : volume.apply(s, c);
    }

    /**
     * Value times multiplier divided by divisor, both from the paths in the arguments; no result if one of them is
     * missing.
     */
    private static Conversion metered(
            Row.Path multipliedBy, Row.Path dividedBy, ReservedValues.Numbers set, ReservedValues all) {
        ReservedValues.Numbers two = all.set("zcl-u16");
        ReservedValues.Numbers three = all.set(U24);
        return (s, c) -> {
            Source multiplier = c.at(multipliedBy);
            Source divisor = c.at(dividedBy);
            if (Conversions.noValue(s, set, c)) {
                return Conversion.Result.NOTHING;
            }
            if (multiplier == null
                    || divisor == null
                    || divisor.number().signum() == 0
                    || reserved(multiplier, two, three)
                    || reserved(divisor, two, three)) {
                c.remark("a value without its multiplier or divisor is left out");
                return Conversion.Result.NOTHING;
            }
            BigDecimal product = NumberConversions.decimal(s, 0).multiply(NumberConversions.decimal(multiplier, 0));
            return Conversion.Result.of(NumberConversions.plain(
                    product.divide(NumberConversions.decimal(divisor, 0), PLACES, RoundingMode.HALF_EVEN)));
        };
    }

    private static boolean reserved(Source factor, ReservedValues.Numbers two, ReservedValues.Numbers three) {
        return (factor.bytes().length() == 2 ? two : three).meaning(factor.whole()) != null;
    }

    /** One element for each attribute that was read, with its position from 1. */
    private static Conversion attributes(Arguments a) {
        String element = a.text(0);
        Bounds bounds = new Bounds(BigInteger.ZERO, a.number(1));
        ReservedValues.Numbers reserved = a.set(2);
        String[] attributes = new String[a.size() - 3];
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = a.text(i + 3);
        }
        return (s, c) -> {
            List<MmcElement> all = new ArrayList<>();
            for (int i = 0; i < attributes.length; i++) {
                Source value = s.at(attributes[i]);
                if (value != null && !Conversions.noValue(value, reserved, c)) {
                    all.add(TariffConversions.indexed(element, i + 1, bounds.digits(value)));
                }
            }
            return Conversion.Result.of(all);
        };
    }

    /** Event configurations of a gas meter, in the table's order. */
    private static Conversion gasFlags(Tables.Words codes) {
        return (s, c) -> {
            Map<String, Integer> byCode = new TreeMap<>();
            for (Source report : s.list()) {
                Source events = report.at("events");
                if (events != null) {
                    for (Source e : events.list()) {
                        byCode.put(
                                Digits.hex4(e.require("eventId").small()),
                                e.require("eventConfiguration").small());
                    }
                }
            }
            List<MmcElement> all = new ArrayList<>();
            codes.words().keySet().forEach(code -> {
                Integer v = byCode.remove(code);
                if (v != null) {
                    all.add(MmcElement.of("x" + code, settings(v)));
                }
            });
            if (!byCode.isEmpty()) {
                c.remark("event codes without an element in MMC: " + String.join(" ", byCode.keySet()));
            }
            return Conversion.Result.of(all);
        };
    }

    private static List<MmcElement> settings(int configuration) {
        return List.of(
                MaskConversions.enable("WANAlert", (configuration & 0x08) != 0),
                MaskConversions.enable("HANAlert", (configuration & 0x10) != 0),
                MaskConversions.enable("EventLog", (configuration & 0x07) != 0),
                MaskConversions.enable("Alarm", (configuration & 0x40) != 0));
    }

    private static String gasPeriodicity(Source s) {
        int duration = s.require("billingPeriodDuration").small();
        int base = s.require("billingPeriodDurationType").small() & 0xF;
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
            throw new UnexpectedValueException("a billing period of another length");
        }
        return name;
    }
}
