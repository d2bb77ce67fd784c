package org.postern.parsecorrelate.internal.mmc;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;

/**
 * Numbers that a standard reserves for overflow, invalid or not available, from the resource
 * {@code reserved-values.tsv}. They are not readings. A row of the mapping names the set that applies.
 */
final class ReservedValues {

    /** The numbers of one set and the meaning of each. Sets are small, so the search is linear. */
    record Numbers(long[] numbers, String[] texts) {

        /** The number in hex and its meaning, or null if the number is a value. */
        @Nullable
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

    /** True if there is such a set. */
    boolean has(String set) {
        return sets.containsKey(set);
    }

    /** The set of that name, which must exist. */
    Numbers set(String name) {
        return Objects.requireNonNull(sets.get(name), name);
    }
}
