package org.postern.parsecorrelate.reading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The table of values for which a use case has no field, with the source of each. */
final class NotCarried {

    /** One row, and the number of times it was used. */
    private static final class Row {

        private final List<String> codes;
        private final Pattern path;
        private final String how;
        private final String source;
        private int used;

        Row(List<String> codes, Pattern path, String how, String source) {
            this.codes = codes;
            this.path = path;
            this.how = how;
            this.source = source;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    NotCarried() {
        for (String line : Resource.lines("not-carried.txt")) {
            String[] cells = line.split("(?<!\\\\)\\|");
            rows.add(new Row(
                    List.of(cells[0].strip().split(",")),
                    Pattern.compile(cells[1].strip().replace("\\|", "|")),
                    cells[2].strip(),
                    cells[3].strip()));
        }
    }

    /** The values of a request for which the use case of that code has a field. */
    Map<String, String> carried(String code, Map<String, String> values) {
        Map<String, String> left = new LinkedHashMap<>(values);
        for (Row row : rows) {
            if (row.codes.contains(code)) {
                left = apply(row, left);
            }
        }
        return new TreeMap<>(left);
    }

    private static Map<String, String> apply(Row row, Map<String, String> values) {
        boolean with = !row.how.startsWith("drop-with")
                || values.keySet().stream()
                        .anyMatch(path -> path.matches(row.how.substring(10).strip()));
        Map<String, String> left = new LinkedHashMap<>();
        values.forEach((path, value) -> {
            boolean matches = row.how.equals("step")
                    ? row.path.matcher(path).lookingAt()
                    : row.path.matcher(path).matches();
            if (!matches || !with) {
                left.put(path, value);
                return;
            }
            switch (row.how.split(" ")[0]) {
                case "step" -> left.put(without(row.path, path), value);
                case "zero" -> {
                    if (!value.equals("0")) {
                        left.put(path, value);
                    }
                }
                case "minute" -> left.put(path, "time " + Integer.parseInt(value.substring(5)) / 60 * 60);
                case "drop", "drop-with" -> {}
                default -> throw new IllegalStateException(row.how);
            }
            if (!value.equals(left.get(path))) {
                row.used++;
            }
        });
        return left;
    }

    /** The path without the last step of the match. */
    private static String without(Pattern pattern, String path) {
        java.util.regex.Matcher matcher = pattern.matcher(path);
        if (!matcher.lookingAt()) {
            throw new IllegalStateException(path);
        }
        String head = path.substring(0, matcher.end());
        String kept = head.contains("/") ? head.substring(0, head.lastIndexOf('/')) : "";
        String rest = path.substring(matcher.end());
        return kept.isEmpty() ? rest.replaceFirst("^/", "") : kept + rest;
    }

    /** Rows that no request used; they must be removed. */
    List<String> unused() {
        return rows.stream()
                .filter(row -> row.used == 0)
                .map(row -> row.codes + " " + row.path)
                .toList();
    }

    /** Rows with the number of times each was used. */
    List<String> counts() {
        return rows.stream()
                .map(row -> row.codes + " " + row.path + " " + row.how + ": " + row.used + " (" + row.source + ")")
                .toList();
    }
}
