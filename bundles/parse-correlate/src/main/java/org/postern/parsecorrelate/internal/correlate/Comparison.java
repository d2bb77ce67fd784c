package org.postern.parsecorrelate.internal.correlate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.internal.correlate.Alignment.Pair;
import org.postern.parsecorrelate.internal.correlate.WireNode.Cursor;
import org.postern.parsecorrelate.internal.correlate.WireNode.Unreadable;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.Message.ComponentUnit;
import org.postern.parsecorrelate.internal.transform.Message.ItemUnit;
import org.postern.parsecorrelate.internal.transform.Message.ObjectUnit;
import org.postern.parsecorrelate.internal.transform.Message.Span;
import org.postern.parsecorrelate.internal.transform.Piece;
import org.postern.parsecorrelate.internal.transform.Piece.Branch;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;
import org.postern.parsecorrelate.internal.transform.Trace;

/**
 * Finds the differences between the expected and the received message: first the header field by field, then item by
 * item. If the received bytes cannot be parsed, or differ only in their encoding, the differing byte range determines
 * the field. The decision whether a Pre-Command may be signed does not depend on this class: {@link TableCorrelator}
 * compares the bytes.
 */
final class Comparison {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int MAX_SHOWN_BYTES = 2048;
    private static final String NOTHING = "nothing";

    private final Message expected;
    private final Message.Written written;
    private final byte[] got;
    private final List<Difference> found = new ArrayList<>();

    Comparison(Message expected, byte[] got) {
        this.expected = expected;
        this.written = expected.write();
        this.got = got;
    }

    /** At least one difference. Call this only if the bytes differ. */
    List<Difference> differences() {
        try {
            message();
        } catch (Unreadable unreadable) {
            region(unreadable.getMessage());
        }
        if (found.isEmpty()) {
            region("only one encoding is allowed: encoding the decoded message must give the same bytes");
        } else {
            firstByte();
        }
        return found;
    }

    /**
     * A changed length or count also appears as a difference in its content; this adds the field of the length or count
     * itself.
     */
    private void firstByte() {
        int place = Arrays.mismatch(written.bytes(), got);
        for (Span span : written.spans()) {
            String path = path(span.trace());
            if (span.from() <= place
                    && place < span.to()
                    && got.length == written.bytes().length
                    && found.stream().noneMatch(difference -> difference.path().equals(path))) {
                found.add(
                        0,
                        new Difference(
                                path,
                                shown(Arrays.copyOfRange(written.bytes(), span.from(), span.to())),
                                shown(Arrays.copyOfRange(got, span.from(), span.to())),
                                expected.useCaseName() + " " + span.trace().position() + ": equal"));
            }
        }
    }

    private void message() throws Unreadable {
        Cursor cursor = new Cursor(got, 0, got.length);
        field("header: tag", new byte[] {(byte) 0xDF}, cursor.next(1), "#header");
        field("header: length of the transaction id", new byte[] {9}, cursor.next(1), "#header");
        field("header: command, not response or alert", new byte[] {1}, cursor.next(1), "#header");
        field(
                "header: originator counter",
                ByteBuffer.allocate(8).putLong(expected.counter()).array(),
                cursor.next(8),
                "Header/RequestID");
        field("header: originator", expected.originator().toBytes(), cursor.next(cursor.length()), "Header/RequestID");
        field("header: target", expected.target().toBytes(), cursor.next(cursor.length()), "Header/RequestID");
        field("header: no date-time", new byte[0], cursor.next(cursor.length()), "#header date-time");
        byte[] other = cursor.next(cursor.length());
        byte[] code = {(byte) (expected.messageCode() >> 8), (byte) expected.messageCode()};
        field(
                "header: message code",
                code,
                Arrays.copyOf(other, Math.min(2, other.length)),
                "Header/ServiceReferenceVariant");
        if (other.length > 2) {
            field(
                    "header: no supplementary data",
                    new byte[0],
                    Arrays.copyOfRange(other, 2, other.length),
                    "#header supplementary data");
        }
        Cursor content = cursor.part(cursor.length());
        if (expected.dlms()) {
            items(content);
        } else if (expected.gbz()) {
            components(content);
        } else {
            objects(content);
        }
        if (content.left() > 0) {
            field("nothing after the last item", new byte[0], content.next(content.left()), "#end of content");
        }
        if (cursor.left() > 0) {
            field("nothing after the content, no signature", new byte[0], cursor.next(cursor.left()), "#end");
        }
    }

