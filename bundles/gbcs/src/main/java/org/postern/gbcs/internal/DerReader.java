package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsFault;

/** Reads strict DER. A certificate is read as one node. */
final class DerReader {

    private static final int TIME_LENGTH = 15;

    private DerReader() {}

    /** @param device whether the long-form lengths of devices are accepted; see {@link DerNode.Constructed#wide()} */
    static DerNode node(Cursor in, boolean device) {
        in.node();
        int start = in.position();
        int tag = in.u8("DER tag");
        if ((tag & 0x1F) == 0x1F) {
            throw in.unknown(start, "DER tag numbers are at most 30", tag);
        }
        boolean constructed = (tag & 0x20) != 0;
        int at = in.position();
        boolean wide = device && constructed && in.peek() == 0x82 && in.peek(1) == 0 && in.peek(2) >= 0x80;
        int length;
        if (wide) {
            in.u8("DER length");
            length = in.u16("DER length");
            if (length > in.remaining()) {
                throw in.refuse(GbcsFault.BROKEN, at, "DER length stays inside its container", length + " bytes");
            }
        } else {
            length = in.length("DER length");
        }
        int value = in.position();
        if (!constructed) {
            return primitive(in, tag, start, in.bytes(length, "DER value"));
        }
        if ((tag & 0xC0) == 0 && tag != DerNode.SEQUENCE && tag != DerNode.SET) {
            throw in.unknown(start, "universal constructed types are SEQUENCE and SET", tag);
        }
        if (tag == DerNode.SEQUENCE && length > 64) {
            in.back(start);
            Bytes whole = in.bytes(value - start + length, "DER value");
            if (isCertificate(whole)) {
                return new DerNode.Certificate(whole);
            }
            in.back(value);
        }
        int outer = in.open(length, "DER value");
        in.down();
        List<DerNode> children = new ArrayList<>();
        while (in.remaining() > 0) {
            children.add(node(in, device));
        }
        in.up();
        in.close(outer, "DER value");
        return new DerNode.Constructed(tag, children, wide);
    }

    private static DerNode primitive(Cursor in, int tag, int at, Bytes content) {
        int length = content.length();
        switch (tag) {
            case DerNode.BOOLEAN ->
                check(in, at, length == 1 && (content.at(0) == 0 || content.at(0) == 0xFF), "BOOLEAN is 00 or FF");
            case DerNode.INTEGER, DerNode.ENUMERATED ->
                check(in, at, minimal(content), "INTEGER and ENUMERATED in the fewest bytes");
            case DerNode.BIT_STRING ->
                check(in, at, bitString(content), "BIT STRING with unused bits 0 to 7, all zero");
            case DerNode.NULL -> check(in, at, length == 0, "NULL is empty");
            case DerNode.OID ->
                check(
                        in,
                        at,
                        length > 0 && (content.at(length - 1) & 0x80) == 0,
                        "OBJECT IDENTIFIER ends with its last arc");
            case DerNode.GENERALIZED_TIME -> check(in, at, time(content), "GeneralizedTime is YYYYMMDDhhmmssZ");
            default -> {
                if (tag == 0 || tag == 0x10 || tag == 0x11) {
                    throw in.unknown(at, "a primitive DER tag", tag);
                }
            }
        }
        return new DerNode.Primitive(tag, content);
    }

    private static void check(Cursor in, int at, boolean good, String rule) {
        if (!good) {
            throw in.refuse(GbcsFault.NOT_CANONICAL, at, rule, "another form");
        }
    }

    private static boolean minimal(Bytes c) {
        return c.length() == 1
                || c.length() > 1 && !(c.at(0) == 0 && c.at(1) < 0x80) && !(c.at(0) == 0xFF && c.at(1) >= 0x80);
    }

    private static boolean bitString(Bytes c) {
        if (c.isEmpty() || c.at(0) > 7 || c.length() == 1 && c.at(0) != 0) {
            return false;
        }
        return (c.at(c.length() - 1) & (1 << c.at(0)) - 1) == 0 || c.length() == 1;
    }

    private static boolean time(Bytes c) {
        if (c.length() != TIME_LENGTH || c.at(TIME_LENGTH - 1) != 'Z') {
            return false;
        }
        for (int i = 0; i < TIME_LENGTH - 1; i++) {
            if (c.at(i) < '0' || c.at(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * True where the bytes are SEQUENCE { SEQUENCE { [0] { INTEGER }, INTEGER ... }, SEQUENCE, BIT STRING } in minimal
     * lengths: the outer form of an X.509 certificate.
     */
    static boolean isCertificate(Bytes b) {
        int outer = value(b, 0, DerNode.SEQUENCE);
        if (outer < 0 || end(b, 0) != b.length()) {
            return false;
        }
        int body = value(b, outer, DerNode.SEQUENCE);
        if (body < 0
                || body + 5 >= b.length()
                || b.number(body, 4) != 0xA003_0201L
                || b.at(body + 5) != DerNode.INTEGER) {
            return false;
        }
        int algorithm = end(b, outer);
        if (value(b, algorithm, DerNode.SEQUENCE) < 0) {
            return false;
        }
        int signature = end(b, algorithm);
        return value(b, signature, DerNode.BIT_STRING) >= 0 && end(b, signature) == b.length();
    }

    /** Offset of the value of the node at the offset, or -1 where it has another tag or its length is not minimal. */
    private static int value(Bytes b, int at, int tag) {
        if (at < 0 || at + 1 >= b.length() || b.at(at) != tag) {
            return -1;
        }
        int first = b.at(at + 1);
        if (first < 0x80) {
            return at + 2;
        }
        int size = first & 0x7F;
        if (size < 1 || size > 3 || at + 2 + size > b.length()) {
            return -1;
        }
        long length = b.number(at + 2, size);
        return length < 0x80 || size > 1 && length < 1L << 8 * (size - 1) ? -1 : at + 2 + size;
    }

    private static int end(Bytes b, int at) {
        int value = value(b, at, b.at(at));
        if (value < 0) {
            return -1;
        }
        long length = value == at + 2 ? b.at(at + 1) : b.number(at + 2, value - at - 2);
        return value + length > b.length() ? -1 : (int) (value + length);
    }
}
