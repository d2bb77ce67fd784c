package org.postern.parsecorrelate.internal.mmc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;

/** Enumerations by name: code to word, in the order of the table {@code enumerations.tsv}. */
public final class Tables {

    /** Codes below this limit have an array for fast access; nearly all codes are below it. */
    private static final int SMALL = 256;

    private static final String ALERT = "alert";

    /**
     * One enumeration.
     *
     * @param name of the table
     * @param words by code, in the table's order
     * @param small words of the small decimal codes, indexed by the code
     */
    record Words(String name, Map<String, String> words, String[] small) {

        private static Words of(String name, Map<String, String> words) {
            String[] small = new String[SMALL];
            Arrays.setAll(small, code -> words.get(Integer.toString(code)));
            return new Words(name, words, small);
        }

        /** The word for the code, or null. */
        @Nullable
        String word(long code) {
            return code < 0 || code >= SMALL ? words.get(Long.toString(code)) : small[(int) code];
        }

        /** The word for the code; throws {@link UnexpectedValueException} if there is none. */
        String require(long code) {
            String word = word(code);
            if (word == null) {
                throw new UnexpectedValueException("no word for " + code + " in the table " + name);
            }
            return word;
        }
    }

    private static final Words NO_WORDS = Words.of("", Map.of());

    private final Map<String, Map<String, String>> byName = new LinkedHashMap<>();
    private final Map<String, Words> words = new HashMap<>();
    private final Map<Integer, String> alerts = new HashMap<>();
    private final ReservedValues reserved = ReservedValues.load();

    /** Reads the tables. */
    public static Tables load() {
        Tables t = new Tables();
        Resource.table("enumerations.tsv", "table", "code", "word")
                .rows()
                .forEach(row -> t.put(row, row.text("table"), row.text("word")));
        Resource.table("alert-names.tsv", "code", "name").rows().forEach(row -> t.put(row, ALERT, row.text("name")));
        t.byName.forEach((table, words) -> t.words.put(table, Words.of(table, words)));
        t.table(ALERT).forEach((code, name) -> t.alerts.put(Integer.parseInt(code, 16), name));
        return t;
    }

    private void put(Table.Row row, String table, String word) {
        String previous = byName.computeIfAbsent(table, n -> new LinkedHashMap<>())
                .put(row.text("code").toUpperCase(Locale.ROOT), word);
        row.require("code", previous == null, "a code is unique in its table");
    }

    /** Numbers that mean "no value". */
    ReservedValues reserved() {
        return reserved;
    }

    /** The table; empty if there is none of that name. */
    public Map<String, String> table(String name) {
        return byName.getOrDefault(name, Map.of());
    }

    /** True if there is such a table. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** The enumeration; without words if there is none of that name. */
    Words words(String name) {
        return words.getOrDefault(name, NO_WORDS);
    }

    /** The word for the code, or null. */
    public @Nullable String word(String table, long code) {
        return words(table).word(code);
    }

    /** Postern's short name of an alert or event code, or null. */
    public @Nullable String alert(int code) {
        return alerts.get(code & 0xFFFF);
    }
}