    private void field(String position, byte[] wanted, byte[] received, String path) {
        if (!Arrays.equals(wanted, received)) {
            add(
                    path.startsWith("#") ? expected.bodyName() + path : path,
                    shown(wanted),
                    shown(received),
                    position + ": equal");
        }
    }

    private void items(Cursor content) throws Unreadable {
        field("access request", new byte[] {(byte) 0xD9}, content.next(1), "#content");
        byte[] counter = ByteBuffer.allocate(8).putLong(expected.counter()).array();
        field("invoke id", new byte[] {0x20, counter[5], counter[6], counter[7]}, content.next(4), "Header/RequestID");
        field("access request: no date-time", new byte[0], content.next(content.length()), "#content date-time");
        int count = content.length();
        List<byte[]> specifications = new ArrayList<>();
        List<WireNode> selections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = content.at();
            int choice = content.next();
            content.next(9);
            if (choice == 4) {
                content.next();
            }
            specifications.add(content.since(from));
            selections.add(choice == 4 ? WireNode.dlms(content) : null);
        }
        int dataCount = content.length();
        if (dataCount != count) {
            add(
                    expected.bodyName() + "#count of items",
                    String.valueOf(count),
                    String.valueOf(dataCount),
                    "as many data items as specifications");
        }
        List<WireNode> data = new ArrayList<>();
        for (int i = 0; i < dataCount; i++) {
            data.add(WireNode.dlms(content));
        }
        List<ItemUnit> units =
                expected.units().stream().map(ItemUnit.class::cast).toList();
        for (Pair pair : Alignment.of(
                units,
                specifications,
                (unit, bytes) -> Arrays.equals(unit.specification().value(), bytes))) {
            WireNode received = pair.got() >= 0 && pair.got() < data.size() ? data.get(pair.got()) : null;
            if (pair.got() < 0) {
                ItemUnit unit = units.get(pair.expected());
                add(
                        path(List.of(unit.specification(), unit.data()), unit.position()),
                        shown(Message.bytes(unit.data())),
                        NOTHING,
                        unit.position() + ": present, in this place");
            } else if (pair.expected() < 0) {
                extra("item " + (pair.got() + 1), specifications.get(pair.got()));
            } else {
                ItemUnit unit = units.get(pair.expected());
                if (unit.selection() != null) {
                    value(unit.selection(), selections.get(pair.got()), unit.position());
                }
                value(unit.data(), received, unit.position());
            }
        }
    }

    private record ReceivedComponent(
            int control, int cluster, byte @Nullable [] fromDate, byte[] frame, byte[] payload, byte[] raw) {}

    private void components(Cursor content) throws Unreadable {
        field("profile", new byte[] {1, 9}, content.next(2), "#content");
        int count = content.next();
        List<ReceivedComponent> received = new ArrayList<>();
        while (content.left() > 0 && received.size() < count) {
            int from = content.at();
            int control = content.next();
            int cluster = content.next() << 8 | content.next();
            Cursor inner = content.part(content.next() << 8 | content.next());
            if ((control & 0x02) != 0) {
                inner.next(2);
            }
            byte[] date = (control & 0x12) == 0x10 ? inner.next(4) : null;
            byte[] frame = inner.next(3);
            received.add(new ReceivedComponent(
                    control, cluster, date, frame, inner.next(inner.left()), content.since(from)));
        }
        if (received.size() != count) {
            add(
                    expected.bodyName() + "#count of components",
                    String.valueOf(received.size()),
                    String.valueOf(count),
                    "the count of components present");
        }
        List<ComponentUnit> units =
                expected.units().stream().map(ComponentUnit.class::cast).toList();
        for (Pair pair : Alignment.of(units, received, Comparison::sameComponent)) {
            if (pair.got() < 0) {
                ComponentUnit unit = units.get(pair.expected());
                add(
                        path(unit.fields(), unit.position()),
                        "present",
                        NOTHING,
                        unit.position() + ": present, in this place");
            } else if (pair.expected() < 0) {
                extra("component " + (pair.got() + 1), received.get(pair.got()).raw());
            } else {
                component(units.get(pair.expected()), received.get(pair.got()));
            }
        }
    }

    /** Several components may have the same command; they are paired in order. */
    private static boolean sameComponent(ComponentUnit unit, ReceivedComponent received) {
        return unit.cluster() == received.cluster() && unit.frame().value()[2] == received.frame()[2];
    }

    private void component(ComponentUnit unit, ReceivedComponent received) {
        field(
                unit.position() + ": control",
                new byte[] {(byte) unit.control()},
                new byte[] {(byte) received.control()},
                "#" + unit.position() + " control");
        if (unit.fromDate() != null) {
            value(unit.fromDate(), received.fromDate() == null ? new byte[0] : received.fromDate(), unit.position());
        }
        field(
                unit.position() + ": frame control and sequence",
                unit.frame().value(),
                received.frame(),
                "#" + unit.position() + " frame");
        List<byte[]> wanted = unit.fields().stream().map(Message::bytes).toList();
        int length = wanted.stream().mapToInt(bytes -> bytes.length).sum();
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] bytes : wanted) {
            System.arraycopy(bytes, 0, whole, at, bytes.length);
            at += bytes.length;
        }
        Region region = Region.of(whole, received.payload());
        at = 0;
        for (int i = 0; i < wanted.size(); i++) {
            int end = at + wanted.get(i).length;
            if (region.touches(at, end)
                    && !(region.sameLength() && Arrays.equals(whole, at, end, received.payload(), at, end))) {
                value(unit.fields().get(i), region.received(received.payload(), at, end), unit.position());
            }
            at = end;
        }
        if (region.onlyAdds()) {
            List<Piece> before = unit.fields();
            add(
                    path(before, unit.position()),
                    NOTHING,
                    shown(region.added(received.payload())),
                    unit.position() + ": no further bytes");
        }
    }

    private void objects(Cursor content) throws Unreadable {
        for (Message.Unit unit : expected.units()) {
            Piece object = ((ObjectUnit) unit).object();
            value(object, content.left() > 0 ? WireNode.der(content) : null, unit.position());
        }
    }

    /** A value that has no parts: a field of a ZigBee command. */
    private void value(Piece wanted, byte[] received, String position) {
        byte[] bytes = Message.bytes(wanted);
        if (!Arrays.equals(bytes, received)) {
            add(
                    path(wanted, position),
                    shown(bytes),
                    received.length == 0 ? NOTHING : shown(received),
                    rule(wanted.trace()));
        }
    }

    private void value(Piece wanted, @Nullable WireNode received, String position) {
        if (received == null) {
            add(path(wanted, position), shown(Message.bytes(wanted)), NOTHING, rule(wanted.trace()));
        } else if (wanted instanceof Branch branch && received.children() != null && branch.tag() == received.tag()) {
            parts(branch, received.children(), position);
        } else if (wanted instanceof Leaf leaf && leaf.framing() != Piece.Framing.RAW && received.children() == null) {
            if (leaf.tag() != received.tag() || !Arrays.equals(leaf.value(), received.value())) {
                add(path(wanted, position), shown(Message.bytes(wanted)), shown(received.raw()), rule(wanted.trace()));
            }
        } else if (!Arrays.equals(Message.bytes(wanted), received.raw())) {
            add(path(wanted, position), shown(Message.bytes(wanted)), shown(received.raw()), rule(wanted.trace()));
        }
    }

    private void parts(Branch branch, List<WireNode> received, String position) {
        if (branch.parts().size() == received.size()) {
            for (int i = 0; i < branch.parts().size(); i++) {
                value(branch.parts().get(i), received.get(i), position);
            }
            return;
        }
        for (Pair pair : Alignment.of(
                branch.parts(), received, (part, node) -> Arrays.equals(Message.bytes(part), node.raw()))) {
            if (pair.got() < 0) {
                Piece part = branch.parts().get(pair.expected());
                add(
                        path(part, position),
                        shown(Message.bytes(part)),
                        NOTHING,
                        rule(part.trace()) + ", present in this place");
            } else if (pair.expected() < 0) {
                add(
                        path(branch, position),
                        NOTHING,
                        shown(received.get(pair.got()).raw()),
                        rule(branch.trace()) + ", no further element");
            }
        }
    }

    private void extra(String position, byte[] bytes) {
        add(
                expected.bodyName() + "#" + position,
                NOTHING,
                shown(bytes),
                position + ": not requested, or not in this position");
    }

    /**
     * Reports the bytes between the common prefix and the common suffix, for messages that cannot be compared piece by
     * piece.
     */
    private void region(String why) {
        byte[] ours = written.bytes();
        Region region = Region.of(ours, got);
        for (Span span : written.spans()) {
            boolean same =
                    region.sameLength() && Arrays.equals(ours, span.from(), span.to(), got, span.from(), span.to());
            if (!same && region.touches(span.from(), span.to())) {
                byte[] wanted = Arrays.copyOfRange(ours, span.from(), span.to());
                byte[] received = region.received(got, span.from(), span.to());
                // an unchanged field between a length and a count that are both encoded in another way is no difference
                if (!Arrays.equals(wanted, received)) {
                    add(
                            path(span.trace()),
                            shown(wanted),
                            shown(received),
                            span.trace().position() + ": " + why);
                }
            }
        }
        if (found.isEmpty()) {
            Span near = written.spans().stream()
                    .filter(span -> span.to() > region.from())
                    .findFirst()
                    .orElse(written.spans().get(written.spans().size() - 1));
            byte[] replaced = Arrays.copyOfRange(ours, region.from(), Math.max(region.from(), region.end()));
            add(
                    path(near.trace()),
                    replaced.length == 0 ? NOTHING : shown(replaced),
                    shown(region.added(got)),
                    near.trace().position() + ": " + why);
        }
    }

    private void add(String path, String wanted, String received, String rule) {
        found.add(new Difference(path, wanted, received, expected.useCaseName() + " " + rule));
    }

    private static String rule(Trace trace) {
        return trace.position()
                + (trace.excuse() == null
                        ? ": equal"
                        : ": one time in the whole message, near the exchange (" + trace.excuse() + ")");
    }

    private String path(Piece piece, String position) {
        Trace trace = piece.trace();
        if (trace.paths().isEmpty()) {
            return expected.bodyName() + "#" + (trace.position().isEmpty() ? position : trace.position());
        }
        return piece instanceof Branch ? common(trace.paths()) : path(trace);
    }

    private String path(Trace trace) {
        return trace.paths().isEmpty() ? expected.bodyName() + "#" + trace.position() : String.join(" ", trace.paths());
    }

    private String path(List<Piece> pieces, String position) {
        List<String> paths = pieces.stream()
                .flatMap(piece -> piece.trace().paths().stream())
                .distinct()
                .toList();
        return paths.isEmpty()
                ? expected.bodyName() + "#" + position
                : paths.size() == 1 ? paths.get(0) : common(paths);
    }

    /** The innermost element that contains all of them. */
    private static String common(List<String> paths) {
        List<String> body = paths.stream()
                .filter(path -> !path.startsWith("Header/") && !path.startsWith("inventory/"))
                .toList();
        if (body.isEmpty()) {
            return String.join(" ", paths);
        }
        String shared = body.get(0);
        for (String path : body) {
            while (!path.equals(shared) && !path.startsWith(shared + "/") && shared.contains("/")) {
                shared = shared.substring(0, shared.lastIndexOf('/'));
            }
        }
        return shared;
    }

    private static String shown(byte[] bytes) {
        if (bytes.length == 0) {
            return NOTHING;
        }
        return bytes.length <= MAX_SHOWN_BYTES
                ? HEX.formatHex(bytes)
                : HEX.formatHex(bytes, 0, MAX_SHOWN_BYTES) + "... " + bytes.length + " bytes";
    }
}
