package org.postern.parsecorrelate.internal.transform;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Payload;
import org.postern.parsecorrelate.internal.transform.MessageBuilder.Component;
import org.postern.parsecorrelate.internal.transform.MessageBuilder.Item;
import org.postern.parsecorrelate.internal.transform.Piece.Branch;
import org.postern.parsecorrelate.internal.transform.Piece.Framing;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/** A message that the rules made: its tree of pieces, and its bytes with the origin of each byte. */
public final class Message {

    /** A separate part of the content: a DLMS item, a GBZ component or an ASN.1 object. */
    public sealed interface Unit {

        /** Position in the message. */
        String position();
    }

    /** A DLMS item: specification, optional selection, data. */
    public record ItemUnit(
            String position, Leaf specification, @Nullable Piece selection, Piece data) implements Unit {}

    /** A GBZ component; the from date is optional. */
    public record ComponentUnit(
            String position,
            int control,
            int cluster,
            @Nullable Piece fromDate,
            Leaf frame,
            List<Piece> fields,
            Trace trace)
            implements Unit {}

    /** The content of an ASN.1 message. */
    public record ObjectUnit(String position, Piece object) implements Unit {}

    private final UseCase useCase;
    private final Branch root;
    private final List<Unit> units;
    private final Party party;
    private final Request request;
    private volatile @Nullable Written written;

    private Message(UseCase useCase, Branch root, List<Unit> units, Party party, Request request) {
        this.useCase = useCase;
        this.root = root;
        this.units = List.copyOf(units);
        this.party = party;
        this.request = request;
    }

    /** The items, components or objects in order. */
    public List<Unit> units() {
        return units;
    }

    /** Header originator. */
    public Eui64 originator() {
        return party.originator();
    }

    /** Header target. */
    public Eui64 target() {
        return request.target();
    }

    /** Header counter. */
    public long counter() {
        return party.counter();
    }

    /** Name of the body's element, which is the path of constants. */
    public String bodyName() {
        return request.body().name();
    }

    /** True where the content is DLMS. */
    public boolean dlms() {
        return useCase.family() == Payload.Family.DLMS;
    }

    /** True where the content is GBZ. */
    public boolean gbz() {
        return useCase.family() == Payload.Family.GBZ;
    }

    UseCase useCase() {
        return useCase;
    }

    /** The whole message as a tree. */
    public Branch root() {
        return root;
    }

    /** GBCS use case. */
    public String useCaseName() {
        return useCase.name();
    }

    /** GBCS message code. */
    public int messageCode() {
        return useCase.code();
    }

    /** True for a Pre-Command. */
    public boolean critical() {
        return useCase.critical();
    }

    /** True if the Access Control Broker or another DCC party is the originator on the wire. */
    boolean acb() {
        return useCase.sender() != UseCase.Sender.USER || party.supplement() != null;
    }

    private static final Trace REQUEST_ID = new Trace(List.of("Header/RequestID"), "", null);
    private static final Trace SERVICE = new Trace(List.of("Header/ServiceReferenceVariant"), "", null);

    /** Origin of a range of bytes. */
    public record Span(int from, int to, Trace trace) {}

    /** The bytes of a message and the origin of each range of them. */
    public record Written(byte[] bytes, List<Span> spans) {}

