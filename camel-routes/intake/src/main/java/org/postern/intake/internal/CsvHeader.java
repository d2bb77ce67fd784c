package org.postern.intake.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The first line of a CSV file: {@code service}, {@code device}, {@code role}, {@code commandVariant} and
 * {@code delivery} as in the JSON form, {@code topUp.pence} and the like for a top-up, and {@code body.A.B} for a value
 * inside the body.
 *
 * @param columns names, in order
 * @param problem why the lines of the file cannot be read with this header; empty if they can
 */
record CsvHeader(List<String> columns, String problem) {

    private static final Set<String> NAMES =
            Set.of("service", "device", "role", "commandVariant", "delivery", "topUp", "body");
    private static final Set<String> PLAIN = Set.of("service", "device", "role", "commandVariant", "delivery");

    /** @param text the line; null if it is not UTF-8 */
    static CsvHeader read(String text) {
        List<String> columns = text == null ? null : fields(text);
        if (columns == null) {
            return new CsvHeader(
                    List.of(), text == null ? "the header is not UTF-8" : "a quote in the header is not closed");
        }
        columns.replaceAll(String::strip);
        return new CsvHeader(List.copyOf(columns), problem(text, columns));
    }

    private static String problem(String text, List<String> columns) {
        if (columns.size() == 1 && (text.indexOf(';') >= 0 || text.indexOf('\t') >= 0 || text.indexOf('|') >= 0)) {
            return "the separator must be a comma";
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            String first = column.split("\\.", 2)[0];
            if (column.isEmpty() || column.startsWith(".") || column.endsWith(".") || column.contains("..")) {
                return "a column without a name";
            }
            if (!NAMES.contains(first)) {
                return "no column may be called '" + shown(column)
                        + "': is the first line the header? Columns are service, device, role, "
                        + "commandVariant, delivery, topUp.X, body.X";
            }
            if (PLAIN.contains(first) && !first.equals(column)) {
                return "column " + shown(column) + " has no parts";
            }
            if (!seen.add(column)) {
                return "column " + shown(column) + " is there twice";
            }
        }
        for (String column : columns) {
            for (int dot = column.indexOf('.'); dot >= 0; dot = column.indexOf('.', dot + 1)) {
                if (seen.contains(column.substring(0, dot))) {
                    return "column " + shown(column.substring(0, dot)) + " cannot be a value and have parts as well";
                }
            }
        }
        return "";
    }

    /** Shortened and printable: the line may be data instead of a header. */
    private static String shown(String column) {
        String plain = column.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.length() > 40 ? plain.substring(0, 40) + "..." : plain;
    }

    /** The fields of one line; null if a quote is not closed. */
    static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return quoted ? null : fields;
    }
}
