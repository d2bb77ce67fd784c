package org.postern.parsecorrelate.internal.transform;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postern.catalogue.Table;

/**
 * Sorts and checks numbered and repeated elements according to {@code positions.tsv}: before any rule reads a request,
 * numbered elements are sorted by their numbers, and a number that is missing, repeated or out of range is refused.
 * Immutable and thread-safe.
 */
final class Positions {

    /** Name of the table in the folder of the rule files. */
    static final String FILE = "positions.tsv";

    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\.\\.(\\d{1,5})|-");

    /** The requirements for the elements of one name under one parent; the head of the table explains each. */
    enum How {
        ALL,
        RUN,
        ANY,
        NAME,
        SET,
        ONE,
        ORDER
    }

    /**
     * One row of the table.
     *
     * @param path names of elements from the body's element on
     * @param key {@code @attribute}, name of a child, {@code .} or {@code -}
     * @param first smallest number; 0 if the key is not a number
     * @param last largest number
     * @param how the requirement
     */
    record Row(List<String> path, String key, int first, int last, How how) {

        private boolean numbered() {
            return last > 0;
        }

        private boolean sorts() {
            return how == How.ALL || how == How.RUN || how == How.ANY;
        }
    }

    private final List<Row> rows;

    private Positions(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** Reads the table of this bundle. */
    static Positions load() {
        return new Positions(
                Table.resource(Positions.class, FILE, "in", "path", "key", "range", "how", "why").rows().stream()
                        .map(Positions::row)
                        .toList());
    }

    private static Row row(Table.Row row) {
        List<String> path = new ArrayList<>(row.list("in", "/"));
        path.addAll(row.list("path", "/"));
        Matcher range = RANGE.matcher(row.matching("range", RANGE));
        boolean numbered = range.matches() && range.group(1) != null;
        return new Row(
                List.copyOf(path),
                row.text("key"),
                numbered ? Integer.parseInt(range.group(1)) : 0,
                numbered ? Integer.parseInt(range.group(2)) : 0,
                row.constant("how", How.class));
    }

    /** All rows; used by the test that compares them with the schema. */
    List<Row> rows() {
        return rows;
    }

    /**
     * Checks the body and sorts its numbered elements.
     *
     * @return the same body
     * @throws org.postern.parsecorrelate.TransformException PST-4002 with the number that is missing, repeated or out
     *     of range
     */
    DuisNode place(DuisNode body) {
        for (Row row : rows) {
            walk(row, 0, List.of(body));
        }
        return body;
    }

    private void walk(Row row, int step, List<DuisNode> siblings) {
        String wanted = row.path().get(step);
        List<DuisNode> found = siblings.stream()
                .filter(node -> wanted.equals("*") || wanted.equals(node.name()))
                .toList();
        if (found.isEmpty()) {
            return;
        }
        if (step < row.path().size() - 1) {
            found.forEach(node -> walk(row, step + 1, node.children()));
            return;
        }
        check(row, found);
        if (row.sorts() && found.get(0).parent() != null) {
            found.get(0).parent().order(found.get(0).name(), Comparator.comparing(node -> number(key(node, row))));
        }
    }

    private static void check(Row row, List<DuisNode> nodes) {
        if (row.how() == How.ORDER) {
            return;
        }
        Map<String, DuisNode> seen = new LinkedHashMap<>();
        for (DuisNode node : nodes) {
            DuisNode key = key(node, row);
            String value = row.numbered() ? number(key).toString() : key.text();
            if (row.numbered() && out(number(key), row)) {
                throw Values.refused(key.path(), row.first() + " to " + row.last(), "another number");
            }
            if (seen.put(value, key) != null && row.how() != How.ONE) {
                throw Values.refused(
                        key.path(), "each " + named(row) + " once: it identifies the element", "one is repeated");
            }
        }
        if (row.how() == How.ALL || row.how() == How.RUN) {
            complete(row, nodes, seen.keySet());
        }
    }

    /** Elements that are placed by their number only must have all numbers from the first one on. */
    private static void complete(Row row, List<DuisNode> nodes, Collection<String> seen) {
        int last = row.how() == How.ALL ? row.last() : row.first() + nodes.size() - 1;
        String missing = IntStream.rangeClosed(row.first(), last)
                .mapToObj(String::valueOf)
                .filter(n -> !seen.contains(n))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            DuisNode greatest = nodes.stream()
                    .map(node -> key(node, row))
                    .max(Comparator.comparing(Positions::number))
                    .orElseThrow();
            throw Values.refused(
                    greatest.path(),
                    "every " + named(row) + " from " + row.first() + " to " + last,
                    missing + " is missing");
        }
    }

    private static boolean out(BigInteger number, Row row) {
        return number.compareTo(BigInteger.valueOf(row.first())) < 0
                || number.compareTo(BigInteger.valueOf(row.last())) > 0;
    }

    private static BigInteger number(DuisNode key) {
        return Values.whole(List.of(key));
    }

    private static String named(Row row) {
        return row.key().equals(".") ? "value" : row.key().replace("@", "");
    }

    private static DuisNode key(DuisNode node, Row row) {
        if (row.key().equals(".")) {
            return node;
        }
        if (row.key().startsWith("@")) {
            DuisNode attribute = node.attribute(row.key().substring(1));
            if (attribute == null) {
                throw Values.refused(
                        node.path() + "/" + row.key(), "a number that identifies the element", "it is missing");
            }
            return attribute;
        }
        List<DuisNode> children = node.children(row.key());
        return Values.node(children.isEmpty() ? new MissingNodes(node.path() + "/" + row.key()) : children);
    }
}
