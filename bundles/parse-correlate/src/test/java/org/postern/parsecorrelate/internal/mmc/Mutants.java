package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.gbcs.GbzPayload;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Answer;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Item;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Part;

/**
 * Makes one change to a valid response so that it is invalid: results removed, added, moved, of another kind or type,
 * or unencrypted.
 */
final class Mutants {

    /** A changed response and a description of the change. */
    record Mutant(Answer answer, String change) {}

    private Mutants() {}

    static List<Mutant> of(Answer answer) {
        return answer.der().isPresent() ? der(answer) : answer.dlms() ? dlms(answer) : gbz(answer);
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> all = new ArrayList<>(list);
        all.remove(index);
        return all;
    }

    private static <T> List<T> with(List<T> list, int index, T element) {
        List<T> all = new ArrayList<>(list);
        all.add(index, element);
        return all;
    }

    private static <T> List<T> set(List<T> list, int index, T element) {
        List<T> all = new ArrayList<>(list);
        all.set(index, element);
        return all;
    }

    private static <T> List<T> swapped(List<T> list, int index) {
        List<T> all = new ArrayList<>(list);
        java.util.Collections.swap(all, index, index + 1);
        return all;
    }

    private static List<Mutant> dlms(Answer a) {
        List<Mutant> all = new ArrayList<>();
        all.add(new Mutant(a.items(List.of()), "all removed"));
        all.add(new Mutant(
                a.items(with(a.items(), a.items().size(), result(Operation.SET, DlmsData.Null.VALUE))), "SET added"));
        all.add(new Mutant(
                a.items(with(a.items(), a.items().size(), result(Operation.GET, DlmsData.u32(7)))), "GET added"));
        for (int i = 0; i < a.items().size(); i++) {
            Item item = a.items().get(i);
            all.add(new Mutant(a.items(without(a.items(), i)), "removed " + i));
            all.add(new Mutant(a.items(with(a.items(), i, item)), "repeated " + i));
            Operation other = item.item().operation() == Operation.GET ? Operation.SET : Operation.GET;
            all.add(new Mutant(
                    a.items(set(
                            a.items(),
                            i,
                            new Item(
                                    new DlmsPayload.ResponseItem(
                                            other, 0, item.item().data()),
                                    item.plain()))),
                    "operation " + i));
            if (i + 1 < a.items().size() && differ(item, a.items().get(i + 1))) {
                all.add(new Mutant(a.items(swapped(a.items(), i)), "swapped " + i));
            }
            retyped(a, i, item, all);
        }
        return all;
    }

    private static Item result(Operation operation, DlmsData data) {
        return new Item(new DlmsPayload.ResponseItem(operation, 0, data), Optional.empty());
    }

    /** Two results of the same operation and data type cannot be distinguished. */
    private static boolean differ(Item one, Item other) {
        return one.item().operation() != other.item().operation()
                || type(one.data()).compareTo(type(other.data())) != 0;
    }

    private static String type(DlmsData data) {
        return data.tag()
                + (data instanceof DlmsData.Structure
                        ? data.elements().stream().map(Mutants::type).toList().toString()
                        : data.elements().isEmpty() ? "" : type(data.elements().get(0)));
    }

    private static void retyped(Answer a, int i, Item item, List<Mutant> all) {
        DlmsData data = item.data();
        if (data.isNull()) {
            all.add(new Mutant(
                    a.items(set(a.items(), i, result(item.item().operation(), DlmsData.u8(1)))),
                    "data where none is " + i));
            return;
        }
        all.add(new Mutant(
                a.items(set(a.items(), i, result(item.item().operation(), DlmsData.Null.VALUE))), "no data " + i));
        all.add(new Mutant(a.items(set(a.items(), i, item.with(other(data)))), "other type " + i));
        if (item.plain().isPresent()) {
            all.add(new Mutant(a.items(set(a.items(), i, result(item.item().operation(), data))), "in the clear " + i));
        }
        if (data instanceof DlmsData.Structure s) {
            for (int e = 0; e < s.elements().size(); e++) {
                all.add(new Mutant(
                        a.items(set(
                                a.items(),
                                i,
                                item.with(new DlmsData.Structure(
                                        set(s.elements(), e, other(s.elements().get(e))))))),
                        "other type " + i + "." + e));
            }
            all.add(new Mutant(
                    a.items(set(
                            a.items(), i, item.with(new DlmsData.Structure(with(s.elements(), 0, DlmsData.u8(1)))))),
                    "element added " + i));
        }
    }

    private static DlmsData other(DlmsData data) {
        return data instanceof DlmsData.Octets ? DlmsData.bool(true) : DlmsData.octetsHex("0102");
    }

