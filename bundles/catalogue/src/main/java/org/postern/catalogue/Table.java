package org.postern.catalogue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A table in a text file, UTF-8: a heading, then rows of cells separated by one tab. A line that is blank or begins
 * with {@code #} is a comment. White space around the text of a cell is ignored. {@code docs/tables.md} describes the
 * notation.
 *
 * <p>Every error in a table is reported as the fault PST-1004, whose field states file, line and column and whose rule
 * states what is required. Immutable.
 */
public final class Table {

    /** Alternative notation of an empty cell. */
    private static final String NONE = "-";

    private static final String RULE_ONCE = "each key once";

    private final String file;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private Table(String file, List<String> names) {
        this.file = file;
        for (String name : names) {
            columns.put(name, columns.size());
        }
    }

    /**
     * Reads a table from the class path.
     *
     * @param owner a class in the package of the resource
     * @param name name of the resource, relative to the class
     * @param columns the heading
     * @throws PosternException PST-1004 where the resource is missing or a row does not have these columns
     */
    public static Table resource(Class<?> owner, String name, String... columns) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new PosternException(CatalogueFault.TABLE_BROKEN.fault(
                        name,
                        "the table is part of the bundle",
                        "the resource does not exist",
                        "reinstall the bundle"));
            }
            return read(name, new InputStreamReader(in, StandardCharsets.UTF_8), columns);
        } catch (IOException e) {
            throw new PosternException(
                    CatalogueFault.TABLE_BROKEN.fault(
                            name, "the table can be read", e.getClass().getSimpleName(), "reinstall the bundle"),
                    e);
        }
    }

    /**
     * Reads a table.
     *
     * @param file name for error messages
     * @param text text of the table; read to its end, not closed
     * @param columns the heading
     * @throws PosternException PST-1004 with file and line where the text is not a table with these columns
     */
    public static Table read(String file, Reader text, String... columns) {
        return read(file, text, false, columns);
    }

    /**
     * Reads a table that may have no heading, like a file of an operator.
     *
     * @param file name for error messages
     * @param text text of the table; read to its end, not closed
     * @param columns the heading, which is optional
     * @throws PosternException PST-1004 with file and line where the text is not a table with these columns
     */
    public static Table readRows(String file, Reader text, String... columns) {
        return read(file, text, true, columns);
    }

    private static Table read(String file, Reader text, boolean headingMayBeMissing, String... columns) {
        List<String> names = List.of(columns);
        Table table = new Table(file, names);
        try {
            BufferedReader lines = text instanceof BufferedReader buffered ? buffered : new BufferedReader(text);
            boolean heading = headingMayBeMissing;
            String line;
            for (int number = 1; (line = lines.readLine()) != null; number++) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] cells = line.split("\t", -1);
                if (table.rows.isEmpty() && List.of(cells).equals(names)) {
                    heading = true;
                } else if (!heading) {
                    throw table.broken(number, "heading", String.join(", ", names), "another heading");
                } else if (cells.length != columns.length) {
                    throw table.broken(number, "row", columns.length + " cells", cells.length + " cells");
                } else {
                    table.rows.add(table.new Row(number, cells));
                }
            }
            if (!heading) {
                throw table.broken(1, "heading", String.join(", ", names), "there is no heading");
            }
            return table;
        } catch (IOException e) {
            throw new PosternException(
                    CatalogueFault.TABLE_BROKEN.fault(
                            file,
                            "the table can be read",
                            e.getClass().getSimpleName(),
                            "check the file and its permissions"),
                    e);
        }
    }

    /** The rows below the heading, in the order of the file. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * The rows by key, in the order of the file.
     *
     * @param column column for which a duplicate key is reported
     * @param key key of a row
     * @param value value of a row
     * @throws PosternException PST-1004 for a duplicate key
     */
    public <K, V> Map<K, V> byKey(String column, Function<Row, K> key, Function<Row, V> value) {
        Map<K, V> all = new LinkedHashMap<>();
        for (Row row : rows) {
            row.require(column, all.put(key.apply(row), value.apply(row)) == null, RULE_ONCE);
        }
        return all;
    }

    /** A fault at a position of this table, to be thrown. */
    public PosternException broken(int line, String column, String rule, String cause) {
        return new PosternException(
                CatalogueFault.TABLE_BROKEN.fault(file + ":" + line + " " + column, rule, cause, "correct that line"));
    }

    /** A fault of the whole table, to be thrown. */
    public PosternException broken(String rule, String cause) {
        return new PosternException(CatalogueFault.TABLE_BROKEN.fault(file, rule, cause, "correct the table"));
    }

    /** One row. Cells are read by the name of their column; a required value that is missing causes PST-1004. */
    public final class Row {

        private final int line;
        private final String[] cells;

        private Row(int line, String[] cells) {
            this.line = line;
            this.cells = cells;
        }

        /** Line in the file, from 1. */
        public int line() {
            return line;
        }

        private String cell(String column) {
            Integer place = columns.get(column);
            if (place == null) {
                throw new IllegalArgumentException(file + " has no column " + column);
            }
            return cells[place].strip();
        }

        /** The text of a cell; never empty. */
        public String text(String column) {
            String cell = cell(column);
            require(column, !cell.isEmpty(), "not empty");
            return cell;
        }

        /** The text of a cell, which may be empty. */
        public String textOrEmpty(String column) {
            return cell(column);
        }

        /** The text of a cell; empty where the cell is empty or {@code -}. */
        public Optional<String> optional(String column) {
            String cell = cell(column);
            return cell.isEmpty() || cell.equals(NONE) ? Optional.empty() : Optional.of(cell);
        }

        /** The text of a cell, which has to match. */
        public String matching(String column, Pattern pattern) {
            String text = text(column);
            require(column, pattern.matcher(text).matches(), pattern.pattern());
            return text;
        }

        /** A cell that contains yes or no. */
        public boolean yes(String column) {
            String text = cell(column);
            require(column, text.equals("yes") || text.equals("no"), "yes or no");
            return text.equals("yes");
        }

        /** Items separated by commas; none where the cell is empty or {@code -}. */
        public List<String> list(String column) {
            return list(column, ",");
        }

        /**
         * Items of a cell; none where the cell is empty or {@code -}.
         *
         * @param between the separator of items
         */
        public List<String> list(String column, String between) {
            Optional<String> cell = optional(column);
            if (cell.isEmpty()) {
                return List.of();
            }
            List<String> items = List.of(cell.get().split(Pattern.quote(between), -1));
            require(column, items.stream().noneMatch(String::isBlank), "items separated by '" + between + "'");
            return items;
        }

        /** A whole number within limits, in decimal digits. */
        public int number(String column, int min, int max) {
            String text = cell(column);
            boolean digits =
                    !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
            int number = digits ? Integer.parseInt(text) : -1;
            if (!digits || number < min || number > max) {
                throw broken(column, "a number from " + min + " to " + max);
            }
            return number;
        }

        /**
         * A number in hex digits, upper case.
         *
         * @param digits required number of digits, 1 to 7
         */
        public int hex(String column, int digits) {
            return hexadecimal(column, cell(column), digits);
        }

        /** Numbers in hex digits, upper case, separated by commas; none where the cell is empty or {@code -}. */
        public List<Integer> hexList(String column, int digits) {
            return list(column).stream()
                    .map(text -> hexadecimal(column, text, digits))
                    .toList();
        }

        private int hexadecimal(String column, String text, int digits) {
            if (text.length() != digits || !text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'F')) {
                throw broken(column, digits + " upper-case hex digits");
            }
            return Integer.parseInt(text, 16);
        }

        /** A constant of an enum by its name. */
        public <E extends Enum<E>> E constant(String column, Class<E> type) {
            return constant(column, type, text(column));
        }

        /** A constant of an enum by a name that was derived from a cell. */
        public <E extends Enum<E>> E constant(String column, Class<E> type, String name) {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(name)) {
                    return constant;
                }
            }
            throw broken(column, "one of " + List.of(type.getEnumConstants()), "'" + name + "'");
        }

        /** Constants of an enum by their names, separated by commas; none where the cell is empty or {@code -}. */
        public <E extends Enum<E>> List<E> constants(String column, Class<E> type) {
            return list(column).stream()
                    .map(name -> constant(column, type, name))
                    .toList();
        }

        /**
         * The parsed value of a cell.
         *
         * @param rule required form of the cell
         * @param reader parses the text of the cell, or throws IllegalArgumentException or PosternException
         */
        public <T> T parsed(String column, String rule, Function<String, T> reader) {
            try {
                return reader.apply(text(column));
            } catch (IllegalArgumentException | PosternException e) {
                throw broken(column, rule);
            }
        }

        /** Refuses the table unless the condition holds. */
        public void require(String column, boolean condition, String rule) {
            if (!condition) {
                throw broken(column, rule);
            }
        }

        /** A fault of this cell, to be thrown; its cause is the text of the cell. */
        public PosternException broken(String column, String rule) {
            return broken(column, rule, "'" + cell(column) + "'");
        }

        /** A fault of this cell, to be thrown. */
        public PosternException broken(String column, String rule, String cause) {
            return Table.this.broken(line, column, rule, cause);
        }
    }
}