    /** Builds the message from header and content (GBCS section 7). */
    static Message of(UseCase useCase, Request request, MessageBuilder made, Party party) {
        List<Piece> parts = new ArrayList<>();
        parts.add(constant("header", new byte[] {(byte) 0xDF, 9, 1}));
        parts.add(new Leaf(
                Framing.RAW,
                0,
                ByteBuffer.allocate(8).putLong(party.counter()).array(),
                REQUEST_ID.at("header: originator counter")));
        parts.add(constant("header", new byte[] {8}));
        parts.add(new Leaf(Framing.RAW, 0, party.originator().toBytes(), REQUEST_ID.at("header: originator")));
        parts.add(constant("header", new byte[] {8}));
        parts.add(new Leaf(Framing.RAW, 0, request.target().toBytes(), REQUEST_ID.at("header: target")));
        parts.add(constant("header: no date-time", new byte[] {0}));
        List<Piece> other = new ArrayList<>();
        other.add(new Leaf(
                Framing.RAW,
                0,
                new byte[] {(byte) (useCase.code() >> 8), (byte) useCase.code()},
                SERVICE.at("header: message code")));
        if (party.supplement() != null) {
            other.add(new Leaf(Framing.RAW, 0, party.supplement(), REQUEST_ID.at("header: supplementary party")));
        }
        other.addAll(made.supplement);
        parts.add(counted("header: other information", other));
        List<Unit> units = units(useCase, made);
        parts.add(counted(
                "content",
                switch (useCase.family()) {
                    case DLMS -> dlms(party, units);
                    case GBZ -> gbz(units);
                    case ASN1 ->
                        units.stream().map(unit -> ((ObjectUnit) unit).object()).toList();
                    case OPAQUE -> throw new IllegalStateException("UseCaseParser refuses rules for this family");
                }));
        if (!useCase.critical() && !useCase.signed()) {
            parts.add(constant("no signature", new byte[] {0}));
        }
        return new Message(useCase, new Branch(Framing.RAW, 0, parts, constantTrace("message")), units, party, request);
    }

    private static Trace constantTrace(String position) {
        return new Trace(List.of(), position, null);
    }

    private static Leaf constant(String position, byte... bytes) {
        return new Leaf(Framing.RAW, 0, bytes, constantTrace(position));
    }

    private static Branch counted(String position, List<Piece> parts) {
        return new Branch(Framing.BER_COUNTED, 0, parts, constantTrace(position));
    }

    private static List<Unit> units(UseCase useCase, MessageBuilder made) {
        List<Unit> units = new ArrayList<>();
        switch (useCase.family()) {
            case DLMS -> {
                for (Item item : made.items) {
                    String place = "item " + (units.size() + 1) + " "
                            + item.choice().name().toLowerCase(Locale.ROOT) + " " + item.object();
                    units.add(new ItemUnit(
                            place,
                            (Leaf) placed(item.specification(), place),
                            placedIfAny(item.selection(), place + " selection"),
                            placed(item.data(), place)));
                }
            }
            case GBZ -> {
                for (Component component : made.components) {
                    units.add(component(component, units.size(), made.components.size()));
                }
            }
            default -> made.content.forEach(piece -> units.add(new ObjectUnit("content", placed(piece, "content"))));
        }
        return units;
    }

    private static ComponentUnit component(Component component, int index, int count) {
        String place = String.format(
                "component %s cluster %04X command %02X", index + 1, component.cluster(), component.command());
        int control = (index == count - 1 ? 0x01 : 0) | (component.fromDate() == null ? 0 : 0x10);
        List<Piece> fields = new ArrayList<>();
        for (Piece field : component.fields()) {
            fields.add(placed(field, place + " field " + (fields.size() + 1)));
        }
        Leaf frame =
                constant(place + ": frame", (byte) component.frameControl(), (byte) index, (byte) component.command());
        return new ComponentUnit(
                place,
                control,
                component.cluster(),
                placedIfAny(component.fromDate(), place + ": from date"),
                frame,
                fields,
                component.trace().at(place));
    }

    private static List<Piece> dlms(Party party, List<Unit> units) {
        List<Piece> parts = new ArrayList<>();
        byte[] counter = ByteBuffer.allocate(8).putLong(party.counter()).array();
        parts.add(constant("access request", (byte) 0xD9));
        parts.add(new Leaf(
                Framing.RAW, 0, new byte[] {0x20, counter[5], counter[6], counter[7]}, REQUEST_ID.at("invoke id")));
        parts.add(constant("access request: no date-time", new byte[] {0}));
        parts.add(constant("count of items", Ber.length(units.size())));
        for (Unit unit : units) {
            ItemUnit item = (ItemUnit) unit;
            parts.add(item.specification());
            if (item.selection() != null) {
                parts.add(item.selection());
            }
        }
        parts.add(constant("count of items", Ber.length(units.size())));
        units.forEach(unit -> parts.add(((ItemUnit) unit).data()));
        return parts;
    }

