package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Optional;

/**
 * One row of the mapping.
 *
 * @param line line in the resource, for messages
 * @param kind what the row does
 * @param required where the row yields nothing, the element that encloses it is dropped too
 * @param target path of element names, possibly ending in {@code @attribute}; {@code .} for the element at hand
 * @param source path of steps; {@code #} is the counter of the innermost repetition
 * @param function name of the conversion, condition or fragment, for messages
 * @param conversion with its arguments; null where the row has none
 * @param condition of a WHEN, with its arguments; null for others
 * @param most most elements that an EACH may make
 * @param looks where its function looks beside the source
 * @param rows rows beneath
 */
record Row(
        int line,
        Kind kind,
        boolean required,
        Target target,
        Path source,
        String function,
        Conversion conversion,
        Conditions.Condition condition,
        int most,
        List<Path> looks,
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
                made.looks(),
                List.of());
    }

    /** @param made null where rows stand beneath */
    static Row each(
            int line, boolean required, Target target, Path source, Conversions.Made made, int most, List<Row> rows) {
        return new Row(
                line,
                Kind.EACH,
                required,
                target,
                source,
                made == null ? "" : made.name(),
                made == null ? null : made.conversion(),
                null,
                most,
                made == null ? List.of() : made.looks(),
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
        /** Makes sure that the element is there. */
        ELEMENT,
        /** Text of an element or value of an attribute. */
        VALUE,
        /** One element per element of a list; text where there is a conversion, else the rows beneath. */
        EACH,
        /** The rows beneath, seen from another place of the source. */
        WITH,
        /** The rows beneath, where the condition holds. */
        WHEN,
        /** The rows of a fragment. */
        USE
    }

    /**
     * Where a row writes.
     *
     * @param elements path of element names
     * @param around the path without the last name
     * @param attribute of the last element, where it is an attribute that is written
     */
    record Target(List<String> elements, List<String> around, Optional<String> attribute) {

        Target(List<String> elements, Optional<String> attribute) {
            this(elements, List.copyOf(elements.subList(0, Math.max(0, elements.size() - 1))), attribute);
        }

        /** The last name of the path, which has one. */
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
     * Where a row reads.
     *
     * @param up levels of repetition to go up first; -1 is the root
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

        @SuppressWarnings("ReferenceEquality") // there is one, and it is asked for with every path that is walked
        boolean isCounter() {
            return this == COUNTER;
        }

        @Override
        public String toString() {
            return (up < 0 ? "~" : "^".repeat(up)) + String.join(".", steps);
        }
    }
}
