package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Deviation;

/** Applies the rows to one message. */
final class Mapper {

    private static final String NULL_DATA = "null data";

    private final Map<String, List<Row>> fragments;
    private final IntFunction<@Nullable String> useCases;
    private final Set<String> remarks = new LinkedHashSet<>();
    private final List<Deviation> deviations = new ArrayList<>();
    private final MissingValues missing = new MissingValues();
    private Set<Row.Path> withheld = Set.of();
    private @Nullable Row at;

    Mapper(Map<String, List<Row>> fragments, IntFunction<@Nullable String> useCases) {
        this.fragments = fragments;
        this.useCases = useCases;
    }

    /**
     * Values that could not be read as the rows specify, and values that were read although their meaning is not
     * defined.
     */
    List<String> remarks() {
        return new ArrayList<>(remarks);
    }

    /** Deviations because of values that are left out: values in another scale, and values that mean "no value". */
    List<Deviation> deviations() {
        List<Deviation> all = new ArrayList<>(deviations);
        all.addAll(missing.deviations());
        return all;
    }

    /**
     * Checks whether the readings of the response have the scale that the use case specifies.
     *
     * @return the paths of the readings in another scale, which must be left out
     */
    Set<Row.Path> otherScale(Source root, List<Scales.Scale> scales) {
        if (scales.isEmpty()) {
            return Set.of();
        }
        Set<Row.Path> found = new LinkedHashSet<>();
        Frame frame = new Frame(root, null, 0);
        for (Scales.Scale scale : scales) {
            List<Row.Path> given = new ArrayList<>();
            for (Row.Path value : scale.values()) {
                if (frame.resolve(value) != null) {
                    given.add(value);
                }
            }
            if (given.isEmpty()) {
                continue;
            }
            Source s = frame.resolve(scale.scale());
            Long number = number(s);
            if (number == null || !scale.holds(number, other(frame, scale))) {
                found.addAll(given);
                deviations.add(new Deviation(
                        Deviation.Kind.OTHER_SCALE,
                        scale.scale().toString(),
                        (s == null ? "no " + scale.what() : "a " + scale.what() + " other than the use case's")
                                + ": the reading at " + given
                                + " is left out"));
            }
        }
        withheld = found;
        return found;
    }

    private static @Nullable Long other(Frame frame, Scales.Scale scale) {
        Row.Path same = scale.same();
        return same == null ? null : number(frame.resolve(same));
    }

    private static Frame root(Frame frame) {
        Frame at = frame;
        while (at.parent != null) {
            at = at.parent;
        }
        return at;
    }

    /**
     * True if the path ends at null data, which is an entry without a value, and not an item that failed or was left
     * out.
     */
    private boolean meetsNull(Frame frame, Row.Path path) {
        if (path.up() != 0 || withheld.contains(path)) {
            return false;
        }
        Source s = frame.source;
        for (int i = 0; i < path.steps().size() && s != null; i++) {
            if (s.isNull(path.steps().get(i))) {
                return i > 0 || frame.source != root(frame).source;
            }
            s = s.at(path.steps().get(i));
        }
        return false;
    }

    private static @Nullable Long number(@Nullable Source s) {
        try {
            return s == null ? null : s.whole();
        } catch (UnexpectedValueException notANumber) {
            return null;
        }
    }

    /** Applies the rows to the element; false if a required row yields nothing. */
    boolean map(Source root, List<Row> rows, ElementBuilder target) {
        return rows(new Frame(root, null, 0), rows, target);
    }

    /** The context of rows: a source, the enclosing frame and the counter of the innermost repetition. */
    private final class Frame implements Conversion.Context {

        private final Source source;
        private final @Nullable Frame parent;
        private final int counter;

        Frame(Source source, @Nullable Frame parent, int counter) {
            this.source = source;
            this.parent = parent;
            this.counter = counter;
        }

        @Nullable
        Source resolve(Row.Path path) {
            if (path.isCounter()) {
                return new Source.Num(counter, 4);
            }
            Frame frame = this;
            for (int i = 0; i < path.up() && frame.parent != null; i++) {
                frame = frame.parent;
            }
            while (path.up() < 0 && frame.parent != null) {
                frame = frame.parent;
            }
            Source at = frame.source;
            List<String> steps = path.steps();
            for (int i = 0; i < steps.size() && at != null; i++) {
                at = at.at(steps.get(i));
            }
            return at;
        }

        @Override
        public @Nullable Source at(Row.Path path) {
            return resolve(path);
        }

        @Override
        public int counter() {
            return counter;
        }

        @Override
        public @Nullable String useCase(int messageCode) {
            return useCases.apply(messageCode);
        }

        @Override
        public void noValue(String meaning) {
            missing.add(name(Objects.requireNonNull(at, "a row is being applied")), meaning, counter);
        }

        @Override
        public void remark(String text) {
            remarks.add(text);
        }
    }

