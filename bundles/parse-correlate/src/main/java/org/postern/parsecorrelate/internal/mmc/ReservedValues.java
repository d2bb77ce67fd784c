package org.postern.parsecorrelate.internal.mmc;

import java.util.HashMap;
import java.util.Map;
import org.postern.catalogue.Table;

/**
 * Numbers that a standard reserves, by the set that a row of the mapping names, from the resource
 * {@code reserved-values.tsv}: overflow, invalid or not available. They are no readings.
 */
final class ReservedValues {

    /** The numbers of one set and why each is none. Sets are small: looked through one by one. */
    record Numbers(long[] numbers, String[] texts) {

        /** The number in hex and why it is no value, or null where it is one. */
        String meaning(long number) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == number) {
                    return texts[i];
                }
            }
            return null;
        }

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

    /** Reads the table; values are in hex, of signed types with their sign. */
    static ReservedValues load() {
        ReservedValues all = new ReservedValues();
        for (Table.Row row : Resource.table("reserved-values.tsv", "set", "value", "meaning", "clause")
                .rows()) {
            long number = row.parsed("value", "a value in hex", value -> Long.parseLong(value, 16));
            String text = row.text("value") + " (" + row.text("meaning") + ")";
            all.sets.merge(
                    row.text("set"),
                    new Numbers(new long[] {number}, new String[] {text}),
                    (old, one) -> old.with(number, text));
        }
        return all;
    }

    /** True where there is such a set. */
    boolean has(String set) {
        return sets.containsKey(set);
    }

    /** The set of that name, which there is. */
    Numbers set(String name) {
        return sets.get(name);
    }
}
