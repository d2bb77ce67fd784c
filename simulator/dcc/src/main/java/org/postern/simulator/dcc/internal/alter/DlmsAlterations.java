package org.postern.simulator.dcc.internal.alter;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.Obis;

/**
 * Everything in an electricity command: its items in order, what each addresses, and its data down to the last value.
 */
final class DlmsAlterations {

    private static final int REQUEST = 0xD9;
    private static final int SELECTIVE = 4;
    private static final int OBIS_FIELD = 4;

    private final Alterations all;
    private final DlmsPayload.AccessRequest request;
    private final GbcsCodec codec = new GbcsCodec();

    DlmsAlterations(Alterations all, DlmsPayload.AccessRequest request) {
        this.all = all;
        this.request = request;
    }

    void add() {
        all.payload("invoke-id", () -> new DlmsPayload.AccessRequest(request.longInvokeId() ^ 1, request.items()));
        all.content("items.long-count", () -> content(null, true));
        for (int i = 0; i < request.items().size(); i++) {
            item(i, "item[" + i + "]", request.items().get(i));
        }
    }

    private void item(int i, String name, DlmsPayload.RequestItem item) {
        DlmsPayload.Target t = item.target();
        all.payload(
                name + ".operation",
                () -> with(
                        i,
                        new DlmsPayload.RequestItem(
                                item.operation() == DlmsPayload.Operation.SET
                                        ? DlmsPayload.Operation.ACTION
                                        : DlmsPayload.Operation.SET,
                                t,
                                Optional.empty(),
                                item.data())));
        all.payload(
                name + ".class",
                () -> with(i, target(item, new DlmsPayload.Target(t.classId() ^ 1, t.obis(), t.index()))));
        all.payload(
                name + ".obis",
                () -> with(
                        i,
                        target(
                                item,
                                new DlmsPayload.Target(
                                        t.classId(),
                                        Obis.of(Alterations.flip(t.obis().bytes(), OBIS_FIELD, 1)),
                                        t.index()))));
        all.payload(
                name + ".index",
                () -> with(i, target(item, new DlmsPayload.Target(t.classId(), t.obis(), t.index() ^ 1))));
        item.selection().ifPresent(s -> {
            all.payload(
                    name + ".selector",
                    () -> with(
                            i,
                            new DlmsPayload.RequestItem(
                                    item.operation(),
                                    t,
                                    Optional.of(new DlmsPayload.Selection(s.selector() ^ 1, s.parameters())),
                                    item.data())));
            data(
                    name + ".selection",
                    s.parameters(),
                    changed -> new DlmsPayload.RequestItem(
                            item.operation(),
                            t,
                            Optional.of(new DlmsPayload.Selection(s.selector(), changed)),
                            item.data()),
                    i);
        });
        data(
                name + ".data",
                item.data(),
                changed -> new DlmsPayload.RequestItem(item.operation(), t, item.selection(), changed),
                i);
        all.payload(name + ".removed", () -> items(Alterations.without(request.items(), i)));
        all.payload(name + ".repeated", () -> items(Alterations.plus(request.items(), i, item)));
        all.payload(
                name + ".added",
                () -> items(Alterations.plus(
                        request.items(),
                        i + 1,
                        target(item, new DlmsPayload.Target(t.classId(), t.obis(), t.index() ^ 2)))));
        Alterations.swapped(request.items(), i).ifPresent(s -> all.payload(name + ".swapped", () -> items(s)));
    }

    private static DlmsPayload.RequestItem target(DlmsPayload.RequestItem item, DlmsPayload.Target target) {
        return new DlmsPayload.RequestItem(item.operation(), target, item.selection(), item.data());
    }

    private DlmsPayload.AccessRequest items(List<DlmsPayload.RequestItem> items) {
        return new DlmsPayload.AccessRequest(request.longInvokeId(), items);
    }

    private DlmsPayload.AccessRequest with(int index, DlmsPayload.RequestItem item) {
        return items(Alterations.with(request.items(), index, item));
    }

    /** @param whole the item with this data in its place */
    private void data(
            String name,
            DlmsData data,
            java.util.function.Function<DlmsData, DlmsPayload.RequestItem> whole,
            int index) {
        Consumer<Named> put = n -> all.payload(n.name(), () -> with(index, whole.apply(n.data())));
        if (data instanceof DlmsData.Structure || data instanceof DlmsData.Array) {
            elements(name, data, whole, index, put);
            return;
        }
        if (data.isNull()) {
            put.accept(new Named(name, DlmsData.u8(1)));
            return;
        }
        put.accept(new Named(name, changed(data)));
        all.value(name);
        put.accept(new Named(name + ".null", DlmsData.Null.VALUE));
        if (data instanceof DlmsData.Whole w) {
            put.accept(new Named(name + ".type", new DlmsData.Octets(DlmsTag.OCTET_STRING, number(w))));
        } else if (data instanceof DlmsData.Bool b) {
            put.accept(new Named(name + ".other-true", new DlmsData.Bool(b.value() ? 1 : 2)));
        } else if (data instanceof DlmsData.Octets o) {
            put.accept(new Named(
                    name + ".type",
                    new DlmsData.Octets(
                            o.tag() == DlmsTag.OCTET_STRING ? DlmsTag.VISIBLE_STRING : DlmsTag.OCTET_STRING,
                            o.bytes())));
            all.content(name + ".long-length", () -> content(data, false));
            for (int i = 0; i < o.bytes().length() - 1; i++) {
                int at = i;
                put.accept(new Named(
                        name + ".byte[" + i + "]", new DlmsData.Octets(o.tag(), Alterations.flip(o.bytes(), at, 1))));
            }
        }
    }

