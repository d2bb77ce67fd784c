package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.Message.Span;
import org.postern.parsecorrelate.internal.transform.Piece;
import org.postern.parsecorrelate.internal.transform.Piece.Branch;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;
import org.postern.parsecorrelate.internal.transform.TableTransformer;
import org.postern.testkit.Rtds;

/** Pre-Commands of every critical use case with one change: each is refused, with the path of the changed field. */
class MutantsTest {

    /** Placeholder among paths for a value that no element of the request determines. */
    private static final String CONSTANT = "#";

    private final Correlator correlator = Correlator.withoutProof(Duration.ofMinutes(10));

    /**
     * A changed Pre-Command, a description of the change, and the DUIS paths one of which must be reported: an empty
     * list for a constant, which is reported with the body's element and its position; {@code Optional.empty()} if the
     * change affects several fields.
     */
    private record Mutant(String what, byte[] bytes, Optional<List<String>> changed) {}

    @Test
    void theSpecimensCoverEveryCriticalUseCaseOfTheTables() throws Exception {
        List<String> names = Specimens.all(Rtds.required()).stream()
                .map(Specimens.Specimen::name)
                .toList();
        assertThat(names).containsAll(new TableTransformer().table().criticalNames());
    }

    @Test
    void everyChangedFieldIsRefusedWithItsPath() throws Exception {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Specimens.Specimen specimen : Specimens.all(Rtds.required())) {
            for (Mutant mutant : values(specimen.message())) {
                count++;
                judge(specimen, mutant, wrong);
            }
        }
        System.out.println("mutants with a changed value: " + count);
        assertThat(wrong.subList(0, Math.min(20, wrong.size()))).isEmpty();
        assertThat(count).isGreaterThan(4000);
    }

    @Test
    void everyChangedStructureIsRefused() throws Exception {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Specimens.Specimen specimen : Specimens.all(Rtds.required())) {
            for (Mutant mutant : Stream.concat(
                            structures(specimen.message()).stream(), frames(specimen.message()).stream())
                    .toList()) {
                count++;
                judge(specimen, mutant, wrong);
            }
        }
        System.out.println("mutants with a changed structure: " + count);
        assertThat(wrong.subList(0, Math.min(20, wrong.size()))).isEmpty();
        assertThat(count).isGreaterThan(4000);
    }

    @Test
    void unchangedMessagesAreNeverRefusedWhateverTheirBuildTime() throws Exception {
        int count = 0;
        for (Specimens.Specimen specimen : Specimens.all(Rtds.required())) {
            for (int seconds : new int[] {-600, -7, 0, 1, 599, 600}) {
                Message built = new TableTransformer()
                        .candidates(specimen.request(), specimen.device(), Specimens.BUILT.plusSeconds(seconds))
                        .get(0);
                Correlation verdict = correlator.correlate(
                        specimen.request(), built.write().bytes(), specimen.device(), Specimens.BUILT);
                assertThat(verdict).as("%s at %d", specimen.name(), seconds).isInstanceOf(Correlation.Identical.class);
                count++;
            }
        }
        System.out.println("untouched messages: " + count);
        assertThat(count).isGreaterThan(300);
    }

    private void judge(Specimens.Specimen specimen, Mutant mutant, List<String> wrong) {
        Correlation verdict =
                correlator.correlate(specimen.request(), mutant.bytes(), specimen.device(), Specimens.BUILT);
        if (!(verdict instanceof Correlation.Different different)) {
            wrong.add(specimen.name() + ": not refused: " + mutant.what());
            return;
        }
        boolean named = mutant.changed().isEmpty()
                || different.differences().stream()
                        .anyMatch(difference ->
                                names(difference.path(), mutant.changed().get(), specimen));
        if (!named
                || different.differences().stream()
                        .anyMatch(difference ->
                                difference.path().isBlank() || difference.path().endsWith("#message"))) {
            wrong.add(specimen.name() + ": " + mutant.what() + " named only "
                    + different.differences().stream()
                            .map(Difference::path)
                            .limit(3)
                            .toList());
        }
    }

    /**
     * True for one of the paths, one of their ancestors or one of their descendants: an item is reported with the paths
     * of its values.
     */
    private static boolean names(String path, List<String> paths, Specimens.Specimen specimen) {
        boolean constant = paths.isEmpty() || paths.contains(CONSTANT);
        return constant && (path.startsWith(specimen.request().body().name() + "#") || path.startsWith("Header/"))
                || paths.stream()
                        .anyMatch(own -> Arrays.asList(path.split(" ")).contains(own)
                                || own.startsWith(path + "/")
                                || path.startsWith(own + "/"));
    }

    /** The first and the last byte of every field, one at a time. */
    private static List<Mutant> values(Message message) {
        List<Mutant> mutants = new ArrayList<>();
        byte[] bytes = message.write().bytes();
        long issuers = message.write().spans().stream()
                .filter(span -> span.trace().excuse() != null)
                .count();
        for (Span span : message.write().spans()) {
            if (span.from() == span.to()) {
                continue;
            }
            // a single issuer id may differ by a second: change its highest byte only
            boolean free = span.trace().excuse() != null && issuers == 1;
            if (!free) {
                mutants.add(flipped(bytes, span.to() - 1, 0x01, span));
            }
            if (span.to() - span.from() > 1 || free) {
                mutants.add(flipped(bytes, free ? span.to() - 1 : span.from(), 0x10, span));
            }
        }
        return mutants;
    }

    private static Mutant flipped(byte[] bytes, int at, int mask, Span span) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) mask;
        return new Mutant(
                "byte " + at + " of " + span.trace().position(),
                changed,
                Optional.of(span.trace().paths()));
    }

    /** Every part of every sequence is dropped, repeated, and swapped with the next one. */
    private static List<Mutant> structures(Message message) {
        List<Mutant> mutants = new ArrayList<>();
        byte[] whole = message.write().bytes();
        for (List<Integer> place : branches(message.root(), List.of())) {
            Branch branch = (Branch) at(message.root(), place);
            int parts = Math.min(branch.parts().size(), 9);
            for (int i = 0; i < parts; i++) {
                List<Piece> dropped = new ArrayList<>(branch.parts());
                dropped.remove(i);
                List<Piece> touched = branch.parts()
                        .subList(Math.max(0, i - 1), Math.min(branch.parts().size(), i + 2));
                add(
                        mutants,
                        "part " + i + " dropped from " + branch.trace().position(),
                        message,
                        place,
                        branch,
                        dropped,
                        whole,
                        touched);
                List<Piece> doubled = new ArrayList<>(branch.parts());
                doubled.add(i, branch.parts().get(i));
                add(
                        mutants,
                        "part " + i + " twice in " + branch.trace().position(),
                        message,
                        place,
                        branch,
                        doubled,
                        whole,
                        touched);
                if (i > 0) {
                    List<Piece> swapped = new ArrayList<>(branch.parts());
                    Collections.swap(swapped, i - 1, i);
                    add(
                            mutants,
                            "part " + i + " before its neighbour in "
                                    + branch.trace().position(),
                            message,
                            place,
                            branch,
                            swapped,
                            whole,
                            touched);
                }
            }
        }
        return mutants;
    }

    private static void add(
            List<Mutant> mutants,
            String what,
            Message message,
            List<Integer> place,
            Branch branch,
            List<Piece> parts,
            byte[] whole,
            List<Piece> touched) {
        Piece changed = with(message.root(), place, new Branch(branch.framing(), branch.tag(), parts, branch.trace()));
        byte[] bytes = Message.bytes(changed);
        if (!Arrays.equals(bytes, whole)) {
            List<String> paths = new ArrayList<>(branch.trace().paths());
            touched.forEach(piece -> collect(piece, paths));
            // if the change affects constants, reporting one of them is sufficient
            // an addition corresponds to nothing in the request: it is reported with its position in the message
            boolean added = parts.size() > branch.parts().size();
            if (added
                    || touched.stream()
                            .flatMap(MutantsTest::leaves)
                            .anyMatch(leaf -> leaf.trace().paths().isEmpty())) {
                paths.add(CONSTANT);
            }
            mutants.add(new Mutant(what, bytes, Optional.of(paths)));
        }
    }

    private static void collect(Piece piece, List<String> paths) {
        paths.addAll(piece.trace().paths());
        if (piece instanceof Branch branch) {
            branch.parts().forEach(part -> collect(part, paths));
        }
    }

    private static List<List<Integer>> branches(Piece piece, List<Integer> place) {
        List<List<Integer>> found = new ArrayList<>();
        if (piece instanceof Branch branch) {
            found.add(place);
            for (int i = 0; i < Math.min(branch.parts().size(), 10); i++) {
                List<Integer> below = new ArrayList<>(place);
                below.add(i);
                found.addAll(branches(branch.parts().get(i), below));
            }
        }
        return found;
    }

    private static Piece at(Piece root, List<Integer> place) {
        Piece here = root;
        for (int step : place) {
            here = ((Branch) here).parts().get(step);
        }
        return here;
    }

    private static Piece with(Piece root, List<Integer> place, Piece replacement) {
        if (place.isEmpty()) {
            return replacement;
        }
        Branch branch = (Branch) root;
        List<Piece> parts = new ArrayList<>(branch.parts());
        parts.set(place.get(0), with(parts.get(place.get(0)), place.subList(1, place.size()), replacement));
        return new Branch(branch.framing(), branch.tag(), parts, branch.trace());
    }

    /**
     * Changes of header and encoding: lengths in long form, other encodings of the same value, inserted dates and
     * parties, appended bytes.
     */
    private static List<Mutant> frames(Message message) {
        List<Mutant> mutants = new ArrayList<>();
        byte[] bytes = message.write().bytes();
        mutants.add(mutant("a signature length", bytes, bytes.length, 0, 0x00));
        mutants.add(mutant("a byte behind", bytes, bytes.length, 0, 0xFF));
        mutants.add(mutant("the content's length in long form", bytes, 33, 0, 0x81));
        mutants.add(mutant("the other information's length in long form", bytes, 30, 0, 0x81));
        mutants.add(mutant(
                "a date-time in the header", bytes, 29, 1, 0x0C, 0x07, 0xDF, 1, 1, 0xFF, 0, 0, 0, 0, 0x80, 0, 0xFF));
        mutants.add(mutant(
                "a supplementary party",
                bytes,
                30,
                3,
                18,
                bytes[31],
                bytes[32],
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                9));
        mutants.add(mutant("another kind of message", bytes, 2, 1, 2));
        mutants.add(new Mutant("nothing at all", new byte[0], Optional.empty()));
        for (int cut = 1; cut < Math.min(bytes.length, 40); cut++) {
            mutants.add(new Mutant(cut + " bytes cut off", Arrays.copyOf(bytes, bytes.length - cut), Optional.empty()));
        }
        for (Span span : message.write().spans()) {
            int from = span.from();
            if (message.dlms() && span.to() - from == 2 && bytes[from] == 0x03) {
                mutants.add(mutant("true written as 1", bytes, from + 1, 1, bytes[from + 1] == 0 ? 0x02 : 0x01));
            }
        }
        leaves(message.root())
                .filter(leaf -> leaf.framing() == Piece.Framing.DER && leaf.tag() == 0x02)
                .findFirst()
                .ifPresent(leaf -> mutants.add(padded(message, leaf)));
        return mutants;
    }

    /** The same number with a superfluous leading zero byte. */
    private static Mutant padded(Message message, Leaf leaf) {
        byte[] value = ByteBuffer.allocate(leaf.value().length + 1)
                .put((byte) 0)
                .put(leaf.value())
                .array();
        return new Mutant(
                "an integer with a needless zero",
                Message.bytes(replace(message.root(), leaf, new Leaf(leaf.framing(), leaf.tag(), value, leaf.trace()))),
                Optional.empty());
    }

    private static Piece replace(Piece piece, Leaf old, Leaf fresh) {
        if (piece == old) {
            return fresh;
        }
        return piece instanceof Branch branch
                ? new Branch(
                        branch.framing(),
                        branch.tag(),
                        branch.parts().stream()
                                .map(part -> replace(part, old, fresh))
                                .toList(),
                        branch.trace())
                : piece;
    }

    private static Stream<Leaf> leaves(Piece piece) {
        return piece instanceof Branch branch
                ? branch.parts().stream().flatMap(MutantsTest::leaves)
                : Stream.of((Leaf) piece);
    }

    private static Mutant mutant(String what, byte[] bytes, int at, int instead, int... fresh) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(bytes, 0, at);
        for (int value : fresh) {
            changed.write(value);
        }
        changed.write(bytes, at + instead, bytes.length - at - instead);
        return new Mutant(what, changed.toByteArray(), Optional.empty());
    }

    /** If a message has several issuer ids, they must all be the same second. */
    @Test
    void twoBuildTimesInOneMessageAreRefused() throws Exception {
        Specimens.Specimen tariff = Specimens.all(Rtds.required()).stream()
                .filter(s -> s.name().equals("GCS01a"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = tariff.message().write().bytes();
        List<Span> issuers = tariff.message().write().spans().stream()
                .filter(span -> span.trace().excuse() != null)
                .toList();
        assertThat(issuers).hasSizeGreaterThan(10);
        for (Span issuer : issuers) {
            byte[] changed = bytes.clone();
            ByteBuffer number = ByteBuffer.wrap(changed, issuer.from(), 4).order(ByteOrder.LITTLE_ENDIAN);
            int seconds = number.getInt(issuer.from());
            number.putInt(issuer.from(), seconds + 1);
            assertThat(correlator.correlate(tariff.request(), changed, tariff.device(), Specimens.BUILT))
                    .isInstanceOf(Correlation.Different.class);
        }
    }
}
