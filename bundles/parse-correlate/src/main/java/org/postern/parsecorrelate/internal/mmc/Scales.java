package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;

/**
 * Scalers, units, multipliers and trailing digits that a use case fixes and its response repeats, from the resource
 * {@code scales.tsv}. MMC has the readings in the fixed scale and cannot express another one.
 */
final class Scales {

    /**
     * One row.
     *
     * @param scale path of the scale in the response
     * @param mask significant bits of the scale
     * @param right the values that the use case allows; empty if the scale must be the same as another one
     * @param same path of the other scale that this one must equal; null if there is none
     * @param values paths of the readings in this scale
     * @param what name for messages
     */
    record Scale(
            Row.Path scale, long mask, List<Long> right, Row.@Nullable Path same, List<Row.Path> values, String what) {

        /** True if the number is allowed, or equals the other one. */
        boolean holds(long number, @Nullable Long other) {
            return same != null
                    ? other != null && other == number
                    : right.stream().anyMatch(r -> (number & mask) == (r & mask));
        }
    }

    private final Map<Integer, List<Scale>> byCode = new HashMap<>();

    private Scales() {}

    /**
     * Reads the table. The column {@code right} has a number, or several separated by bars, optionally with a slash and
     * the significant bits, or {@code @} and the path of the scale that this one must equal.
     */
    static Scales load() {
        Scales scales = new Scales();
        for (Table.Row row : Resource.table("scales.tsv", "code", "scale", "right", "values", "what", "clause")
                .rows()) {
            scales.byCode
                    .computeIfAbsent(row.hex("code", 4), c -> new ArrayList<>())
                    .add(row.parsed("right", "numbers, decimal or 0x, or @ and a place", right -> scale(row, right)));
        }
        return scales;
    }

    private static Scale scale(Table.Row row, String cell) {
        boolean same = cell.startsWith("@");
        String[] right = (same ? "0" : cell).split("/");
        List<Long> numbers = new ArrayList<>();
        for (String number : right[0].split("\\|")) {
            numbers.add(Long.decode(number));
        }
        return new Scale(
                Row.Path.parse(row.text("scale")),
                right.length == 2 ? Long.decode(right[1]) : -1,
                same ? List.of() : List.copyOf(numbers),
                same ? Row.Path.parse(cell.substring(1)) : null,
                row.list("values", " ").stream().map(Row.Path::parse).toList(),
                row.text("what"));
    }

    /** The rows of the message code; empty if it fixes no scale. */
    List<Scale> of(int messageCode) {
        return byCode.getOrDefault(messageCode, List.of());
    }
}
