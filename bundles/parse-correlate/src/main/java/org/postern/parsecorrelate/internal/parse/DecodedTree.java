package org.postern.parsecorrelate.internal.parse;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.UseCaseTable;

/**
 * A decoded message as nested maps and lists, for people who examine a message: header, payload, plain text of
 * encrypted parts.
 */
public final class DecodedTree {

    private final UseCaseTable useCases;

    public DecodedTree(UseCaseTable useCases) {
        this.useCases = useCases;
    }

    /** The tree as a JSON object. */
    public String json(DecryptedMessage plain) {
        StringBuilder out = new StringBuilder(2048);
        JsonValues.write(tree(plain), out);
        return out.toString();
    }

    private Map<String, Object> tree(DecryptedMessage plain) {
        GbcsMessage m = plain.message();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("kind", m.kind().name());
        root.put("header", header(m.header()));
        root.put(
                "payload",
                m.payload()
                        .fold(
                                d -> dlms(d, plain),
                                g -> gbz(g, plain),
                                DecodedTree::asn1,
                                o -> Map.of("bytes", o.content().hex())));
        m.signature().ifPresent(s -> root.put("signature", s.hex()));
        m.mac().ifPresent(s -> root.put("mac", s.hex()));
        return root;
    }

    private static Map<String, Object> header(GroupingHeader h) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("counter", Long.toUnsignedString(h.counter()));
        all.put("originator", h.originator().hex());
        all.put("target", h.target().hex());
        h.dateTime().ifPresent(t -> all.put("dateTime", t.bytes().hex()));
        all.put("messageCode", h.messageCodeHex());
        h.supplementaryParty().ifPresent(p -> all.put("supplementaryParty", p.hex()));
        h.supplementaryCounter().ifPresent(c -> all.put("supplementaryCounter", Long.toUnsignedString(c)));
        h.supplementaryOriginatorCounter()
                .ifPresent(c -> all.put("supplementaryOriginatorCounter", Long.toUnsignedString(c)));
        h.supplement().certificate().ifPresent(c -> all.put("certificate", c.hex()));
        return all;
    }

    private Map<String, Object> dlms(DlmsPayload payload, DecryptedMessage plain) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("family", "DLMS");
        all.put("longInvokeId", String.format("%08X", payload.longInvokeId()));
        List<Object> items = new ArrayList<>();
        if (payload instanceof DlmsPayload.AccessRequest request) {
            for (DlmsPayload.RequestItem item : request.items()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("operation", item.operation().name());
                one.put("target", item.target().toString());
                item.selection().ifPresent(s -> one.put("selection", data(s.parameters())));
                one.put("data", data(item.data()));
                items.add(one);
            }
        } else if (payload instanceof DlmsPayload.AccessResponse response) {
            List<UseCaseTable.DlmsItem> known = useCases.find(
                            plain.message().header().messageCode())
                    .map(u -> u.dlms(plain.message().kind(), response.items().size()))
                    .orElse(List.of());
            for (int i = 0; i < response.items().size(); i++) {
                DlmsPayload.ResponseItem item = response.items().get(i);
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("operation", item.operation().name());
                if (i < known.size()) {
                    known.get(i).target().ifPresent(t -> one.put("target", t.toString()));
                    one.put("name", known.get(i).name());
                }
                one.put("result", item.result());
                one.put("data", data(item.data()));
                part(plain, i).ifPresent(p -> one.put("plain", p));
                items.add(one);
            }
        } else if (payload instanceof DlmsPayload.DataNotification alert) {
            all.put("alertCode", String.format("%04X", alert.alertCode()));
            all.put("time", alert.time().bytes().hex());
            for (int i = 0; i < alert.more().size(); i++) {
                items.add(part(plain, i).orElse(data(alert.more().get(i))));
            }
        }
        all.put("items", items);
        return all;
    }

    private static Optional<Object> part(DecryptedMessage plain, int index) {
        return plain.part(index).flatMap(DecryptedPart::data).map(DecodedTree::data);
    }

    /**
     * An object with one member that is named after the type, so that numbers of different sizes can be distinguished.
     */
    private static @Nullable Object data(DlmsData data) {
        if (data.isNull()) {
            return null;
        }
        Object value;
        if (data.tag() == DlmsTag.UINT64) {
            // a Java long is signed
            value = new BigInteger(Long.toUnsignedString(data.asLong()));
        } else if (data instanceof DlmsData.Whole || data instanceof DlmsData.Bool) {
            value = data.asLong();
        } else if (data instanceof DlmsData.Octets || data instanceof DlmsData.BitString) {
            value = data.asBytes().hex();
        } else {
            value = data.elements().stream().map(DecodedTree::data).toList();
        }
        return Map.of(data.tag().name().toLowerCase(java.util.Locale.ROOT), value);
    }

    private static Map<String, Object> gbz(GbzPayload payload, DecryptedMessage plain) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("family", "GBZ");
        List<GbzPayload.Component> components;
        if (payload instanceof GbzPayload.Alert alert) {
            all.put("alertCode", String.format("%04X", alert.alertCode()));
            all.put("time", alert.time());
            all.put("additional", alert.additional().hex());
            components = alert.components();
        } else {
            components = ((GbzPayload.Components) payload).components();
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            GbzPayload.Component c = components.get(i);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("cluster", String.format("%04X", c.cluster()));
            one.put("frameControl", String.format("%02X", c.frame().control()));
            one.put("sequence", c.frame().sequence());
            one.put("command", String.format("%02X", c.frame().command()));
            c.fromDate().ifPresent(d -> one.put("fromDate", d));
            one.put("encrypted", c.isEncrypted());
            one.put(
                    "payload",
                    plain.zclPayload(c, i).map(Bytes::hex).orElse(c.payload().hex()));
            list.add(one);
        }
        all.put("components", list);
        return all;
    }

    private static Map<String, Object> asn1(Asn1Payload payload) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("family", "ASN1");
        all.put("root", der(payload.root()));
        return all;
    }

    private static Object der(DerNode node) {
        String tag = String.format("%02X", node.tag());
        if (node instanceof DerNode.Primitive p) {
            return Map.of(tag, p.content().hex());
        }
        if (node instanceof DerNode.Certificate c) {
            return Map.of("certificate", c.encoded().hex());
        }
        return Map.of(tag, node.children().stream().map(DecodedTree::der).toList());
    }
}
