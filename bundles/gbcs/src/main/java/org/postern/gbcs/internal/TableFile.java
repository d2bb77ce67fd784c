package org.postern.gbcs.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.GbcsFault;

/**
 * A table of this bundle: tab-separated, lines that begin with # are remarks, the first other line names the columns.
 */
public final class TableFile {

    private final String name;
    private final List<Row> rows = new ArrayList<>();

    private TableFile(String name) {
        this.name = name;
    }

    /** Reads the resource beside the class. */
    public static TableFile read(Class<?> beside, String name, String... columns) {
        InputStream in = beside.getResourceAsStream(name);
        if (in == null) {
            throw fault(name, 0, "the table is in the bundle", "it is missing");
        }
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return read(reader, name, columns);
        } catch (IOException e) {
            throw new PosternException(
                    GbcsFault.TABLE_BROKEN.fault(name, "the table can be read", "it cannot", "build the bundle again"),
                    e);
        }
    }

    /** Reads the text and checks that it has exactly these columns. */
    public static TableFile read(Reader text, String name, String... columns) throws IOException {
        TableFile table = new TableFile(name);
        BufferedReader lines = new BufferedReader(text);
        boolean header = true;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (header) {
                if (!List.of(cells).equals(List.of(columns))) {
                    throw fault(name, number, "columns " + List.of(columns), String.valueOf(List.of(cells)));
                }
                header = false;
                continue;
            }
            if (cells.length != columns.length) {
                throw fault(name, number, columns.length + " cells", cells.length + " cells");
            }
            table.rows.add(table.new Row(number, cells));
        }
        if (header) {
            throw fault(name, number, "columns " + List.of(columns), "an empty table");
        }
        return table;
    }

    public List<Row> rows() {
        return rows;
    }

    private static PosternException fault(String name, int line, String rule, String cause) {
        return new PosternException(GbcsFault.TABLE_BROKEN.fault(name + ":" + line, rule, cause, "correct the table"));
    }

    /** One row. */
    public final class Row {

        private final int line;
        private final String[] cells;

        private Row(int line, String[] cells) {
            this.line = line;
            this.cells = cells;
        }

        public String text(int column) {
            return cells[column];
        }

        /** Cells of a comma-separated list; empty for an empty cell. */
        public List<String> list(int column) {
            return cells[column].isEmpty() ? List.of() : List.of(cells[column].split(","));
        }

        public int hex(int column) {
            return number(column, 16);
        }

        public int decimal(int column) {
            return number(column, 10);
        }

        private int number(int column, int radix) {
            try {
                return Integer.parseInt(cells[column], radix);
            } catch (NumberFormatException e) {
                throw refuse("a number in column " + (column + 1), "'" + cells[column] + "'");
            }
        }

        public <E extends Enum<E>> E oneOf(Class<E> type, String name) {
            try {
                return Enum.valueOf(type, name);
            } catch (IllegalArgumentException e) {
                throw refuse("one of " + List.of(type.getEnumConstants()), "'" + name + "'");
            }
        }

        public PosternException refuse(String rule, String cause) {
            return fault(TableFile.this.name, line, rule, cause);
        }
    }
}