    private record Named(String name, DlmsData data) {}

    private void elements(
            String name,
            DlmsData data,
            java.util.function.Function<DlmsData, DlmsPayload.RequestItem> whole,
            int index,
            Consumer<Named> put) {
        UnaryOperator<List<DlmsData>> same = list -> list;
        java.util.function.Function<List<DlmsData>, DlmsData> made =
                data instanceof DlmsData.Array ? list -> new DlmsData.Array(same.apply(list)) : DlmsData.Structure::new;
        List<DlmsData> elements = data.elements();
        if (elements.isEmpty()) {
            put.accept(new Named(name + ".added", made.apply(List.of(DlmsData.u8(1)))));
        }
        put.accept(new Named(
                name + ".type",
                data instanceof DlmsData.Array ? new DlmsData.Structure(elements) : new DlmsData.Array(elements)));
        all.content(name + ".long-count", () -> content(data, false));
        for (int j = 0; j < elements.size(); j++) {
            int at = j;
            String inner = name + "[" + j + "]";
            data(
                    inner,
                    elements.get(j),
                    changed -> whole.apply(made.apply(Alterations.with(elements, at, changed))),
                    index);
            put.accept(new Named(inner + ".removed", made.apply(Alterations.without(elements, j))));
            put.accept(new Named(inner + ".repeated", made.apply(Alterations.plus(elements, j, elements.get(j)))));
            Alterations.swapped(elements, j).ifPresent(s -> put.accept(new Named(inner + ".swapped", made.apply(s))));
        }
    }

    private static Bytes number(DlmsData.Whole w) {
        byte[] bytes = new byte[w.tag().size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (w.value() >> 8 * (bytes.length - 1 - i));
        }
        return Bytes.of(bytes);
    }

    /** One more, or one less where it is at its limit; of anything else another last bit. */
    private static DlmsData changed(DlmsData data) {
        if (data instanceof DlmsData.Whole w) {
            try {
                return new DlmsData.Whole(w.tag(), w.value() + 1);
            } catch (IllegalArgumentException atItsLimit) {
                return new DlmsData.Whole(w.tag(), w.value() - 1);
            }
        }
        if (data instanceof DlmsData.Bool b) {
            return DlmsData.bool(!b.value());
        }
        if (data instanceof DlmsData.BitString b) {
            return b.bits() == 0
                    ? DlmsData.bits("1")
                    : new DlmsData.BitString(b.bits(), Alterations.flip(b.bytes(), 0, 0x80));
        }
        DlmsData.Octets o = (DlmsData.Octets) data;
        return new DlmsData.Octets(
                o.tag(),
                o.bytes().isEmpty()
                        ? Bytes.of(new byte[1])
                        : Alterations.flip(o.bytes(), o.bytes().length() - 1, 1));
    }

    /** The content with a needlessly long count or length: of this data, or of the items. */
    private byte[] content(DlmsData longOne, boolean longCount) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(REQUEST);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(request.longInvokeId() >> shift);
        }
        out.write(0);
        int count = request.items().size();
        out.writeBytes(longCount ? Alterations.longLengthOf(count) : Alterations.lengthOf(count));
        for (DlmsPayload.RequestItem item : request.items()) {
            out.write(
                    item.selection().isPresent() ? SELECTIVE : item.operation().choice());
            out.write(item.target().classId() >> 8);
            out.write(item.target().classId());
            out.writeBytes(item.target().obis().bytes().toArray());
            out.write(item.target().index());
            item.selection().ifPresent(s -> {
                out.write(s.selector());
                write(out, s.parameters(), longOne);
            });
        }
        out.writeBytes(Alterations.lengthOf(count));
        request.items().forEach(item -> write(out, item.data(), longOne));
        return out.toByteArray();
    }

    private void write(ByteArrayOutputStream out, DlmsData data, DlmsData longOne) {
        boolean here = data == longOne;
        if (data instanceof DlmsData.Structure || data instanceof DlmsData.Array) {
            out.write(data.tag().code());
            int count = data.elements().size();
            out.writeBytes(here ? Alterations.longLengthOf(count) : Alterations.lengthOf(count));
            data.elements().forEach(e -> write(out, e, longOne));
        } else if (here && data instanceof DlmsData.Octets o) {
            out.write(data.tag().code());
            out.writeBytes(Alterations.longLengthOf(o.bytes().length()));
            out.writeBytes(o.bytes().toArray());
        } else {
            out.writeBytes(codec.encodeData(data).toArray());
        }
    }
}
