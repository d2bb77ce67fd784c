package org.postern.parsecorrelate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;

/**
 * The values of a decoded command without names and positions, each as often as it occurs. They come from the codec and
 * its ZigBee layouts only, which are independent of the transform's rules.
 */
final class DecodedValues {

    private static final ZclFields ZCL = ZclFields.load();

    private final Map<String, Integer> counts = new HashMap<>();

    DecodedValues(GbcsMessage message) {
        message.payload().fold(this::dlms, this::zigbee, this::der, opaque -> null);
    }

    static String number(long value) {
        return "number " + value;
    }

    static String bytes(String hex) {
        return "bytes " + hex.toLowerCase(java.util.Locale.ROOT);
    }

    /** Removes one of the values; false if none of them is left. */
    boolean take(List<String> ways) {
        for (String way : ways) {
            Integer left = counts.get(way);
            if (left != null && left > 0) {
                counts.put(way, left - 1);
                return true;
            }
        }
        return false;
    }

    private void add(String value) {
        counts.merge(value, 1, Integer::sum);
    }

    private Void dlms(DlmsPayload payload) {
        ((DlmsPayload.AccessRequest) payload).items().forEach(item -> data(item.data()));
        return null;
    }

    private void data(DlmsData data) {
        if (data instanceof DlmsData.Structure structure) {
            structure.elements().forEach(this::data);
        } else if (data instanceof DlmsData.Array array) {
            array.elements().forEach(this::data);
        } else if (data instanceof DlmsData.Whole whole) {
            add(number(whole.value()));
        } else if (data instanceof DlmsData.Octets octets) {
            add(octets.tag() == DlmsTag.OCTET_STRING ? bytes(octets.bytes().hex()) : "text " + octets.text());
        } else if (data instanceof DlmsData.Bool bool) {
            add("truth " + bool.value());
        } else if (data instanceof DlmsData.BitString bits) {
            StringBuilder text = new StringBuilder("bits ");
            for (int i = 0; i < bits.bits(); i++) {
                text.append(bits.bit(i) ? '1' : '0');
            }
            add(text.toString());
        }
    }

    private Void zigbee(GbzPayload payload) {
        for (GbzPayload.Component component : ((GbzPayload.Components) payload).components()) {
            component.fromDate().ifPresent(date -> add(number(date)));
            Bytes plain = component.payload();
            for (ZclFields.Field field : ZCL.fields(component.cluster(), component.frame(), plain)) {
                if (field.type().equals("bytes7")) {
                    // a week: one number for each day
                    IntStream.range(0, 7)
                            .forEach(day -> add(number(field.bytes().at(day))));
                } else {
                    add(
                            List.of("octstr", "date4").contains(field.type())
                                    ? bytes(field.bytes().hex())
                                    : number(field.number()));
                }
            }
        }
        return null;
    }

    private Void der(Asn1Payload payload) {
        node(payload.root());
        return null;
    }

    /**
     * Every value, and every sequence as a whole: the placeholder for a certificate in a generated request is a
     * sequence.
     */
    private String node(DerNode node) {
        String content;
        if (node instanceof DerNode.Certificate certificate) {
            add(bytes(certificate.encoded().hex()));
            return certificate.encoded().hex();
        } else if (node instanceof DerNode.Constructed constructed) {
            content = constructed.children().stream().map(this::node).collect(Collectors.joining());
        } else {
            content = ((DerNode.Primitive) node).content().hex();
            add(bytes(content));
        }
        int length = content.length() / 2;
        String whole = String.format("%02x", node.tag())
                + (length < 0x80
                        ? String.format("%02x", length)
                        : length < 0x100 ? String.format("81%02x", length) : String.format("82%04x", length))
                + content;
        if (node instanceof DerNode.Constructed) {
            add(bytes(whole));
        }
        return whole;
    }
}
