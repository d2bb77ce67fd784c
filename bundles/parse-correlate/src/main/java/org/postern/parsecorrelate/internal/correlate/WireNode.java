package org.postern.parsecorrelate.internal.correlate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A received DLMS or DER value, parsed by its own tags and lengths. This class is independent of the codec on purpose.
 *
 * @param tag type tag
 * @param value content bytes of a leaf; for a DLMS bit-string with its bit count; empty for a node with children
 * @param children parts of an array, structure or constructed object; null for a leaf
 * @param raw all its bytes, tag and length included
 */
record WireNode(int tag, byte[] value, @Nullable List<WireNode> children, byte[] raw) {

    /** Largest accepted depth of nesting. */
    private static final int MAX_DEPTH = 24;

    /** Bytes that cannot be parsed. */
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(String what) {
            super(what, null, false, false);
        }

        /** What cannot be parsed. */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /** A position in the received bytes. */
    static final class Cursor {

        private final byte[] bytes;
        private final int end;
        private int at;

        Cursor(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        int at() {
            return at;
        }

        int left() {
            return end - at;
        }

        int next() throws Unreadable {
            if (at >= end) {
                throw new Unreadable("the message ends early");
            }
            return bytes[at++] & 0xFF;
        }

        byte[] next(int count) throws Unreadable {
            if (count < 0 || count > end - at) {
                throw new Unreadable("the message ends early");
            }
            at += count;
            return Arrays.copyOfRange(bytes, at - count, at);
        }

        /**
         * A BER length. Long forms of any width are accepted here; the comparison of bytes refuses those that are not
         * minimal.
         */
        int length() throws Unreadable {
            int first = next();
            if (first < 0x80) {
                return first;
            }
            int count = first & 0x7F;
            if (count == 0 || count > 4) {
                throw new Unreadable("an unreadable length");
            }
            long length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | next();
            }
            if (length > Integer.MAX_VALUE) {
                throw new Unreadable("a length beyond the message");
            }
            return (int) length;
        }

        Cursor part(int length) throws Unreadable {
            if (length > end - at) {
                throw new Unreadable("a length beyond the message");
            }
            Cursor part = new Cursor(bytes, at, at + length);
            at += length;
            return part;
        }

        byte[] since(int from) {
            return Arrays.copyOfRange(bytes, from, at);
        }
    }

    static WireNode dlms(Cursor cursor) throws Unreadable {
        return dlms(cursor, 0);
    }

    private static WireNode dlms(Cursor cursor, int depth) throws Unreadable {
        if (depth > MAX_DEPTH) {
            throw new Unreadable("nested too deeply");
        }
        int from = cursor.at();
        int tag = cursor.next();
        switch (tag) {
            case 0x00:
                return new WireNode(tag, new byte[0], null, cursor.since(from));
            case 0x01, 0x02: {
                int count = cursor.length();
                if (count > cursor.left()) {
                    throw new Unreadable("more elements than bytes");
                }
                List<WireNode> children = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    children.add(dlms(cursor, depth + 1));
                }
                return new WireNode(tag, new byte[0], children, cursor.since(from));
            }
            case 0x04: {
                int start = cursor.at();
                int bits = cursor.length();
                cursor.next((int) ((bits + 7L) / 8));
                return new WireNode(tag, cursor.since(start), null, cursor.since(from));
            }
            case 0x09, 0x0A, 0x0C:
                return new WireNode(tag, cursor.next(cursor.length()), null, cursor.since(from));
            case 0x03, 0x0F, 0x11, 0x16:
                return new WireNode(tag, cursor.next(1), null, cursor.since(from));
            case 0x10, 0x12:
                return new WireNode(tag, cursor.next(2), null, cursor.since(from));
            case 0x05, 0x06:
                return new WireNode(tag, cursor.next(4), null, cursor.since(from));
            case 0x14, 0x15:
                return new WireNode(tag, cursor.next(8), null, cursor.since(from));
            default:
                throw new Unreadable("a data type that no command carries");
        }
    }

    static WireNode der(Cursor cursor) throws Unreadable {
        return der(cursor, 0);
    }

    private static WireNode der(Cursor cursor, int depth) throws Unreadable {
        if (depth > MAX_DEPTH) {
            throw new Unreadable("nested too deeply");
        }
        int from = cursor.at();
        int tag = cursor.next();
        Cursor inner = cursor.part(cursor.length());
        if ((tag & 0x20) == 0) {
            return new WireNode(tag, inner.next(inner.left()), null, cursor.since(from));
        }
        List<WireNode> children = new ArrayList<>();
        while (inner.left() > 0) {
            children.add(der(inner, depth + 1));
        }
        return new WireNode(tag, new byte[0], children, cursor.since(from));
    }
}
