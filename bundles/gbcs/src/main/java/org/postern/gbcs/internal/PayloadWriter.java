package org.postern.gbcs.internal;

import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.OpaquePayload;
import org.postern.gbcs.Payload;

/** Encodes payloads of all families in the canonical form, which is the only one that the readers accept. */
public final class PayloadWriter {

    private PayloadWriter() {}

    public static byte[] data(DlmsData data) {
        ByteWriter out = new ByteWriter();
        data(out, data);
        return out.toArray();
    }

    public static byte[] der(DerNode node) {
        ByteWriter out = new ByteWriter();
        der(out, node);
        return out.toArray();
    }

    public static byte[] payload(Payload payload) {
        ByteWriter out = new ByteWriter();
        payload(out, payload);
        return out.toArray();
    }

    static void payload(ByteWriter out, Payload payload) {
        if (payload instanceof DlmsPayload d) {
            dlms(out, d);
        } else if (payload instanceof GbzPayload g) {
            gbz(out, g);
        } else if (payload instanceof OpaquePayload o) {
            out.bytes(o.content());
        } else {
            der(out, ((Asn1Payload) payload).root());
        }
    }

    private static void dlms(ByteWriter out, DlmsPayload payload) {
        if (payload instanceof DlmsPayload.AccessRequest r) {
            out.u8(DlmsReader.ACCESS_REQUEST)
                    .number(r.longInvokeId(), 4)
                    .u8(0)
                    .ber(r.items().size());
            for (DlmsPayload.RequestItem item : r.items()) {
                out.u8(
                        item.selection().isPresent()
                                ? DlmsReader.SELECTIVE_GET
                                : item.operation().choice());
                out.number(item.target().classId(), 2)
                        .number(item.target().obis().value(), 6)
                        .u8(item.target().index());
                item.selection().ifPresent(s -> data(out.u8(s.selector()), s.parameters()));
            }
            out.ber(r.items().size());
            r.items().forEach(item -> data(out, item.data()));
        } else if (payload instanceof DlmsPayload.AccessResponse r) {
            out.u8(DlmsReader.ACCESS_RESPONSE)
                    .number(r.longInvokeId(), 4)
                    .u8(0)
                    .u8(0)
                    .ber(r.items().size());
            r.items().forEach(item -> data(out, item.data()));
            out.ber(r.items().size());
            r.items().forEach(item -> out.u8(item.operation().choice()).u8(item.result()));
        } else {
            DlmsPayload.DataNotification n = (DlmsPayload.DataNotification) payload;
            data(
                    out.u8(DlmsReader.DATA_NOTIFICATION)
                            .number(n.longInvokeId(), 4)
                            .u8(0),
                    n.body());
        }
    }

    static void data(ByteWriter out, DlmsData data) {
        out.u8(data.tag().code());
        if (data instanceof DlmsData.CompactArray c) {
            type(out, c.type());
            out.ber(c.contents().length()).bytes(c.contents());
        } else if (data.tag() == DlmsTag.ARRAY || data.tag() == DlmsTag.STRUCTURE) {
            out.ber(data.elements().size());
            data.elements().forEach(e -> data(out, e));
        } else {
            value(out, data);
        }
    }

    /** A value without its tag. */
    private static void value(ByteWriter out, DlmsData data) {
        if (data instanceof DlmsData.Whole w) {
            out.number(w.value(), w.tag().size());
        } else if (data instanceof DlmsData.Bool b) {
            out.u8(b.raw());
        } else if (data instanceof DlmsData.BitString b) {
            out.ber(b.bits()).bytes(b.bytes());
        } else if (data instanceof DlmsData.Octets o) {
            if (o.tag().size() < 0) {
                out.ber(o.bytes().length());
            }
            out.bytes(o.bytes());
        }
    }

    private static void type(ByteWriter out, DlmsData.TypeDescription type) {
        out.u8(type.tag().code());
        if (type.tag() == DlmsTag.ARRAY) {
            out.number(type.count(), 2);
        } else if (type.tag() == DlmsTag.STRUCTURE) {
            out.ber(type.inner().size());
        }
        type.inner().forEach(t -> type(out, t));
    }

    private static void gbz(ByteWriter out, GbzPayload payload) {
        out.number(GbzPayload.PROFILE, 2);
        if (payload instanceof GbzPayload.Components c) {
            out.u8(c.components().size());
            c.components().forEach(component -> component(out, component));
        } else {
            GbzPayload.Alert a = (GbzPayload.Alert) payload;
            out.u8(a.count()).number(a.alertCode(), 2).number(a.time(), 4).bytes(a.additional());
            a.components().forEach(component -> component(out, component));
        }
    }

    private static void component(ByteWriter out, GbzPayload.Component c) {
        int head = c.isEncrypted() ? 2 + 3 + 2 : c.fromDate().isPresent() ? 4 + 3 : 3;
        int length = head + c.payload().length();
        if (length > 0xFFFF) {
            throw new IllegalArgumentException("component of " + length + " bytes");
        }
        out.u8(c.control()).number(c.cluster(), 2).number(length, 2);
        c.encryption().ifPresent(e -> out.u8(e.additionalControl()).u8(e.frameCounter()));
        c.fromDate().ifPresent(t -> out.number(t, 4));
        out.u8(c.frame().control()).u8(c.frame().sequence()).u8(c.frame().command());
        if (c.isEncrypted()) {
            out.number(c.payload().length(), 2);
        }
        out.bytes(c.payload());
    }

    static void der(ByteWriter out, DerNode node) {
        if (node instanceof DerNode.Certificate c) {
            out.bytes(c.encoded());
        } else if (node instanceof DerNode.Primitive p) {
            out.u8(p.tag()).ber(p.content().length()).bytes(p.content());
        } else {
            DerNode.Constructed c = (DerNode.Constructed) node;
            ByteWriter inner = new ByteWriter();
            c.children().forEach(child -> der(inner, child));
            out.u8(c.tag());
            if (c.wide()) {
                out.u8(0x82).number(inner.size(), 2);
            } else {
                out.ber(inner.size());
            }
            out.append(inner);
        }
    }
}
