package org.postern.parsecorrelate.internal.mmc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.postern.catalogue.Table;

/** Enumerations by name: code to word, in the order of the table {@code enumerations.tsv}. */
public final class Tables {

    /** Codes below this are nearly all that are asked for. */
    private static final int SMALL = 256;

    private static final String ALERT = "alert";

    private final Map<String, Map<String, String>> byName = new LinkedHashMap<>();
    /** Words of the small decimal codes of each table, at the place of the code. */
    private final Map<String, String[]> small = new HashMap<>();

    private final Map<Integer, String> alerts = new HashMap<>();
    /** Places that arguments of conversions name, taken apart once: they are of the mapping, hence few. */
    private final Map<String, Row.Path> paths = new ConcurrentHashMap<>();
    /** Members of JSON texts with a level, likewise. */
    private final Map<String, Pattern> levels = new ConcurrentHashMap<>();

    private final ReservedValues reserved = ReservedValues.load();

    /** Reads the tables. */
    public static Tables load() {
        Tables t = new Tables();
        Resource.table("enumerations.tsv", "table", "code", "word")
                .rows()
                .forEach(row -> t.put(row, row.text("table"), row.text("word")));
        Resource.table("alert-names.tsv", "code", "name").rows().forEach(row -> t.put(row, ALERT, row.text("name")));
        t.byName.forEach((table, words) -> {
            String[] byCode = new String[SMALL];
            Arrays.setAll(byCode, code -> words.get(Integer.toString(code)));
            t.small.put(table, byCode);
        });
        t.table(ALERT).forEach((code, name) -> t.alerts.put(Integer.parseInt(code, 16), name));
        return t;
    }

    private void put(Table.Row row, String table, String word) {
        String previous = byName.computeIfAbsent(table, n -> new LinkedHashMap<>())
                .put(row.text("code").toUpperCase(Locale.ROOT), word);
        row.require("code", previous == null, "a code stands once in a table");
    }

    /** The place that an argument of a conversion names. */
    Row.Path path(String text) {
        return paths.computeIfAbsent(text, Row.Path::parse);
    }

    /** How a JSON text gives a level, a number of at most three digits, as that member. */
    Pattern level(String member) {
        return levels.computeIfAbsent(
                member, name -> Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:\\s*\"?(\\d{1,3})\"?\\s*[,}]"));
    }

    /** Numbers that are no values. */
    ReservedValues reserved() {
        return reserved;
    }

    /** The table, empty where there is none of that name. */
    public Map<String, String> table(String name) {
        return byName.getOrDefault(name, Map.of());
    }

    /** True where there is such a table. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** The word for the code, or null. */
    public String word(String table, long code) {
        if (code < 0 || code >= SMALL) {
            return table(table).get(Long.toString(code));
        }
        String[] words = small.get(table);
        return words == null ? null : words[(int) code];
    }

    /** Our short name of an alert or event code, or null. */
    public String alert(int code) {
        return alerts.get(code & 0xFFFF);
    }
}
