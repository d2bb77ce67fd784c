package org.postern.parsecorrelate.internal.mmc;

import java.util.HashMap;
import java.util.Map;

/**
 * Numbers that a standard reserves, by the set that a row of the mapping names, from the resource
 * {@code reserved-values.csv}: overflow, invalid or not available. They are no readings.
 */
final class ReservedValues {

    /** The numbers of one set and why each is none. Sets are small: looked through one by one. */
    private record Numbers(long[] numbers, String[] texts) {

        Numbers with(long number, String text) {
            long[] n = java.util.Arrays.copyOf(numbers, numbers.length + 1);
            String[] t = java.util.Arrays.copyOf(texts, texts.length + 1);
            n[numbers.length] = number;
            t[texts.length] = text;
            return new Numbers(n, t);
        }
    }

    private final Map<String, Numbers> sets = new HashMap<>();

    private ReservedValues() {}

    /** Reads the resource: {@code set,value,meaning,clause}; values in hex, of signed types with their sign. */
    static ReservedValues load() {
        ReservedValues all = new ReservedValues();
        Resource.rows("reserved-values.csv", 4, (line, cells) -> {
            try {
                all.sets.merge(
                        cells[0],
                        new Numbers(
                                new long[] {Long.parseLong(cells[1], 16)},
                                new String[] {cells[1] + " (" + cells[2] + ")"}),
                        (old, one) -> old.with(one.numbers()[0], one.texts()[0]));
            } catch (NumberFormatException e) {
                throw Resource.fault("reserved-values.csv", line, "a value in hex", cells[1]);
            }
        });
        return all;
    }

    /** True where there is such a set. */
    boolean has(String set) {
        return sets.containsKey(set);
    }

    /** The number in hex and why it is no value, or null where it is one. */
    String meaning(String set, long number) {
        Numbers numbers = sets.get(set);
        for (int i = 0; i < numbers.numbers.length; i++) {
            if (numbers.numbers[i] == number) {
                return numbers.texts[i];
            }
        }
        return null;
    }
}
