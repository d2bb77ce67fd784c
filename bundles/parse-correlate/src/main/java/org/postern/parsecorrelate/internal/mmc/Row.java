package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of the mapping.
 *
 * @param line line in the resource, for fault texts
 * @param kind what the row does
 * @param required if the row yields nothing, the enclosing element is left out as well
 * @param target path of element names, possibly ending in {@code @attribute}; {@code .} for the current element
 * @param source path of steps; {@code #} is the counter of the innermost repetition
 * @param function name of the conversion, condition or fragment, for fault texts
 * @param conversion with its arguments; null if the row has none
 * @param condition of a WHEN, with its arguments; null for others
 * @param maxElements the largest number of elements that an EACH may make
 * @param otherPaths paths that its function reads besides the source
 * @param rows rows beneath
 */
record Row(
        int line,
        Kind kind,
        boolean required,
        Target target,
        Path source,
        String function,
        @Nullable Conversion conversion,
        Conditions.@Nullable Condition condition,
        int maxElements,
        List<Path> otherPaths,
        List<Row> rows) {

    private static final Target HERE = Target.parse(".");

    static Row element(int line, boolean required, Target target, List<Row> rows) {
        return new Row(line, Kind.ELEMENT, required, target, Path.parse("."), "", null, null, 0, List.of(), rows);
    }

    static Row value(int line, boolean required, Target target, Path source, Conversions.Made made) {
        return new Row(
                line,
                Kind.VALUE,
                required,
                target,
                source,
                made.name(),
                made.conversion(),
                null,
                0,
                made.otherPaths(),
                List.of());
    }

    /** @param made null if there are rows beneath */
    static Row each(
            int line,
            boolean required,
            Target target,
            Path source,
            Conversions.@Nullable Made made,
            int maxElements,
            List<Row> rows) {
        return new Row(
                line,
                Kind.EACH,
                required,
                target,
                source,
                made == null ? "" : made.name(),
                made == null ? null : made.conversion(),
                null,
                maxElements,
                made == null ? List.of() : made.otherPaths(),
                rows);
    }

    static Row with(int line, boolean required, Target target, Path source, List<Row> rows) {
        return new Row(line, Kind.WITH, required, target, source, "", null, null, 0, List.of(), rows);
    }

    static Row use(int line, boolean required, Target target, Path source, String fragment) {
        return new Row(line, Kind.USE, required, target, source, fragment, null, null, 0, List.of(), List.of());
    }

    static Row when(
            int line, boolean required, Path source, String name, Conditions.Condition condition, List<Row> rows) {
        return new Row(line, Kind.WHEN, required, HERE, source, name, null, condition, 0, List.of(), rows);
    }

    /** What a row does. */
    enum Kind {
        /** Creates the element if it does not exist. */
        ELEMENT,
        /** Text of an element or value of an attribute. */
        VALUE,
        /** One element for each element of a list; its text if there is a conversion, otherwise the rows beneath. */
        EACH,
        /** The rows beneath, with another node as their source. */
        WITH,
        /** The rows beneath, if the condition is true. */
        WHEN,
        /** The rows of a fragment. */
        USE
    }

    /**
     * The target of a row.
     *
     * @param elements path of element names
     * @param around the path without the last name
     * @param attribute attribute of the last element, if the row writes an attribute
     */
    record Target(List<String> elements, List<String> around, Optional<String> attribute) {

        Target(List<String> elements, Optional<String> attribute) {
            this(elements, List.copyOf(elements.subList(0, Math.max(0, elements.size() - 1))), attribute);
        }

        /** The last name of the path, which must not be empty. */
        String last() {
            return elements.get(elements.size() - 1);
        }

        static Target parse(String text) {
            int at = text.indexOf('@');
            String path = at < 0 ? text : text.substring(0, at);
            return new Target(
                    path.isEmpty() || path.equals(".") ? List.of() : List.of(path.split("/")),
                    at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
        }
    }

    /**
     * The source of a row.
     *
     * @param up number of enclosing repetitions to go up first; -1 for the root
     * @param steps steps down
     */
    record Path(int up, List<String> steps) {

        static final Path COUNTER = new Path(0, List.of("#"));

        static Path parse(String text) {
            if (text.equals("#")) {
                return COUNTER;
            }
            int up = 0;
            String rest = text;
            if (rest.startsWith("~")) {
                up = -1;
                rest = rest.substring(1);
            } else {
                while (rest.startsWith("^")) {
                    up++;
                    rest = rest.substring(1);
                }
            }
            return new Path(up, rest.isEmpty() || rest.equals(".") ? List.of() : List.of(rest.split("\\.")));
        }

        @SuppressWarnings("ReferenceEquality") // there is only one instance, and this check is made for every path
        boolean isCounter() {
            return this == COUNTER;
        }

        @Override
        public String toString() {
            return (up < 0 ? "~" : "^".repeat(up)) + String.join(".", steps);
        }
    }
}
