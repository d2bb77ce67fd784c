package org.postern.dccsimulator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Obis;
import org.postern.gbcs.Payload;

/**
 * Changes exactly one field of a Pre-Command, which stays well-formed otherwise. Fields:
 *
 * <ul>
 * <li>{@code counter}, {@code originator}, {@code target}, {@code message-code} of the header;
 * <li>DLMS: {@code item[i].class}, {@code .obis}, {@code .index}, {@code .data} with further {@code [j]} for what is
 * inside; {@code item[i].removed}; {@code item[i].repeated}; {@code invoke-id};
 * <li>GBZ: {@code component[i].cluster}, {@code .command}, {@code .sequence}, {@code .from}, {@code .payload[byte]};
 * <li>ASN.1: {@code node[i][j]...};
 * <li>{@code value}, the default: the last value in the content.
 * </ul>
 *
 * <p>A number becomes one more, or one less where it is at its limit; of anything else the last bit of the last byte changes.
 */
public final class PreCommandAlteration {

    private static final Pattern STEP = Pattern.compile("\\[(\\d+)]");

    private PreCommandAlteration() {
    }

    /** The altered Pre-Command, or empty where it has no such field. */
    public static Optional<GbcsMessage> alter(GbcsMessage preCommand, String field) {
        GroupingHeader h = preCommand.header();
        try {
            return switch (field) {
                case "counter" -> header(preCommand, new GroupingHeader(h.cra(), h.counter() + 1, h.originator(), h.target(),
                        h.dateTime(), h.messageCode(), h.supplement()));
                case "originator" -> header(preCommand, new GroupingHeader(h.cra(), h.counter(), new Eui64(h.originator().value() ^ 1),
                        h.target(), h.dateTime(), h.messageCode(), h.supplement()));
                case "target" -> header(preCommand, new GroupingHeader(h.cra(), h.counter(), h.originator(),
                        new Eui64(h.target().value() ^ 1), h.dateTime(), h.messageCode(), h.supplement()));
                case "message-code" -> header(preCommand, h.withMessageCode(h.messageCode() ^ 1));
                default -> payload(preCommand.payload(), field).map(p -> GbcsMessage.preCommand(h, p));
            };
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<GbcsMessage> header(GbcsMessage message, GroupingHeader header) {
        return Optional.of(GbcsMessage.preCommand(header, message.payload()));
    }

    private static Optional<Payload> payload(Payload payload, String field) {
        return payload.fold(d -> dlms((DlmsPayload.AccessRequest) d, field), g -> gbz((GbzPayload.Components) g, field),
                a -> asn1(a, field));
    }

    private static List<Integer> steps(String text) {
        List<Integer> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(text);
        while (matcher.find()) {
            steps.add(Integer.parseInt(matcher.group(1)));
        }
        return steps;
    }

    private static Optional<Payload> dlms(DlmsPayload.AccessRequest request, String field) {
        if (field.equals("invoke-id")) {
            return Optional.of(new DlmsPayload.AccessRequest(request.longInvokeId() ^ 1, request.items()));
        }
        List<DlmsPayload.RequestItem> items = new ArrayList<>(request.items());
        String wanted = field;
        if (field.isEmpty() || field.equals("value")) {
            int last = items.size() - 1;
            while (last > 0 && items.get(last).data().isNull()) {
                last--;
            }
            wanted = "item[" + last + "]." + (items.get(last).data().isNull() ? "index" : "data");
        }
        if (!wanted.startsWith("item[") || !wanted.contains("].")) {
            return Optional.empty();
        }
        int index = steps(wanted).get(0);
        String part = wanted.substring(wanted.indexOf("].") + 2);
        DlmsPayload.RequestItem item = items.get(index);
        DlmsPayload.Target t = item.target();
        switch (part.replaceAll("\\[.*", "")) {
            case "removed" -> items.remove(index);
            case "repeated" -> items.add(index, item);
            case "class" -> items.set(index, with(item, new DlmsPayload.Target(t.classId() ^ 1, t.obis(), t.index()), item.data()));
            case "index" -> items.set(index, with(item, new DlmsPayload.Target(t.classId(), t.obis(), t.index() + 1), item.data()));
            case "obis" -> items.set(index, with(item, new DlmsPayload.Target(t.classId(),
                    Obis.of(flip(t.obis().bytes(), 4)), t.index()), item.data()));
            case "data" -> items.set(index, with(item, t, change(item.data(), steps(part))));
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(new DlmsPayload.AccessRequest(request.longInvokeId(), items));
    }

    private static DlmsPayload.RequestItem with(DlmsPayload.RequestItem item, DlmsPayload.Target target, DlmsData data) {
        return new DlmsPayload.RequestItem(item.operation(), target, item.selection(), data);
    }

    /** Follows the path, and from there always the last element, to a single value. */
    private static DlmsData change(DlmsData data, List<Integer> path) {
        if (data instanceof DlmsData.Structure s) {
            return new DlmsData.Structure(replaced(s.elements(), path, e -> change(e, rest(path))));
        }
        if (data instanceof DlmsData.Array a) {
            return new DlmsData.Array(replaced(a.elements(), path, e -> change(e, rest(path))));
        }
        if (data instanceof DlmsData.Whole w) {
            try {
                return new DlmsData.Whole(w.tag(), w.value() + 1);
            } catch (IllegalArgumentException e) {
                return new DlmsData.Whole(w.tag(), w.value() - 1);
            }
        }
        if (data instanceof DlmsData.Bool b) {
            return DlmsData.bool(!b.value());
        }
        if (data instanceof DlmsData.BitString b) {
            return new DlmsData.BitString(b.bits(), flip(b.bytes(), 0, 0x80));
        }
        if (data instanceof DlmsData.Octets o) {
            return new DlmsData.Octets(o.tag(), o.bytes().isEmpty() && o.tag() == DlmsTag.OCTET_STRING ? Bytes.of(new byte[1])
                    : flip(o.bytes(), o.bytes().length() - 1));
        }
        throw new IllegalArgumentException("nothing to change in " + data.tag());
    }

    private static List<Integer> rest(List<Integer> path) {
        return path.isEmpty() ? path : path.subList(1, path.size());
    }

    private static <T> List<T> replaced(List<T> elements, List<Integer> path, UnaryOperator<T> change) {
        List<T> copy = new ArrayList<>(elements);
        int index = path.isEmpty() ? copy.size() - 1 : path.get(0);
        copy.set(index, change.apply(copy.get(index)));
        return copy;
    }

    private static Bytes flip(Bytes bytes, int index) {
        return flip(bytes, index, 1);
    }

    private static Bytes flip(Bytes bytes, int index, int bit) {
        byte[] copy = bytes.toArray();
        copy[index] ^= (byte) bit;
        return Bytes.of(copy);
    }

    private static Optional<Payload> gbz(GbzPayload.Components payload, String field) {
        List<GbzPayload.Component> components = new ArrayList<>(payload.components());
        String wanted = field;
        if (field.isEmpty() || field.equals("value")) {
            int last = components.size() - 1;
            while (last > 0 && components.get(last).payload().isEmpty()) {
                last--;
            }
            wanted = "component[" + last + "].payload[" + (components.get(last).payload().length() - 1) + "]";
        }
        if (!wanted.startsWith("component[") || !wanted.contains("].")) {
            return Optional.empty();
        }
        List<Integer> steps = steps(wanted);
        GbzPayload.Component c = components.get(steps.get(0));
        GbzPayload.ZclFrame f = c.frame();
        GbzPayload.Component changed = switch (wanted.substring(wanted.indexOf("].") + 2).replaceAll("\\[.*", "")) {
            case "cluster" -> new GbzPayload.Component(c.control(), c.cluster() ^ 1, c.encryption(), c.fromDate(), f, c.payload());
            case "command" -> new GbzPayload.Component(c.control(), c.cluster(), c.encryption(), c.fromDate(),
                    new GbzPayload.ZclFrame(f.control(), f.sequence(), f.command() ^ 1), c.payload());
            case "sequence" -> new GbzPayload.Component(c.control(), c.cluster(), c.encryption(), c.fromDate(),
                    new GbzPayload.ZclFrame(f.control(), f.sequence() ^ 1, f.command()), c.payload());
            case "from" -> new GbzPayload.Component(c.control(), c.cluster(), c.encryption(),
                    java.util.OptionalLong.of(c.fromDate().orElseThrow(IllegalArgumentException::new) ^ 1), f, c.payload());
            case "payload" -> c.withPayload(flip(c.payload(), steps.size() > 1 ? steps.get(1) : c.payload().length() - 1));
            default -> throw new IllegalArgumentException(wanted);
        };
        components.set(steps.get(0), changed);
        return Optional.of(new GbzPayload.Components(components));
    }

    private static Optional<Payload> asn1(Asn1Payload payload, String field) {
        if (!field.isEmpty() && !field.equals("value") && !field.startsWith("node")) {
            return Optional.empty();
        }
        return Optional.of(new Asn1Payload(change(payload.root(), steps(field))));
    }

    private static DerNode change(DerNode node, List<Integer> path) {
        if (node instanceof DerNode.Constructed c) {
            return new DerNode.Constructed(c.tag(), replaced(c.children(), path, e -> change(e, rest(path))), c.wide());
        }
        if (node instanceof DerNode.Certificate c) {
            return new DerNode.Certificate(flip(c.encoded(), c.encoded().length() - 1));
        }
        DerNode.Primitive p = (DerNode.Primitive) node;
        if (p.content().isEmpty()) {
            throw new IllegalArgumentException("nothing to change in an empty node");
        }
        return new DerNode.Primitive(p.tag(), flip(p.content(), p.content().length() - 1));
    }
}
