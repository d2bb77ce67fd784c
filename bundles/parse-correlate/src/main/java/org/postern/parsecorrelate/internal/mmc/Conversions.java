package org.postern.parsecorrelate.internal.mmc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The closed set of conversions, by name. A conversion is made of its arguments when the mapping is read, so that a row
 * with other arguments is refused with file and line, and nothing is taken apart per message.
 */
final class Conversions {

    /** A conversion by name: the form of its arguments (see {@link Arguments}), and how it is made of them. */
    record Kind(String form, Function<Arguments, Conversion> make) {}

    /** A conversion with its arguments. */
    record Made(String name, Conversion conversion, List<Row.Path> looks) {}

    private static final Map<String, Kind> ALL;

    static {
        Map<String, Kind> all = new HashMap<>();
        NumberConversions.addTo(all);
        TextConversions.addTo(all);
        TimeConversions.addTo(all);
        MaskConversions.addTo(all);
        GasConversions.addTo(all);
        TariffConversions.addTo(all);
        SwitchConversions.addTo(all);
        ALL = Map.copyOf(all);
    }

    private Conversions() {}

    /** Names of all conversions. */
    static Set<String> names() {
        return ALL.keySet();
    }

    /** The form of a conversion's arguments. */
    static String form(String name) {
        return ALL.get(name).form();
    }

    /** The conversion with these arguments; IllegalArgumentException where there is none, or not with such ones. */
    static Made of(String name, List<String> arguments, Tables tables) {
        Kind kind = ALL.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("a known conversion");
        }
        Arguments checked = Arguments.of(kind.form(), arguments, tables);
        return new Made(name, kind.make().apply(checked), checked.looks());
    }

    /** True, after it was noted, where the number is one that the set reserves for no value. */
    static boolean noValue(Source s, ReservedValues.Numbers set, Conversion.Context c) {
        String meaning = set.meaning(s.whole());
        if (meaning != null) {
            c.noValue(meaning);
        }
        return meaning != null;
    }

    /** The number in decimal digits. */
    static String digits(Source s) {
        return s.isLong() ? Long.toString(s.whole()) : s.number().toString();
    }

    /** A text, or nothing for none. */
    static Conversion.Result text(String text) {
        return text == null || text.isEmpty() ? Conversion.Result.NOTHING : Conversion.Result.of(text);
    }
}