    private static List<Piece> gbz(List<Unit> units) {
        List<Piece> parts = new ArrayList<>();
        parts.add(constant("profile", new byte[] {1, 9}));
        parts.add(constant("count of components", (byte) units.size()));
        for (Unit unit : units) {
            ComponentUnit component = (ComponentUnit) unit;
            parts.add(constant(component.position() + ": control", (byte) component.control()));
            parts.add(constant(
                    component.position() + ": cluster", (byte) (component.cluster() >> 8), (byte) component.cluster()));
            List<Piece> inner = new ArrayList<>();
            if (component.fromDate() != null) {
                inner.add(component.fromDate());
            }
            inner.add(component.frame());
            inner.addAll(component.fields());
            parts.add(new Branch(Framing.WORD_COUNTED, 0, inner, component.trace()));
        }
        return parts;
    }

    private static @Nullable Piece placedIfAny(@Nullable Piece piece, String position) {
        return piece == null ? null : placed(piece, position);
    }

    /** Copies the piece with its position in the message, and its parts with theirs. */
    private static Piece placed(Piece piece, String position) {
        String own = piece.trace().position().isEmpty()
                ? position
                : position + " (" + piece.trace().position() + ")";
        if (piece instanceof Branch branch) {
            List<Piece> parts = new ArrayList<>();
            for (int i = 0; i < branch.parts().size(); i++) {
                parts.add(placed(branch.parts().get(i), position + "." + (i + 1)));
            }
            return new Branch(
                    branch.framing(), branch.tag(), parts, branch.trace().at(own));
        }
        Leaf leaf = (Leaf) piece;
        return new Leaf(leaf.framing(), leaf.tag(), leaf.value(), leaf.trace().at(own));
    }

    /** The bytes of one piece. */
    public static byte[] bytes(Piece piece) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(piece, bytes, new ArrayList<>());
        return bytes.toByteArray();
    }

    /** The bytes with the origin of each. */
    public Written write() {
        // cached; two threads may do the same work twice, which is harmless
        Written done = written;
        if (done == null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            List<Span> spans = new ArrayList<>();
            write(root, bytes, spans);
            done = new Written(bytes.toByteArray(), spans);
            written = done;
        }
        return done;
    }

    private static void write(Piece piece, ByteArrayOutputStream out, List<Span> spans) {
        if (piece instanceof Leaf leaf) {
            int from = out.size();
            if (leaf.framing() != Framing.RAW) {
                out.write(leaf.tag());
                if (leaf.framing() == Framing.DER || leaf.tag() == 0x09 || leaf.tag() == 0x0A || leaf.tag() == 0x0C) {
                    out.writeBytes(Ber.length(leaf.value().length));
                }
            }
            out.writeBytes(leaf.value());
            spans.add(new Span(from, out.size(), leaf.trace()));
            return;
        }
        Branch branch = (Branch) piece;
        int from = out.size();
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        List<Span> innerSpans = new ArrayList<>();
        for (Piece part : branch.parts()) {
            write(part, inner, innerSpans);
        }
        if (branch.framing() == Framing.DLMS) {
            out.write(branch.tag());
            out.writeBytes(Ber.length(branch.parts().size()));
        } else if (branch.framing() == Framing.DER) {
            out.write(branch.tag());
            out.writeBytes(Ber.length(inner.size()));
        } else if (branch.framing() == Framing.BER_COUNTED) {
            out.writeBytes(Ber.length(inner.size()));
        } else if (branch.framing() == Framing.WORD_COUNTED) {
            out.write(inner.size() >> 8);
            out.write(inner.size());
        }
        int shift = out.size();
        if (shift > from) {
            spans.add(new Span(from, shift, branch.trace()));
        }
        out.writeBytes(inner.toByteArray());
        for (Span span : innerSpans) {
            spans.add(new Span(span.from() + shift, span.to() + shift, span.trace()));
        }
    }
}
