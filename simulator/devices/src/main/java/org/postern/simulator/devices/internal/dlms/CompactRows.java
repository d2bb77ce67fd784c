package org.postern.simulator.devices.internal.dlms;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsCodec;

/** Rows of a log as a compact array: one type description, then the values without their tags (IEC 62056-6-2, Data). */
public final class CompactRows {

    private static final GbcsCodec CODEC = new GbcsCodec();

    private CompactRows() {}

    /** @param example a row of that type, whose type an empty log states */
    public static DlmsData of(DlmsData example, List<DlmsData> rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        rows.forEach(row -> pack(out, row));
        return new DlmsData.CompactArray(type(example), Bytes.of(out.toByteArray()), rows);
    }

    private static void pack(ByteArrayOutputStream out, DlmsData data) {
        if (data instanceof DlmsData.Whole w) {
            for (int i = w.tag().size() - 1; i >= 0; i--) {
                out.write((int) (w.value() >> 8 * i));
            }
        } else if (data instanceof DlmsData.Structure || data instanceof DlmsData.Array) {
            data.elements().forEach(e -> pack(out, e));
        } else {
            out.writeBytes(CODEC.encodeData(data).from(1).toArray());
        }
    }

    /** What data of that kind is. */
    static DlmsData.TypeDescription type(DlmsData data) {
        if (data instanceof DlmsData.Array array) {
            return new DlmsData.TypeDescription(
                    DlmsTag.ARRAY,
                    array.elements().size(),
                    List.of(type(array.elements().get(0))));
        }
        return new DlmsData.TypeDescription(
                data.tag(),
                0,
                data instanceof DlmsData.Structure s
                        ? s.elements().stream().map(CompactRows::type).toList()
                        : List.of());
    }
}