    /** False if a required row yields nothing. */
    private boolean rows(Frame frame, List<Row> rows, ElementBuilder target) {
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            boolean done;
            try {
                done = row(frame, row, target);
            } catch (UnexpectedValueException
                    | IllegalStateException
                    | ArithmeticException
                    | IndexOutOfBoundsException e) {
                remarks.add(name(row) + " left out: "
                        + (e instanceof UnexpectedValueException
                                ? e.getMessage()
                                : "the data does not have the form that the table specifies"));
                done = false;
            }
            if (!done && row.required()) {
                return false;
            }
        }
        return true;
    }

    private static String name(Row row) {
        return row.target().elements().isEmpty() ? row.function() : row.target().last();
    }

    private boolean row(Frame frame, Row row, ElementBuilder target) {
        return switch (row.kind()) {
            case ELEMENT -> {
                ElementBuilder e = target.open(row.target().elements());
                yield row.rows().isEmpty() || rows(frame, row.rows(), e);
            }
            case VALUE -> value(frame, row, target);
            case EACH -> each(frame, row, target);
            case WITH -> {
                Source s = frame.resolve(row.source());
                yield s != null && nested(new Frame(s, frame, frame.counter), row.rows(), row, target);
            }
            case USE -> {
                Source s = frame.resolve(row.source());
                yield s != null && nested(new Frame(s, frame, frame.counter), fragment(row), row, target);
            }
            case WHEN ->
                !Objects.requireNonNull(row.condition(), "WHEN has a condition").holds(frame.resolve(row.source()))
                        || rows(frame, row.rows(), target);
        };
    }

    private List<Row> fragment(Row row) {
        return Objects.requireNonNull(fragments.get(row.function()), "fragments are checked when the mapping is read");
    }

    private boolean nested(Frame frame, List<Row> rows, Row row, ElementBuilder target) {
        if (row.target().elements().isEmpty()) {
            return rows(frame, rows, target);
        }
        ElementBuilder parent = target.open(row.target().around());
        ElementBuilder e = parent.add(row.target().last());
        if (!rows(frame, rows, e)) {
            parent.dropLast();
            return false;
        }
        return true;
    }

    private boolean value(Frame frame, Row row, ElementBuilder target) {
        at = row;
        Source s = frame.resolve(row.source());
        if (s == null) {
            if (meetsNull(frame, row.source())) {
                frame.noValue(NULL_DATA);
            }
            return false;
        }
        Conversion.Result result = Objects.requireNonNull(row.conversion(), "VALUE has a conversion")
                .apply(s, frame);
        if (result.nothing()) {
            return false;
        }
        put(result, row, target.open(row.target().elements()));
        return true;
    }

    private static void put(Conversion.Result result, Row row, ElementBuilder e) {
        if (row.target().attribute().isPresent()) {
            e.attribute(row.target().attribute().get(), Objects.requireNonNull(result.text(), "a text"));
        } else if (result.text() != null) {
            e.text(result.text());
        } else {
            e.addAll(Objects.requireNonNull(result.elements(), "a result has text or elements"));
        }
    }

    private boolean each(Frame frame, Row row, ElementBuilder target) {
        Source list = frame.resolve(row.source());
        if (list == null) {
            return false;
        }
        if (!list.isList()) {
            throw new UnexpectedValueException("a list is expected");
        }
        int counter = 0;
        Conversion conversion = row.conversion();
        for (Source s : list.list()) {
            if (counter == row.maxElements()) {
                remarks.add(String.join("/", row.target().elements()) + ": entries beyond " + row.maxElements()
                        + " left out");
                break;
            }
            Frame inner = new Frame(s, frame, ++counter);
            at = row;
            if (s.isNull(".")) {
                inner.noValue(NULL_DATA);
                if (conversion != null) {
                    continue;
                }
            }
            if (row.target().elements().isEmpty()) {
                rows(inner, row.rows(), target);
                continue;
            }
            if (conversion != null) {
                Conversion.Result result;
                try {
                    result = conversion.apply(s, inner);
                } catch (UnexpectedValueException e) {
                    // an unreadable entry does not affect the other entries
                    remarks.add(name(row) + " left out: " + e.getMessage());
                    continue;
                }
                if (!result.nothing()) {
                    String text = Objects.requireNonNull(result.text(), "a text");
                    ElementBuilder e =
                            target.open(row.target().around()).add(row.target().last());
                    e.text(text);
                    count(row, e, counter);
                }
                continue;
            }
            ElementBuilder parent = target.open(row.target().around());
            ElementBuilder e = parent.add(row.target().last());
            count(row, e, counter);
            if (!rows(inner, row.rows(), e)) {
                parent.dropLast();
            }
        }
        return true;
    }

    private static void count(Row row, ElementBuilder e, int counter) {
        if (row.target().attribute().isPresent()) {
            e.attribute(row.target().attribute().get(), Integer.toString(counter));
        }
    }
}
