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
 * with {@code #} is a remark. Blanks around a cell do not count. {@code docs/tables.md} has the notation.
 *
 * <p>Everything that is wrong with a table is one fault, PST-1004, whose field names file, line and column and whose
 * rule says what should be there. Immutable.
 */
public final class Table {

    /** An empty cell may be written so. */
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
     * A table from the class path.
     *
     * @param owner a class beside the resource
     * @param name name of the resource, relative to the class
     * @param columns the heading
     * @throws PosternException PST-1004 where the resource is missing or another row than these columns allow is in it
     */
    public static Table resource(Class<?> owner, String name, String... columns) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new PosternException(CatalogueFault.TABLE_BROKEN.fault(
                        name, "the table is part of the bundle", "no such resource", "reinstall the bundle"));
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
     * A table from elsewhere.
     *
     * @param file name for error messages
     * @param text read to its end, not closed
     * @param columns the heading
     * @throws PosternException PST-1004 with file and line where the text is no table of these columns
     */
    public static Table read(String file, Reader text, String... columns) {
        return read(file, text, false, columns);
    }

    /**
     * A table from elsewhere that may begin with its rows, as an operator's file may.
     *
     * @param file name for error messages
     * @param text read to its end, not closed
     * @param columns the heading, which may stand there
     * @throws PosternException PST-1004 with file and line where the text is no table of these columns
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
                throw table.broken(1, "heading", String.join(", ", names), "no heading");
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

    /** The rows below the heading, in the file's order. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * The rows by key, in the file's order.
     *
     * @param column where a key that stands twice is reported
     * @param key of a row
     * @param value of a row
     * @throws PosternException PST-1004 for a key that stands twice
     */
    public <K, V> Map<K, V> byKey(String column, Function<Row, K> key, Function<Row, V> value) {
        Map<K, V> all = new LinkedHashMap<>();
        for (Row row : rows) {
            row.require(column, all.put(key.apply(row), value.apply(row)) == null, RULE_ONCE);
        }
        return all;
    }

    /** The fault of one place of this table, to be thrown. */
    public PosternException broken(int line, String column, String rule, String cause) {
        return new PosternException(
                CatalogueFault.TABLE_BROKEN.fault(file + ":" + line + " " + column, rule, cause, "correct that line"));
    }

    /** The fault of the table as a whole, to be thrown. */
    public PosternException broken(String rule, String cause) {
        return new PosternException(CatalogueFault.TABLE_BROKEN.fault(file, rule, cause, "correct the table"));
    }

    /** One row. A cell is asked for by its column; what is asked for and not there is PST-1004. */
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

        /** The text of a cell; empty or {@code -} is none. */
        public Optional<String> optional(String column) {
            String cell = cell(column);
            return cell.isEmpty() || cell.equals(NONE) ? Optional.empty() : Optional.of(cell);
        }

        /** The text of a cell that must match. */
        public String matching(String column, Pattern pattern) {
            String text = text(column);
            require(column, pattern.matcher(text).matches(), pattern.pattern());
            return text;
        }

        /** A cell that says yes or no. */
        public boolean yes(String column) {
            String text = cell(column);
            require(column, text.equals("yes") || text.equals("no"), "yes or no");
            return text.equals("yes");
        }

        /** Items joined by commas; an empty cell or {@code -} is none. */
        public List<String> list(String column) {
            return list(column, ",");
        }

        /**
         * Items of a cell; an empty cell or {@code -} is none.
         *
         * @param between the text between two items
         */
        public List<String> list(String column, String between) {
            Optional<String> cell = optional(column);
            if (cell.isEmpty()) {
                return List.of();
            }
            List<String> items = List.of(cell.get().split(Pattern.quote(between), -1));
            require(column, items.stream().noneMatch(String::isBlank), "items with '" + between + "' between them");
            return items;
        }

        /** A whole number within bounds, in decimal digits. */
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
         * @param digits how many there must be, 1 to 7
         */
        public int hex(String column, int digits) {
            return hexadecimal(column, cell(column), digits);
        }

        /** Numbers in hex digits, upper case, joined by commas; an empty cell or {@code -} is none. */
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

        /** A constant of an enum by a name that was made of a cell. */
        public <E extends Enum<E>> E constant(String column, Class<E> type, String name) {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(name)) {
                    return constant;
                }
            }
            throw broken(column, "one of " + List.of(type.getEnumConstants()), "'" + name + "'");
        }

        /** Constants of an enum by their names, joined by commas; an empty cell or {@code -} is none. */
        public <E extends Enum<E>> List<E> constants(String column, Class<E> type) {
            return list(column).stream()
                    .map(name -> constant(column, type, name))
                    .toList();
        }

        /**
         * What a cell stands for.
         *
         * @param rule what the cell should be
         * @param reader makes it of the cell's text, or throws IllegalArgumentException or PosternException
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

        /** The fault of that cell, to be thrown; it quotes the cell. */
        public PosternException broken(String column, String rule) {
            return broken(column, rule, "'" + cell(column) + "'");
        }

        /** The fault of that cell, to be thrown. */
        public PosternException broken(String column, String rule, String cause) {
            return Table.this.broken(line, column, rule, cause);
        }
    }
}
