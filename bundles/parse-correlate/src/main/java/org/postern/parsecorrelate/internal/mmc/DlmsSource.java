package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;

/** DLMS data as a source; null data has no source. */
record DlmsSource(DlmsData data) implements Source {

    /** Null for null data. */
    static @Nullable Source of(@Nullable DlmsData data) {
        return data == null || data.isNull() ? null : new DlmsSource(data);
    }

    @Override
    public @Nullable Source at(String step) {
        List<DlmsData> elements = data.elements();
        int i = Source.index(step, elements.size());
        return i < 0 ? null : of(elements.get(i));
    }

    @Override
    public boolean isNull(String step) {
        if (step.equals(".")) {
            return data.isNull();
        }
        int i = Source.index(step, data.elements().size());
        return i >= 0 && data.elements().get(i).isNull();
    }

    /** A copy of the data with null data at the path; the data itself if there is no such path. */
    static DlmsData without(DlmsData data, List<String> path) {
        int i = path.isEmpty() ? -1 : Source.index(path.get(0), data.elements().size());
        if (i < 0) {
            return data;
        }
        List<DlmsData> elements = new ArrayList<>(data.elements());
        elements.set(
                i, path.size() == 1 ? DlmsData.Null.VALUE : without(elements.get(i), path.subList(1, path.size())));
        return data instanceof DlmsData.Structure ? new DlmsData.Structure(elements) : new DlmsData.Array(elements);
    }

    @Override
    public List<Source> list() {
        List<DlmsData> elements = data.elements();
        Source[] all = new Source[elements.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new DlmsSource(elements.get(i));
        }
        return Arrays.asList(all);
    }

    @Override
    public boolean isList() {
        return data instanceof DlmsData.Array
                || data instanceof DlmsData.Structure
                || data instanceof DlmsData.CompactArray;
    }

    @Override
    public BigInteger number() {
        return isLong() ? BigInteger.valueOf(whole()) : new BigInteger(Long.toUnsignedString(whole()));
    }

    @Override
    public long whole() {
        if (data instanceof DlmsData.Whole w) {
            return w.value();
        }
        if (data instanceof DlmsData.Bool b) {
            return b.value() ? 1 : 0;
        }
        throw new UnexpectedValueException("a number is expected, it is " + data.tag());
    }

    @Override
    public boolean isLong() {
        return whole() >= 0 || data.tag() != DlmsTag.UINT64;
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
            return new Source.Num(w.value(), w.tag().size()).bytes();
        }
        throw new UnexpectedValueException("bytes are expected, it is " + data.tag());
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
        throw new UnexpectedValueException("bits are expected, it is " + data.tag());
    }
}