    private static List<Mutant> gbz(Answer a) {
        List<Mutant> all = new ArrayList<>();
        int last = a.parts().size();
        for (int i = 0; i < last; i++) {
            Part part = a.parts().get(i);
            GbzPayload.Component c = part.component();
            if (last > 1) {
                all.add(new Mutant(a.parts(without(a.parts(), i)), "removed " + i));
            }
            all.add(new Mutant(a.parts(with(a.parts(), i, part)), "repeated " + i));
            all.add(new Mutant(
                    a.parts(set(a.parts(), i, new Part(of(c, c.cluster() ^ 0x0400, c.frame()), part.plain()))),
                    "cluster " + i));
            GbzPayload.ZclFrame f = c.frame();
            all.add(new Mutant(
                    a.parts(set(
                            a.parts(),
                            i,
                            new Part(
                                    of(c, c.cluster(), new GbzPayload.ZclFrame(f.control(), f.sequence(), 0x5A)),
                                    part.plain()))),
                    "command " + i));
            if (i + 1 < last && a.parts().get(i + 1).component().frame().sequence() != f.sequence()) {
                all.add(new Mutant(a.parts(swapped(a.parts(), i)), "swapped " + i));
            }
            all.add(new Mutant(
                    a.parts(set(
                            a.parts(),
                            i,
                            part.with(part.payload().slice(0, part.payload().length() - 1)))),
                    "cut " + i));
            Bytes longer = Bytes.ofHex(part.payload().hex() + "77");
            all.add(new Mutant(a.parts(set(a.parts(), i, part.with(longer))), "lengthened " + i));
            if (part.plain().isPresent()) {
                all.add(new Mutant(
                        a.parts(set(
                                a.parts(),
                                i,
                                new Part(GbzPayload.Component.of(c.cluster(), f, part.payload()), Optional.empty()))),
                        "in the clear " + i));
            }
            if (!f.clusterSpecific() && f.command() == 0x01) {
                attributes(a, i, part, all);
            }
        }
        GbzPayload.Component tail = a.parts().get(last - 1).component();
        GbzPayload.ZclFrame next = new GbzPayload.ZclFrame(
                tail.frame().control(),
                tail.frame().sequence() + 1,
                tail.frame().command());
        all.add(new Mutant(
                a.parts(with(
                        a.parts(),
                        last,
                        new Part(
                                of(tail, tail.cluster(), next),
                                a.parts().get(last - 1).plain()))),
                "added"));
        return all;
    }

    private static GbzPayload.Component of(GbzPayload.Component c, int cluster, GbzPayload.ZclFrame frame) {
        return new GbzPayload.Component(c.control(), cluster, c.encryption(), c.fromDate(), frame, c.payload());
    }

    private static void attributes(Answer a, int i, Part part, List<Mutant> all) {
        List<Bytes> records = records(part.payload());
        for (int r = 0; r < records.size(); r++) {
            if (records.size() > 1) {
                all.add(new Mutant(
                        a.parts(set(a.parts(), i, part.with(joined(without(records, r))))),
                        "attribute removed " + i + "." + r));
            }
            all.add(new Mutant(
                    a.parts(set(a.parts(), i, part.with(joined(with(records, r, records.get(r)))))),
                    "attribute repeated " + i));
            if (r + 1 < records.size()) {
                all.add(new Mutant(
                        a.parts(set(a.parts(), i, part.with(joined(swapped(records, r))))),
                        "attributes swapped " + i + "." + r));
            }
            if (records.get(r).at(2) == 0) {
                Bytes other = Bytes.ofHex(
                        records.get(r).hex().substring(0, 6) + (records.get(r).at(3) == 0x42 ? "2005" : "420141"));
                all.add(new Mutant(
                        a.parts(set(a.parts(), i, part.with(joined(set(records, r, other))))),
                        "attribute type " + i + "." + r));
            }
        }
    }

    static List<Bytes> records(Bytes payload) {
        List<Bytes> all = new ArrayList<>();
        int at = 0;
        while (at < payload.length()) {
            int size = 3;
            if (payload.at(at + 2) == 0) {
                int type = payload.at(at + 3);
                size = type == 0x41 || type == 0x42 ? 5 + payload.at(at + 4) : type == 0x30 ? 5 : 5 + (type & 7);
            }
            all.add(payload.slice(at, size));
            at += size;
        }
        return all;
    }

    static Bytes joined(List<Bytes> records) {
        return Bytes.ofHex(String.join("", records.stream().map(Bytes::hex).toList()));
    }

    private static List<Mutant> der(Answer a) {
        List<Mutant> all = new ArrayList<>();
        DerNode root = a.der().orElseThrow();
        all.add(new Mutant(
                a.der(
                        root instanceof DerNode.Primitive
                                ? DerNode.time("20150101000000Z")
                                : DerNode.octets(Bytes.ofHex("01"))),
                "root"));
        for (int i = 0; i < root.children().size(); i++) {
            all.add(new Mutant(
                    a.der(new DerNode.Constructed(root.tag(), without(root.children(), i))), "removed " + i));
            all.add(new Mutant(
                    a.der(new DerNode.Constructed(
                            root.tag(), with(root.children(), i, root.children().get(i)))),
                    "repeated " + i));
            DerNode other = root.children().get(i).tag() == DerNode.GENERALIZED_TIME
                    ? DerNode.octets(Bytes.ofHex("01"))
                    : DerNode.time("20150101000000Z");
            all.add(new Mutant(
                    a.der(new DerNode.Constructed(root.tag(), set(root.children(), i, other))), "type " + i));
        }
        return all;
    }
}
