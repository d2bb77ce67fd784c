package org.postern.gbcs.internal;

import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;

/**
 * Recognises the payload family by the first bytes (GBCS: DLMS COSEM, GBZ, ASN.1), and decodes single data values and
 * DER nodes.
 */
public final class PayloadReader {

    private PayloadReader() {}

    static Payload payload(Cursor in, GroupingHeader header) {
        int first = in.peek();
        if (first == DlmsReader.ACCESS_REQUEST
                || first == DlmsReader.ACCESS_RESPONSE
                || first == DlmsReader.DATA_NOTIFICATION) {
            return DlmsReader.payload(in, header);
        }
        if (first == 0x01 && in.peek(1) == 0x09) {
            return GbzReader.payload(in, header.cra() == 3);
        }
        return new Asn1Payload(DerReader.node(in, header.cra() != 1));
    }

    public static DlmsData data(Bytes bytes, DecodeLimits limits) {
        Cursor in = new Cursor(bytes, limits);
        DlmsData data = DlmsReader.data(in);
        in.done("the data");
        return data;
    }

    public static DerNode der(Bytes bytes, DecodeLimits limits) {
        Cursor in = new Cursor(bytes, limits);
        DerNode node = DerReader.node(in, false);
        in.done("the node");
        return node;
    }
}
