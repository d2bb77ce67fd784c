package org.postern.parsecorrelate.internal.mmc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The closed set of conversions, by name. A conversion is created from its arguments when the mapping is read, so that
 * a row with wrong arguments is refused with file and line, and no argument is parsed again for each message.
 */
final class Conversions {

    /** A conversion: the form of its arguments (see {@link Arguments}), and how it is created from them. */
    record Kind(String form, Function<Arguments, Conversion> make) {}

    /** A conversion with its arguments bound, and the other paths that it reads. */
    record Made(String name, Conversion conversion, List<Row.Path> otherPaths) {}

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
        return kind(name).form();
    }

    /**
     * The conversion with these arguments. Throws IllegalArgumentException if there is no such conversion or its
     * arguments are wrong.
     */
    static Made of(String name, List<String> arguments, Tables tables) {
        Kind kind = kind(name);
        Arguments checked = Arguments.of(kind.form(), arguments, tables);
        return new Made(name, kind.make().apply(checked), checked.otherPaths());
    }

    private static Kind kind(String name) {
        Kind kind = ALL.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("a known conversion");
        }
        return kind;
    }

    /** True if the set reserves the number for "no value"; this is then reported. */
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
    static Conversion.Result text(@Nullable String text) {
        return text == null || text.isEmpty() ? Conversion.Result.NOTHING : Conversion.Result.of(text);
    }
}
