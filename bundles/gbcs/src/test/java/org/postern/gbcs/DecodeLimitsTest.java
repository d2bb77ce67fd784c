package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Each limit at its boundary: a message at the limit is read, beyond it the message is refused with PST-3002. */
class DecodeLimitsTest {

    private static final DecodeLimits WIDE = DecodeLimits.DEFAULT;

    private static GbcsCodec codec(int bytes, int depth, int elements, long steps) {
        return new GbcsCodec(new DecodeLimits(bytes, depth, elements, steps));
    }

    @Test
    void messageSize() {
        byte[] message = TestVectors.bytes("dlms-response-types");
        assertThatCode(() -> codec(message.length, 24, 1000, 1000).decode(message))
                .doesNotThrowAnyException();
        assertRefused(() -> codec(message.length - 1, 24, 1000, 1000).decode(message));
    }

    @Test
    void depthOfDlmsData() {
        Bytes nested = Bytes.ofHex("0201".repeat(8) + "00");
        assertThat(codec(100, 8, 100, 100).decodeData(nested).at(0, 0, 0, 0, 0, 0, 0, 0))
                .isEqualTo(DlmsData.Null.VALUE);
        assertRefused(() -> codec(100, 7, 100, 100).decodeData(nested));
    }

    @Test
    void depthOfTypeDescriptions() {
        Bytes nested = Bytes.ofHex("13" + "0201".repeat(5) + "11" + "01" + "07");
        assertThatCode(() -> codec(100, 5, 100, 100).decodeData(nested)).doesNotThrowAnyException();
        assertRefused(() -> codec(100, 4, 100, 100).decodeData(nested));
    }

    @Test
    void depthOfDer() {
        Bytes nested = Bytes.ofHex("3008 3006 3004 3002 0500");
        assertThat(codec(100, 4, 100, 100).decodeDer(nested).at(0, 0, 0, 0).tag())
                .isEqualTo(DerNode.NULL);
        assertRefused(() -> codec(100, 3, 100, 100).decodeDer(nested));
    }

    @Test
    void elements() {
        Bytes array = Bytes.of(array(200));
        assertThat(codec(1000, 24, 201, 1000).decodeData(array).elements()).hasSize(200);
        assertRefused(() -> codec(1000, 24, 200, 1000).decodeData(array));
    }

    /** An array of this number of null data. */
    private static byte[] array(int count) {
        byte[] array = new byte[3 + count];
        array[0] = 1;
        array[1] = (byte) 0x81;
        array[2] = (byte) count;
        return array;
    }

    @Test
    void steps() {
        byte[] message = TestVectors.bytes("dlms-response-ecs17b");
        long steps = new GbcsCodec().decode(message).steps();
        assertThatCode(() -> codec(1000, 24, 1000, steps).decode(message)).doesNotThrowAnyException();
        assertRefused(() -> codec(1000, 24, 1000, steps - 1).decode(message));
    }

    // malicious counts and lengths are refused before memory of that size is allocated or iterated
    @Test
    void statedSizesAreCheckedAgainstTheActualBytes() {
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("01 84 7FFFFFFF")))
                .isInstanceOf(GbcsRefusal.class);
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("01 83 03D090 00")))
                .isInstanceOf(GbcsRefusal.class)
                .hasMessageContaining("container");
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("09 84 FFFFFFFF")))
                .isInstanceOf(GbcsRefusal.class);
        assertThatThrownBy(() -> new GbcsCodec().decodeDer(Bytes.ofHex("30 84 7FFFFFFF")))
                .isInstanceOf(GbcsRefusal.class);
        // a compact array of (nested) arrays of 65535 nulls, which are elements without any bytes
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("13 01 FFFF 00 01 00")))
                .isInstanceOf(GbcsRefusal.class);
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("13 01 FFFF 01 FFFF 00 01 00")))
                .hasMessageContaining("PST-3002");
        assertThatThrownBy(() -> new GbcsCodec().decodeData(Bytes.ofHex("13 00 01 00")))
                .hasMessageContaining("take up bytes");
    }

    @Test
    void theDefaultsPermitThirteenMonthsOfHalfHours() {
        // 13 months of half hours as rows of a compact array (u32, u32)
        int rows = 13 * 31 * 48;
        Bytes values = Bytes.of(new byte[rows * 8]);
        DlmsData log = new DlmsData.CompactArray(
                new DlmsData.TypeDescription(
                        DlmsTag.STRUCTURE,
                        0,
                        Collections.nCopies(2, new DlmsData.TypeDescription(DlmsTag.UINT32, 0, java.util.List.of()))),
                values,
                Collections.nCopies(rows, DlmsData.structure(DlmsData.u32(0), DlmsData.u32(0))));
        GbcsCodec codec = new GbcsCodec(WIDE);
        assertThat(codec.decodeData(codec.encodeData(log)).elements()).hasSize(rows);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOf(GbcsRefusal.class).hasMessageContaining("PST-3002");
    }
}
