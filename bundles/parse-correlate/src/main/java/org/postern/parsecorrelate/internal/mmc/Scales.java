package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;

/**
 * Scalers, units, multipliers and trailing digits that a use case fixes and its answer repeats, from the resource
 * {@code scales.tsv}. MMC states the readings in the fixed scale and has no place for another one.
 */
final class Scales {

    /**
     * One row.
     *
     * @param scale where the scale stands in the answer
     * @param mask bits of it that count
     * @param right the values that the use case lays down; none where it is to be the same as another
     * @param same where the other one stands that it has to be the same as, null where it is a value of its own
     * @param values where the readings stand that are counted in it
     * @param what what it is, for people
     */
    record Scale(Row.Path scale, long mask, List<Long> right, Row.Path same, List<Row.Path> values, String what) {

        /** True where the number is right beside the one that it has to be the same as. */
        boolean holds(long number, Long other) {
            return same != null
                    ? other != null && other == number
                    : right.stream().anyMatch(r -> (number & mask) == (r & mask));
        }
    }

    private final Map<Integer, List<Scale>> byCode = new HashMap<>();

    private Scales() {}

    /**
     * Reads the table. The right value is a number, several between bars, with a slash and the bits that count, or
     * {@code @} and the place of the one that it has to be the same as.
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

    /** The rows of the message code, none where nothing is fixed. */
    List<Scale> of(int messageCode) {
        return byCode.getOrDefault(messageCode, List.of());
    }
}
