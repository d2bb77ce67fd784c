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
     * @param scale  where the scale stands in the answer
     * @param mask   bits of it that count
     * @param right  the value that the use case lays down
     * @param values where the readings stand that are counted in it
     * @param what   what it is, for people
     */
    record Scale(Row.Path scale, long mask, long right, List<Row.Path> values, String what) {
    }

    private final Map<Integer, List<Scale>> byCode = new HashMap<>();

    private Scales() {
    }

    /** Reads the resource: {@code code,scale,right,values,what,clause}. */
    static Scales load() {
        Scales scales = new Scales();
        Resource.rows("scales.csv", 6, (line, cells) -> {
            try {
                String[] right = cells[2].split("/");
                List<Row.Path> values = new ArrayList<>();
                for (String value : cells[3].split(" ")) {
                    values.add(Row.Path.parse(value));
                }
                scales.byCode.computeIfAbsent(Integer.parseInt(cells[0], 16), c -> new ArrayList<>()).add(new Scale(Row.Path.parse(cells[1]),
                        right.length == 2 ? Long.decode(right[1]) : -1, Long.decode(right[0]), List.copyOf(values), cells[4]));
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
