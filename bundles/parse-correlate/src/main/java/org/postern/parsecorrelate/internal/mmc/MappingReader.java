package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads mapping resources. Two blanks of indent per level; {@code #} after a blank or at the beginning of a line begins
 * a comment.
 *
 * <pre>
 * use CODE NAME SRV[?CONDITION] ...      a response      alert CODE NAME      an alert      fragment NAME
 *   PATH                                 the element is there, empty if need be
 *   PATH = SOURCE CONVERSION ARG...      text or sub-elements of an element, or the value of PATH@ATTRIBUTE
 *   PATH each SOURCE [CONVERSION ARG...] one element per element of the list; PATH@ATTRIBUTE gets the counter from 1
 *                                        (each:N makes at most N)
 *   PATH with SOURCE                     the rows beneath read from there
 *   PATH use FRAGMENT [SOURCE]           the rows of the fragment
 *   when SOURCE CONDITION ARG...         the rows beneath only if
 * </pre>
 *
 * A row that begins with {@code !} is required: where it yields nothing the element that encloses it is dropped.
 */
final class MappingReader {

    /** Compiled once: more than a thousand rows are read at each start. */
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final Pattern EACH = Pattern.compile("each(:[1-9]\\d*)?");

    private final Tables tables;
    private final Map<Integer, Mapping.Use> uses = new LinkedHashMap<>();
    private final Map<Integer, Mapping.Use> alerts = new LinkedHashMap<>();
    private final Map<String, List<Row>> fragments = new HashMap<>();
    private String resource;
    private List<String> lines;
    private int at;

    MappingReader(Tables tables) {
        this.tables = tables;
    }

    Mapping read(List<String> resources) {
        for (String name : resources) {
            resource = name;
            lines = Resource.lines(name);
            at = 0;
            while (skip()) {
                block();
            }
        }
        uses.values().forEach(u -> fragmentsExist(u.resource(), u.rows()));
        alerts.values().forEach(u -> fragmentsExist(u.resource(), u.rows()));
        fragments.values().forEach(rows -> fragmentsExist("fragments", rows));
        return new Mapping(
                Collections.unmodifiableMap(uses),
                Collections.unmodifiableMap(alerts),
                Collections.unmodifiableMap(fragments));
    }

    private void fragmentsExist(String where, List<Row> rows) {
        for (Row row : rows) {
            if (row.kind() == Row.Kind.USE && !fragments.containsKey(row.function())) {
                throw Resource.fault(where, row.line(), "fragments exist", "no fragment " + row.function());
            }
            fragmentsExist(where, row.rows());
        }
    }

    /** Moves to the next line with content; false at the end. */
    private boolean skip() {
        while (at < lines.size() && content(lines.get(at)).isBlank()) {
            at++;
        }
        return at < lines.size();
    }

    private static String content(String line) {
        if (line.startsWith("#")) {
            return "";
        }
        int comment = line.indexOf(" # ");
        return comment < 0 ? line.stripTrailing() : line.substring(0, comment).stripTrailing();
    }

    private static int indent(String line) {
        int n = 0;
        while (n < line.length() && line.charAt(n) == ' ') {
            n++;
        }
        return n;
    }

    private void block() {
        int line = at + 1;
        String[] words = BLANKS.split(content(lines.get(at++)));
        if (words[0].equals("fragment") && words.length == 2) {
            if (fragments.put(words[1], rows(2)) != null) {
                throw fault(line, "a fragment stands once", words[1] + " twice");
            }
            return;
        }
        boolean use = words[0].equals("use");
        if (!use && !words[0].equals("alert") || words.length < 3 || !words[1].matches("[0-9A-F]{4}")) {
            throw fault(
                    line, "use CODE NAME SERVICE..., alert CODE NAME or fragment NAME", "it begins with " + words[0]);
        }
        int code = Integer.parseInt(words[1], 16);
        List<Mapping.Service> services = new ArrayList<>();
        for (int i = 3; i < words.length; i++) {
            String[] parts = words[i].split("\\?", 2);
            services.add(new Mapping.Service(parts[0], parts.length == 2 ? parts[1] : ""));
        }
        Mapping.Use entry = new Mapping.Use(resource, line, code, words[2], List.copyOf(services), rows(2));
        if ((use ? uses : alerts).put(code, entry) != null) {
            throw fault(line, "a message code stands once", words[1] + " twice");
        }
    }

    private List<Row> rows(int depth) {
        List<Row> rows = new ArrayList<>();
        while (skip() && indent(lines.get(at)) >= depth) {
            int line = at + 1;
            if (indent(lines.get(at)) != depth) {
                throw fault(
                        line,
                        "two blanks of indent per level",
                        indent(lines.get(at)) + " blanks where " + depth + " fit");
            }
            String text = content(lines.get(at++)).strip();
            boolean required = text.startsWith("!");
            List<String> words =
                    List.of(BLANKS.split(required ? text.substring(1).strip() : text));
            rows.add(row(line, required, words, rows(depth + 2)));
        }
        return List.copyOf(rows);
    }

    private Row row(int line, boolean required, List<String> w, List<Row> beneath) {
        if (w.get(0).equals("when") && w.size() >= 3) {
            if (!Mapper.isCondition(w.get(2))) {
                throw fault(line, "a known condition", w.get(2));
            }
            return new Row(
                    line,
                    Row.Kind.WHEN,
                    required,
                    Row.Target.parse("."),
                    Row.Path.parse(w.get(1)),
                    w.get(2),
                    0,
                    List.copyOf(w.subList(3, w.size())),
                    beneath);
        }
        Row.Target target = Row.Target.parse(w.get(0));
        if (w.size() == 1) {
            return new Row(line, Row.Kind.ELEMENT, required, target, Row.Path.parse("."), "", 0, List.of(), beneath);
        }
        String operator = w.get(1);
        if (operator.equals("=") && w.size() >= 4 && beneath.isEmpty()) {
            return new Row(
                    line,
                    Row.Kind.VALUE,
                    required,
                    target,
                    Row.Path.parse(w.get(2)),
                    conversion(line, w.get(3)),
                    0,
                    arguments(line, w, 4),
                    beneath);
        }
        if (EACH.matcher(operator).matches() && w.size() >= 3 && (w.size() == 3 || beneath.isEmpty())) {
            return new Row(
                    line,
                    Row.Kind.EACH,
                    required,
                    target,
                    Row.Path.parse(w.get(2)),
                    w.size() == 3 ? "" : conversion(line, w.get(3)),
                    operator.length() > 5 ? Integer.parseInt(operator.substring(5)) : Integer.MAX_VALUE,
                    arguments(line, w, 4),
                    beneath);
        }
        if (operator.equals("with") && w.size() == 3) {
            return new Row(line, Row.Kind.WITH, required, target, Row.Path.parse(w.get(2)), "", 0, List.of(), beneath);
        }
        if (operator.equals("use") && (w.size() == 3 || w.size() == 4) && beneath.isEmpty()) {
            return new Row(
                    line,
                    Row.Kind.USE,
                    required,
                    target,
                    Row.Path.parse(w.size() == 4 ? w.get(3) : "."),
                    w.get(2),
                    0,
                    List.of(),
                    beneath);
        }
        throw fault(line, "a row is an element, =, each, with, use or when", String.join(" ", w));
    }

    private String conversion(int line, String name) {
        if (Conversions.find(name) == null) {
            throw fault(line, "a known conversion", name);
        }
        return name;
    }

    private List<String> arguments(int line, List<String> w, int from) {
        List<String> args = w.size() <= from ? List.of() : List.copyOf(w.subList(from, w.size()));
        String function = w.size() > 3 ? w.get(3) : "";
        if ((function.startsWith("enum")
                        || function.equals("flags")
                        || function.equals("gas-flags")
                        || function.equals("asn1-status"))
                && (args.isEmpty() || !tables.has(args.get(0)))) {
            throw fault(line, "the table of an enumeration exists", String.join(" ", args));
        }
        int set = List.of("reading").contains(function)
                ? 0
                : function.equals("trailing")
                        ? 1
                        : List.of("metered", "attributes").contains(function) ? 2 : -1;
        if (set >= 0 && (args.size() <= set || !tables.reserved().has(args.get(set)))) {
            throw fault(line, "the set of reserved values exists", String.join(" ", args));
        }
        return args;
    }

    private RuntimeException fault(int line, String rule, String cause) {
        return Resource.fault(resource, line, rule, cause);
    }
}
