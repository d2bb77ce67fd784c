package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyVaultException.Kind;

class PreCommandHeaderTest {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    /** A Grouping Header (GBCS) with four further bytes, the shortest message that is accepted. */
    static byte[] preCommand(Eui64 originator, Eui64 target, long counter) {
        return ByteBuffer.allocate(34)
                .put(new byte[] {(byte) 0xDF, 9, 1})
                .putLong(counter)
                .put((byte) 8)
                .put(originator.toBytes())
                .put((byte) 8)
                .put(target.toBytes())
                .put(new byte[] {0, 2, 0, 0x4B, 0})
                .array();
    }

    private static Kind refusal(byte[] bytes) {
        KeyVaultException refused = catchThrowableOfType(KeyVaultException.class, () -> PreCommandHeader.read(bytes));
        return refused == null ? null : refused.kind();
    }

    @Test
    void theRequestIdIsOriginatorTargetAndTheUnsignedCounter() {
        assertThat(PreCommandHeader.read(preCommand(SUPPLIER, METER, 1001)))
                .isEqualTo(new PreCommandHeader(SUPPLIER, METER, 1001));
        assertThat(PreCommandHeader.read(preCommand(SUPPLIER, METER, -1)).requestId())
                .isEqualTo("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 11, 20, 29})
    void everyFixedByteOfTheHeaderIsRequired(int place) {
        byte[] bytes = preCommand(SUPPLIER, METER, 1);
        bytes[place] ^= 0x10;
        assertThat(refusal(bytes)).isEqualTo(Kind.INPUT_REFUSED);
    }

    @Test
    void aMessageThatEndsWithItsHeaderIsRefused() {
        assertThat(refusal(Arrays.copyOf(preCommand(SUPPLIER, METER, 1), 33))).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(new byte[0])).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(null)).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(preCommand(SUPPLIER, METER, 1))).isNull();
    }
}
