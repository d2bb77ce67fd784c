package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;

/** Records of a Read Attributes response (GBCS, GBZ payloads). */
final class ZclAttributes {

    /**
     * One record.
     *
     * @param id attribute id
     * @param status 0 success
     * @param value null where the status is not 0
     */
    record Record(int id, int status, Source value) {}

    private ZclAttributes() {}

    /** Records up to the end, or up to the first whose type has no known size. */
    static List<Record> read(Bytes payload) {
        List<Record> all = new ArrayList<>();
        int at = 0;
        while (at + 3 <= payload.length()) {
            int id = (int) payload.littleEndian(at, 2);
            int status = payload.at(at + 2);
            at += 3;
            if (status != 0) {
                all.add(new Record(id, status, null));
                continue;
            }
            if (at >= payload.length()) {
                break;
            }
            int type = payload.at(at++);
            int size = size(type);
            int start = at;
            if (type == 0x41 || type == 0x42) {
                start = at + 1;
                size = at < payload.length() ? payload.at(at) : -1;
                size = size == 0xFF ? 0 : size;
            }
            if (size < 0 || start + size > payload.length()) {
                break;
            }
            all.add(new Record(id, 0, value(type, payload.slice(start, size))));
            at = start + size;
        }
        return all;
    }

    private static int size(int type) {
        if (type >= 0x08 && type <= 0x0F
                || type >= 0x18 && type <= 0x1F
                || type >= 0x20 && type <= 0x27
                || type >= 0x28 && type <= 0x2F) {
            return (type & 0x07) + 1;
        }
        return switch (type) {
            case 0x10, 0x30 -> 1;
            case 0x31 -> 2;
            case 0xE0, 0xE1, 0xE2 -> 4;
            case 0xF0 -> 8;
            default -> -1;
        };
    }

    private static Source value(int type, Bytes b) {
        if (type == 0x41 || type == 0x42) {
            return new Source.Octets(b);
        }
        return number(b, type >= 0x28 && type <= 0x2F);
    }

    /** A little-endian number of one to eight bytes. */
    static Source number(Bytes b, boolean signed) {
        long bits = b.littleEndian(0, b.length());
        if (!signed) {
            return b.length() == Long.BYTES && bits < 0 ? new Source.Unsigned(bits) : new Source.Num(bits, b.length());
        }
        int unused = Long.SIZE - Byte.SIZE * b.length();
        return new Source.Num(bits << unused >> unused, b.length());
    }
}
