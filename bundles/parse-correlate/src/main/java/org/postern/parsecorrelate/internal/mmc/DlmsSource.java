package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;

/** DLMS data as a source; null data is no source at all. */
record DlmsSource(DlmsData data) implements Source {

    /** Null for null data. */
    static Source of(DlmsData data) {
        return data == null || data.isNull() ? null : new DlmsSource(data);
    }

    @Override
    public Source at(String step) {
        List<DlmsData> elements = data.elements();
        int i = Source.index(step, elements.size());
        return i < 0 ? null : of(elements.get(i));
    }

    @Override
    public List<Source> list() {
        Source[] all = new Source[data.elements().size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new DlmsSource(data.elements().get(i));
        }
        return List.of(all);
    }

    @Override
    public boolean isList() {
        return data instanceof DlmsData.Array || data instanceof DlmsData.Structure || data instanceof DlmsData.CompactArray;
    }

    @Override
    public BigInteger number() {
        if (data instanceof DlmsData.Whole w) {
            return w.tag() == org.postern.gbcs.DlmsTag.UINT64 ? new BigInteger(Long.toUnsignedString(w.value()))
                    : BigInteger.valueOf(w.value());
        }
        if (data instanceof DlmsData.Bool b) {
            return b.value() ? BigInteger.ONE : BigInteger.ZERO;
        }
        throw new Mismatch("a number is expected, it is " + data.tag());
    }

    @Override
    public Bytes bytes() {
        if (data instanceof DlmsData.Octets o) {
            return o.bytes();
        }
        if (data instanceof DlmsData.BitString b) {
            return b.bytes();
        }
        if (data instanceof DlmsData.Whole w) {
            return Source.Num.of(w.value(), w.tag().size()).bytes();
        }
        throw new Mismatch("bytes are expected, it is " + data.tag());
    }

    @Override
    public boolean[] bits() {
        if (data instanceof DlmsData.BitString b) {
            boolean[] bits = new boolean[b.bits()];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = b.bit(i);
            }
            return bits;
        }
        throw new Mismatch("bits are expected, it is " + data.tag());
    }
}
