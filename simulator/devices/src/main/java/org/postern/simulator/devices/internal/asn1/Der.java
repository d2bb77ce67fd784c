package org.postern.simulator.devices.internal.asn1;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;

/** DER that this process made itself, as nodes. */
final class Der {

    private static final int CONSTRUCTED = 0x20;

    private final Bytes bytes;
    private int at;

    private Der(Bytes bytes) {
        this.bytes = bytes;
    }

    static DerNode read(Bytes der) {
        return new Der(der).next();
    }

    private DerNode next() {
        int tag = bytes.at(at++);
        int length = bytes.at(at++);
        if (length > 0x80) {
            int count = length & 0x7F;
            length = (int) bytes.number(at, count);
            at += count;
        }
        int end = at + length;
        if ((tag & CONSTRUCTED) == 0) {
            Bytes content = bytes.slice(at, length);
            at = end;
            return new DerNode.Primitive(tag, content);
        }
        List<DerNode> children = new ArrayList<>();
        while (at < end) {
            children.add(next());
        }
        return new DerNode.Constructed(tag, children);
    }
}
