package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.parsecorrelate.MmcElement;

/** Conversions of bits to elements: alert settings, radio channels, weekdays. */
final class MaskConversions {

    private static final String[] WEEKDAYS = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };
    private static final int ALERT_BITS = 256;
    private static final int SPECIAL_DAYS = 20;

    private MaskConversions() {}

    static void addTo(Map<String, Conversions.Kind> all) {
        all.put("flags", new Conversions.Kind("codes:table", a -> flags(a.words(0))));
        all.put("channels", new Conversions.Kind("first:count number:count", a -> channels(a.count(0), a.count(1))));
        all.put(
                "operating-channel",
                new Conversions.Kind("", a -> (s, c) -> Conversion.Result.of(operatingChannel(s))));
        all.put("weekdays", new Conversions.Kind("", a -> MaskConversions::weekdays));
        all.put("special-days", new Conversions.Kind("", a -> MaskConversions::specialDays));
        all.put("set-bits", new Conversions.Kind("element:name attribute:name", a -> setBits(a.text(0), a.text(1))));
    }

    /** Positions of the bits of a table's codes in the 256 bits: the last byte of the code counts from the end. */
    static int[] places(Tables.Words codes) {
        return codes.words().keySet().stream()
                .mapToInt(code -> ALERT_BITS - 1 - Integer.parseInt(code.substring(2), 16))
                .toArray();
    }

    private static boolean[] alertBits(Source s) {
        boolean[] bits = s.bits();
        if (bits.length != ALERT_BITS) {
            throw new UnexpectedValueException("a mask of 256 bits is expected");
        }
        return bits;
    }

    /** True if a bit at one of the positions is set. */
    static boolean any(Source s, int[] places) {
        boolean[] bits = alertBits(s);
        for (int place : places) {
            if (bits[place]) {
                return true;
            }
        }
        return false;
    }

    /** One element for each code of the table: Enable if its bit is set. */
    private static Conversion flags(Tables.Words codes) {
        int[] places = places(codes);
        String[] names = codes.words().keySet().stream().map(code -> "x" + code).toArray(String[]::new);
        return (s, c) -> {
            boolean[] bits = alertBits(s);
            List<MmcElement> all = new ArrayList<>(names.length);
            for (int i = 0; i < names.length; i++) {
                all.add(enable(names[i], bits[places[i]]));
            }
            return Conversion.Result.of(all);
        };
    }

    static MmcElement enable(String name, boolean on) {
        return MmcElement.text(name, on ? "Enable" : "Disable");
    }

    /** Channels of one page: the lowest bit of 32 is the page's first channel. */
    private static Conversion channels(int first, int number) {
        return (s, c) -> {
            long mask = mask(s);
            List<MmcElement> all = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                if ((mask >> i & 1) != 0) {
                    all.add(TimeConversions.empty("Channel" + (first + i)));
                }
            }
            return new Conversion.Result(null, all);
        };
    }

    private static long mask(Source s) {
        Bytes b = s.bytes();
        if (b.length() != 4) {
            throw new UnexpectedValueException("a channel mask of 32 bits is expected");
        }
        return b.number(0, 4);
    }

    /** The one channel of page (upper five bits, 28 to 31) and mask. */
    private static List<MmcElement> operatingChannel(Source s) {
        Bytes b = s.bytes();
        if (b.length() < 4) {
            throw new UnexpectedValueException("a channel mask of 32 bits is expected");
        }
        long value = b.number(0, 4);
        int page = (int) (value >> 27);
        long bits = value & 0x7FF_FFFF;
        if (Long.bitCount(bits) != 1 || page < 28) {
            throw new UnexpectedValueException("one channel of pages 28 to 31 is expected");
        }
        int channel = new int[] {0, 27, 35, 0}[page - 28] + Long.numberOfTrailingZeros(bits);
        if (page < 31 ? channel > 61 : channel > 26) {
            throw new UnexpectedValueException("a channel beyond the page");
        }
        return List.of(part(
                page == 31 ? "OperatingUpperBandSubGHzChannel" : "OperatingLowerBandSubGHzChannel",
                TimeConversions.empty("Channel" + channel)));
    }

    /** Days of the week, Monday first. */
    private static Conversion.Result weekdays(Source s, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Math.min(7, bits.length); i++) {
            if (bits[i]) {
                all.add(part("DayOfWeekApplicability", MmcElement.text("DayOfWeekID", WEEKDAYS[i])));
            }
        }
        return Conversion.Result.of(all);
    }

    private static Conversion.Result specialDays(Source s, Conversion.Context c) {
        boolean[] bits = s.bits();
        List<MmcElement> all = new ArrayList<>();
        for (int i = 0; i < Math.min(SPECIAL_DAYS, bits.length); i++) {
            if (bits[i]) {
                all.add(part("SpecialDayApplicability", MmcElement.text("SpecialDayID", Integer.toString(i + 1))));
            }
        }
        return Conversion.Result.of(all);
    }

    /** One empty element for each bit that is set, with its position from 1 in an attribute. */
    private static Conversion setBits(String element, String attribute) {
        return (s, c) -> {
            boolean[] bits = s.bits();
            List<MmcElement> all = new ArrayList<>();
            for (int i = 0; i < Math.min(SPECIAL_DAYS, bits.length); i++) {
                if (bits[i]) {
                    all.add(new MmcElement(element, Map.of(attribute, Integer.toString(i + 1)), "", List.of()));
                }
            }
            return Conversion.Result.of(all);
        };
    }

    private static MmcElement part(String name, MmcElement child) {
        return MmcElement.of(name, List.of(child));
    }
}
