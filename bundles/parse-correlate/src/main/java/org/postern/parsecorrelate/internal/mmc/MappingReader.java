package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;

/**
 * Reads mapping resources. Each level is indented by two blanks; {@code #} after a blank or at the beginning of a line
 * begins a comment.
 *
 * <pre>
 * use NAME [SRV?CONDITION] ...           a response      alert NAME           an alert      fragment NAME
 *   PATH                                 the element is there, empty if need be
 *   PATH = SOURCE CONVERSION ARG...      text or sub-elements of an element, or the value of PATH@ATTRIBUTE
 *   PATH each SOURCE [CONVERSION ARG...] one element per element of the list; PATH@ATTRIBUTE gets the counter from 1
 *                                        (each:N makes at most N)
 *   PATH with SOURCE                     the rows beneath read from there
 *   PATH use FRAGMENT [SOURCE]           the rows of the fragment
 *   when SOURCE CONDITION ARG...         the rows beneath only if
 * </pre>
 *
 * A row that begins with {@code !} is required: if it yields nothing, the enclosing element is left out.
 */
final class MappingReader {

    /** Compiled once, because more than a thousand rows are read at each start. */
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** Keywords of a row. */
    static final List<String> WORDS = List.of("=", "each", "with", "use", "when", "!");

    private static final Pattern EACH = Pattern.compile("each(:[1-9]\\d*)?");

    private final Tables tables;
    private final UseCaseTable useCases;
    private final Map<Integer, Mapping.Use> uses = new LinkedHashMap<>();
    private final Map<Integer, Mapping.Use> alerts = new LinkedHashMap<>();
    private final Map<String, List<Row>> fragments = new HashMap<>();
    private String resource = "";
    private List<String> lines = List.of();
    private int at;

    MappingReader(Tables tables, UseCaseTable useCases) {
        this.tables = tables;
        this.useCases = useCases;
    }

    Mapping read(List<String> resources) {
        resources.forEach(name -> read(name, Resource.lines(name)));
        return mapping();
    }

    /** Adds the content of a resource. */
    void read(String name, List<String> text) {
        resource = name;
        lines = text;
        at = 0;
        while (skip()) {
            block();
        }
    }

    /** The mapping that was read. Every fragment that is used must be defined. */
    Mapping mapping() {
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
                throw Resource.fault(where, row.line(), "the fragment is defined", "no fragment " + row.function());
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
                throw fault(line, "a fragment is defined once", words[1] + " twice");
            }
            return;
        }
        boolean use = words[0].equals("use");
        if (!use && !(words[0].equals("alert") && words.length == 2) || words.length < 2) {
            throw fault(line, "use NAME [SERVICE?CONDITION]..., alert NAME or fragment NAME", String.join(" ", words));
        }
        UseCaseTable.UseCase known = useCases.find(words[1], use ? MessageKind.RESPONSE : MessageKind.ALERT)
                .orElseThrow(() -> fault(
                        line,
                        "a name or variant of use-cases.tsv that has " + (use ? "responses" : "alerts")
                                + " of one code",
                        words[1]));
        Mapping.Use entry = new Mapping.Use(
                resource,
                line,
                known.code(),
                words[1],
                use ? services(line, known, List.of(words).subList(2, words.length)) : List.of(),
                rows(2));
        if ((use ? uses : alerts).put(known.code(), entry) != null) {
            throw fault(line, "a message code is defined once", words[1] + " twice");
        }
    }

    /**
     * The services that the response may answer: those with a condition, then the others in the order of the catalogue.
     */
    private List<Mapping.Service> services(int line, UseCaseTable.UseCase known, List<String> conditions) {
        List<Mapping.Service> services = new ArrayList<>();
        List<String> others = new ArrayList<>(known.services());
        for (String word : conditions) {
            String[] parts = word.split("\\?", 2);
            if (parts.length != 2 || !known.services().contains(parts[0]) || !ServiceChoice.isCondition(parts[1])) {
                throw fault(line, "a service of the use case, ? and a condition", word);
            }
            services.add(new Mapping.Service(parts[0], parts[1]));
            others.remove(parts[0]);
        }
        others.forEach(service -> services.add(new Mapping.Service(service, "")));
        return List.copyOf(services);
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
            return Row.when(line, required, path(line, w.get(1)), w.get(2), condition(line, w), beneath);
        }
        Row.Target target = Row.Target.parse(w.get(0));
        if (w.size() == 1) {
            return Row.element(line, required, target, beneath);
        }
        String operator = w.get(1);
        if (operator.equals("=") && w.size() >= 4 && beneath.isEmpty()) {
            return Row.value(line, required, target, path(line, w.get(2)), conversion(line, w));
        }
        if (EACH.matcher(operator).matches() && w.size() >= 3 && (w.size() == 3 || beneath.isEmpty())) {
            return Row.each(
                    line,
                    required,
                    target,
                    path(line, w.get(2)),
                    w.size() == 3 ? null : conversion(line, w),
                    operator.length() > 5 ? Integer.parseInt(operator.substring(5)) : Integer.MAX_VALUE,
                    beneath);
        }
        if (operator.equals("with") && w.size() == 3) {
            return Row.with(line, required, target, path(line, w.get(2)), beneath);
        }
        if (operator.equals("use") && (w.size() == 3 || w.size() == 4) && beneath.isEmpty()) {
            return Row.use(line, required, target, path(line, w.size() == 4 ? w.get(3) : "."), w.get(2));
        }
        throw fault(line, "a row is an element, or has one of " + WORDS, String.join(" ", w));
    }

    private Row.Path path(int line, String text) {
        if (!Arguments.isPath(text)) {
            throw fault(line, "a path of the source", text);
        }
        return Row.Path.parse(text);
    }

    private Conditions.Condition condition(int line, List<String> w) {
        try {
            return Conditions.of(w.get(2), w.subList(3, w.size()), tables);
        } catch (IllegalArgumentException e) {
            throw fault(line, String.valueOf(e.getMessage()), String.join(" ", w));
        }
    }

    private Conversions.Made conversion(int line, List<String> w) {
        try {
            return Conversions.of(w.get(3), w.subList(4, w.size()), tables);
        } catch (IllegalArgumentException e) {
            throw fault(line, String.valueOf(e.getMessage()), String.join(" ", w));
        }
    }

    private RuntimeException fault(int line, String rule, String cause) {
        return Resource.fault(resource, line, rule, cause);
    }
}
