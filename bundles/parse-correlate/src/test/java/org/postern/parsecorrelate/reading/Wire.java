package org.postern.parsecorrelate.reading;

import java.math.BigInteger;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;

/**
 * A value at a position of a message of any payload family, as the codec decodes it.
 *
 * @param number the last number found on the path
 * @param object the object's number if it is variable in the row, otherwise -1
 * @param dlms the data, or null
 * @param bytes bytes of a ZigBee field, low byte first; or null
 * @param der the node, or null
 * @param numbers numbers found on the path
 */
record Wire(int number, int object, DlmsData dlms, Bytes bytes, DerNode der, List<Integer> numbers) {

    /** Unsigned for ZigBee, as typed for DLMS, signed for ASN.1; bytes of DLMS as a number, high byte first. */
    BigInteger whole() {
        if (dlms instanceof DlmsData.Whole whole) {
            return BigInteger.valueOf(whole.value());
        }
        if (dlms instanceof DlmsData.Octets octets) {
            return new BigInteger(1, octets.bytes().toArray());
        }
        if (bytes != null) {
            return little(0, bytes.length());
        }
        return ((DerNode.Primitive) der).number();
    }

    /** Part of a ZigBee field as an unsigned number. */
    BigInteger little(int from, int size) {
        BigInteger number = BigInteger.ZERO;
        for (int i = from + size - 1; i >= from; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(bytes.at(i)));
        }
        return number;
    }

    /** Four bytes as a signed number. */
    BigInteger signed() {
        return BigInteger.valueOf(whole().intValue());
    }

    Bytes octets() {
        return dlms instanceof DlmsData.Octets octets
                ? octets.bytes()
                : bytes != null ? bytes : ((DerNode.Primitive) der).content();
    }

    String bits() {
        DlmsData.BitString bits = (DlmsData.BitString) dlms;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bits.bits(); i++) {
            text.append(bits.bit(i) ? '1' : '0');
        }
        return text.toString();
    }
}
