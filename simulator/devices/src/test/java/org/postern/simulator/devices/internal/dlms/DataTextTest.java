package org.postern.simulator.devices.internal.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.GbcsCodec;

/** DLMS data as the tables write it, and rows of logs. */
class DataTextTest {

    @Test
    void dataIsReadAsItIsWritten() {
        assertThat(
                        DataText.parse(
                                "struct(u8(1),array(oct(0A0B),oct('x(y)')),bits(0110),bool(true),enum(2),i16(-5),null,vis('a'))"))
                .isEqualTo(DlmsData.structure(
                        DlmsData.u8(1),
                        DlmsData.array(
                                DlmsData.octetsHex("0A0B"), DlmsData.octets(org.postern.gbcs.Bytes.ofText("x(y)"))),
                        DlmsData.bits("0110"),
                        DlmsData.bool(true),
                        DlmsData.enumeration(2),
                        DlmsData.i16(-5),
                        DlmsData.Null.VALUE,
                        DlmsData.visible("a")));
        for (String bad : new String[] {"u8(1", "u9(1)", "u8(300)", "struct(u8(1)", "u8(1)x", "oct(0)"}) {
            assertThatThrownBy(() -> DataText.parse(bad)).as(bad).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void rowsOfALogAreReadBackFromTheirBytes() {
        List<DlmsData> rows = List.of(
                DlmsData.structure(
                        DlmsData.u32(7), DlmsData.array(DlmsData.u16(1), DlmsData.u16(2)), DlmsData.octetsHex("AABB")),
                DlmsData.structure(
                        DlmsData.u32(8), DlmsData.array(DlmsData.u16(3), DlmsData.u16(4)), DlmsData.octetsHex("")));
        GbcsCodec codec = new GbcsCodec();
        DlmsData log = CompactRows.of(rows.get(0), rows);
        assertThat(codec.decodeData(codec.encodeData(log))).isEqualTo(log);
        assertThat(codec.decodeData(codec.encodeData(CompactRows.of(rows.get(0), List.of())))
                        .elements())
                .isEmpty();
    }
}
