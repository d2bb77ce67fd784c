package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scalers, units, multipliers and trailing digits that a use case fixes and its answer repeats, from the resource
 * {@code scales.csv}. MMC states the readings in the fixed scale and has no place for another one.
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
     * Reads the resource: {@code code,scale,right,values,what,clause}. The right value is a number, several between
     * bars, with a slash and the bits that count, or {@code @} and the place of the one that it has to be the same as.
     */
    static Scales load() {
        Scales scales = new Scales();
        Resource.rows("scales.csv", 6, (line, cells) -> {
            try {
                boolean same = cells[2].startsWith("@");
                String[] right = (same ? "0" : cells[2]).split("/");
                List<Long> numbers = new ArrayList<>();
                for (String number : right[0].split("\\|")) {
                    numbers.add(Long.decode(number));
                }
                List<Row.Path> values = new ArrayList<>();
                for (String value : cells[3].split(" ")) {
                    values.add(Row.Path.parse(value));
                }
                scales.byCode
                        .computeIfAbsent(Integer.parseInt(cells[0], 16), c -> new ArrayList<>())
                        .add(new Scale(
                                Row.Path.parse(cells[1]),
                                right.length == 2 ? Long.decode(right[1]) : -1,
                                same ? List.of() : List.copyOf(numbers),
                                same ? Row.Path.parse(cells[2].substring(1)) : null,
                                List.copyOf(values),
                                cells[4]));
            } catch (NumberFormatException e) {
                throw Resource.fault("scales.csv", line, "numbers, decimal or 0x", cells[2]);
            }
        });
        return scales;
    }

    /** The rows of the message code, none where nothing is fixed. */
    List<Scale> of(int messageCode) {
        return byCode.getOrDefault(messageCode, List.of());
    }
}
