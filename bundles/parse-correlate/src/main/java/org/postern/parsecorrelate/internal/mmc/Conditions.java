package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The closed set of conditions of {@code when}. */
final class Conditions {

    /** A condition with its arguments. */
    @FunctionalInterface
    interface Condition {

        /**
         * @param source null if there is no node at the path; throws {@link UnexpectedValueException} if it is another
         *     kind of node
         */
        boolean holds(@Nullable Source source);
    }

    /** A condition: the form of its arguments, and how it is created from them. */
    private record Kind(String form, Function<Arguments, Condition> make) {}

    private static final Map<String, Kind> ALL = Map.of(
            "exists", new Kind("", a -> s -> s != null),
            "missing", new Kind("", a -> s -> s == null),
            "size", new Kind("size:count", a -> size(a.count(0))),
            "length", new Kind("bytes:count", a -> length(a.count(0))),
            "is", new Kind("value:range...", Conditions::is),
            "mask", new Kind("mask:bits value:bits", a -> masked(a.bits(0), a.bits(1))),
            "any", new Kind("codes:table", a -> any(MaskConversions.places(a.words(0)))),
            "none", new Kind("codes:table", a -> none(MaskConversions.places(a.words(0)))));

    private Conditions() {}

    /** Names of all conditions. */
    static Set<String> names() {
        return ALL.keySet();
    }

    /** The form of a condition's arguments. */
    static String form(String name) {
        return kind(name).form();
    }

    /**
     * The condition with these arguments. Throws IllegalArgumentException if there is no such condition or its
     * arguments are wrong.
     */
    static Condition of(String name, List<String> arguments, Tables tables) {
        Kind kind = kind(name);
        return kind.make().apply(Arguments.of(kind.form(), arguments, tables));
    }

    private static Kind kind(String name) {
        Kind kind = ALL.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("a known condition");
        }
        return kind;
    }

    private static Condition size(int size) {
        return s -> s != null && s.list().size() == size;
    }

    private static Condition length(int length) {
        return s -> s != null && s.bytes().length() == length;
    }

    private static Condition masked(int mask, int value) {
        return s -> s != null && (s.small() & mask) == value;
    }

    private static Condition any(int[] places) {
        return s -> s != null && MaskConversions.any(s, places);
    }

    private static Condition none(int[] places) {
        return s -> s != null && !MaskConversions.any(s, places);
    }

    private static Condition is(Arguments a) {
        long[] min = new long[a.size()];
        long[] max = new long[a.size()];
        for (int i = 0; i < a.size(); i++) {
            String range = a.text(i);
            int dots = range.indexOf("..");
            min[i] = Long.decode(dots < 0 ? range : range.substring(0, dots));
            max[i] = dots < 0 ? min[i] : Long.decode(range.substring(dots + 2));
        }
        return s -> {
            if (s == null) {
                return false;
            }
            long n = s.whole();
            for (int i = 0; i < min.length; i++) {
                if (n >= min[i] && n <= max[i]) {
                    return true;
                }
            }
            return false;
        };
    }
}
