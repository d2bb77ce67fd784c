package org.postern.catalogue.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.postern.catalogue.CatalogueFault;
import org.postern.catalogue.PosternException;

/**
 * A text table: one heading, tab-separated cells, {@code #} begins a comment line. Every complaint names file, line and
 * column.
 */
public final class Table {

    private final String file;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    private Table(String file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /** A table from the class path, next to the given class. */
    public static Table resource(Class<?> owner, String name, List<String> columns) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new PosternException(CatalogueFault.TABLE_BROKEN.fault(
                        name, "the table is part of the bundle", "no such resource", "reinstall the bundle"));
            }
            return read(name, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), columns);
        } catch (IOException e) {
            throw new PosternException(
                    CatalogueFault.TABLE_BROKEN.fault(
                            name, "the table can be read", e.getClass().getSimpleName(), "reinstall the bundle"),
                    e);
        }
    }

    /** A table from a reader; {@code file} is for complaints only. */
    public static Table read(String file, BufferedReader reader, List<String> columns) {
        Table table = new Table(file, List.copyOf(columns));
        try {
            boolean heading = false;
            String line;
            for (int number = 1; (line = reader.readLine()) != null; number++) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                List<String> cells = List.of(line.split("\t", -1));
                if (!heading) {
                    if (!cells.equals(columns)) {
                        throw table.broken(number, "heading", String.join(", ", columns), "another heading");
                    }
                    heading = true;
                } else if (cells.size() != columns.size()) {
                    throw table.broken(number, "row", columns.size() + " cells", cells.size() + " cells");
                } else {
                    table.rows.add(table.new Row(number, cells));
                }
            }
            if (!heading) {
                throw table.broken(1, "heading", String.join(", ", columns), "no heading");
            }
            return table;
        } catch (IOException e) {
            throw new PosternException(
                    CatalogueFault.TABLE_BROKEN.fault(
                            file,
                            "the table can be read",
                            e.getClass().getSimpleName(),
                            "check the file and its rights"),
                    e);
        }
    }

    /** The rows below the heading. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** The complaint about one place of this table. */
    public PosternException broken(int line, String column, String rule, String cause) {
        return new PosternException(
                CatalogueFault.TABLE_BROKEN.fault(file + ":" + line + " " + column, rule, cause, "correct that line"));
    }

    /** One row: cells by column name. */
    public final class Row {

        private final int line;
        private final List<String> cells;

        private Row(int line, List<String> cells) {
            this.line = line;
            this.cells = cells;
        }

        /** The text of a cell; never blank. */
        public String text(String column) {
            String cell = cells.get(columns.indexOf(column)).strip();
            require(column, !cell.isEmpty(), "not empty");
            return cell;
        }

        /** The text of a cell that must match. */
        public String matching(String column, Pattern pattern) {
            String text = text(column);
            require(column, pattern.matcher(text).matches(), pattern.pattern());
            return text;
        }

        /** A cell that says yes or no. */
        public boolean yes(String column) {
            String text = text(column);
            require(column, text.equals("yes") || text.equals("no"), "yes or no");
            return text.equals("yes");
        }

        /** A cell of items joined by commas; {@code -} is none. */
        public List<String> list(String column) {
            String text = text(column);
            return text.equals("-") ? List.of() : List.of(text.split(","));
        }

        /** A whole number within bounds. */
        public int number(String column, int least, int most) {
            String text = text(column);
            require(column, text.matches("\\d{1,9}"), "a number from " + least + " to " + most);
            int number = Integer.parseInt(text);
            require(column, number >= least && number <= most, "a number from " + least + " to " + most);
            return number;
        }

        /** A constant of an enum by its name. */
        public <E extends Enum<E>> E constant(String column, Class<E> type, String name) {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(name)) {
                    return constant;
                }
            }
            throw broken(line, column, "one of " + List.of(type.getEnumConstants()), "'" + name + "'");
        }

        /** Complains unless the condition holds. */
        public void require(String column, boolean condition, String rule) {
            if (!condition) {
                throw broken(
                        line,
                        column,
                        rule,
                        "'" + cells.get(columns.indexOf(column)).strip() + "'");
            }
        }
    }
}
