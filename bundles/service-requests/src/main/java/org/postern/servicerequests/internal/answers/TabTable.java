package org.postern.servicerequests.internal.answers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A table of this package: a heading, then rows of cells with tabs between; empty lines and those that begin with # are
 * none.
 */
final class TabTable {

    private final String file;

    private TabTable(String file) {
        this.file = file;
    }

    /**
     * One row.
     *
     * @param table its table
     * @param line its line in the file, from 1
     * @param cells what it holds
     */
    record Row(TabTable table, int line, String[] cells) {

        /** Refuses the table with file and line where a rule does not hold. */
        void require(boolean condition, String rule) {
            table.require(condition, line, rule);
        }
    }

    /** The rows of a file beside this class by their key, each of which stands once. */
    static <V> Map<String, V> map(String file, String heading, Function<Row, String> key, Function<Row, V> value) {
        Map<String, V> all = new LinkedHashMap<>();
        for (Row row : rows(file, heading)) {
            row.require(all.put(key.apply(row), value.apply(row)) == null, "each key once");
        }
        return all;
    }

    /** The rows of a file beside this class, each with as many cells as the heading. */
    static List<Row> rows(String file, String heading) {
        TabTable table = new TabTable(file);
        List<Row> rows = new ArrayList<>();
        boolean begun = false;
        try (InputStream in = TabTable.class.getResourceAsStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (begun) {
                    String[] cells = line.split("\t", -1);
                    table.require(cells.length == heading.split("\t").length, i + 1, "as many cells as the heading");
                    rows.add(new Row(table, i + 1, cells));
                } else {
                    table.require(line.equals(heading), i + 1, "the heading");
                    begun = true;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private void require(boolean condition, int line, String rule) {
        if (!condition) {
            throw new IllegalStateException(file + ":" + line + ": " + rule);
        }
    }
}
