package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Input that the codec refuses, with the offset and the rule that it states. */
class RefusalTest {

    private static final String INNER =
            "DF 09 01 00000000000003E9 08 0A11000000000001 08 0A22000000000001 00 02 004B 15";
    private static final String CONTENT = "D9 200003E9 00 01 02 0001 00005E2C0001 02 01 12 0384";
    private final GbcsCodec codec = new GbcsCodec();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    @Test
    void thePlainMessageIsRead() {
        assertThat(codec.decode(hex(INNER + CONTENT)).kind()).isEqualTo(MessageKind.PRECOMMAND);
    }

    /** The Pre-Command above with these bytes at this offset. */
    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "0, DE, 0, a message begins with DD or DF",
        "1, 08, 1, transaction id length is 09",
        "2, 04, 2, 'CRA flag is 1, 2 or 3'",
        "11, 07, 11, originator length is 08",
        "20, 09, 20, target length is 08",
        "29, 01, 29, date-time length is 00 or 0C",
        "30, 03, 30, 'other information is 2, 10, 18, 26 or more bytes long'",
        "33, 14, 53, number takes 2 bytes",
        "33, 16, 33, content length stays inside its container",
        "35, 21, 35, long invoke id is 20 and the low 24 bits of the originator counter",
        "39, 01, 39, date-time length of the DLMS content is 00",
        "40, 02, 40, number of specifications stays inside its container",
        "41, 05, 41, 'choice is 1 get, 2 set, 3 action or 4 get with selection'",
        "51, 02, 51, number of data is that of the specifications",
        "52, 0E, 52, a known DLMS data tag",
    })
    void namesOffsetAndRule(int at, String bytes, int offset, String rule) {
        byte[] message = hex(INNER + CONTENT);
        byte[] changed = hex(bytes);
        System.arraycopy(changed, 0, message, at, changed.length);
        assertThatThrownBy(() -> codec.decode(message)).isInstanceOfSatisfying(GbcsRefusal.class, e -> {
            assertThat(e.rule()).isEqualTo(rule);
            assertThat(e.offset()).isEqualTo(offset);
            assertThat(e.fault().code()).matches("PST-300[1-5]");
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a length in two bytes that fits one, 098101 AA, PST-3003",
        "a length in three bytes that fits two, 0982008001, PST-3003",
        "a count in two bytes that fits one, 01810100, PST-3003",
        "padding bits set, 0404F1, PST-3003",
        "an indefinite length, 0980, PST-3001",
        "bytes left over, 0000, PST-3004",
        "an unknown tag, 1C, PST-3005",
        "a compact array of compact arrays, 131301 00, PST-3005",
        "a compact array cut inside an element, 13120311 0000, PST-3001",
        "no data, '', PST-3001",
    })
    void refusesOtherEncodingsOfData(String what, String data, String code) {
        assertThatThrownBy(() -> codec.decodeData(Bytes.ofHex(data)))
                .isInstanceOfSatisfying(
                        GbcsRefusal.class, e -> assertThat(e.fault().code()).isEqualTo(code));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "BOOLEAN that is neither 00 nor FF, 010101, PST-3003",
        "INTEGER with a needless 00, 02020001, PST-3003",
        "INTEGER with a needless FF, 0202FF80, PST-3003",
        "empty INTEGER, 0200, PST-3003",
        "ENUMERATED with a needless 00, 0A020001, PST-3003",
        "NULL with a value, 050100, PST-3003",
        "BIT STRING of nine unused bits, 03020980, PST-3003",
        "BIT STRING with unused bits set, 03020701, PST-3003",
        "empty BIT STRING, 0300, PST-3003",
        "time without Z, 180F323033303031303130303030303031, PST-3003",
        "length in two bytes that fits one, 04810100, PST-3003",
        "long length of a sequence outside device messages, 308200020500, PST-3003",
        "indefinite length, 30800000, PST-3001",
        "high tag number, 1F8101 00, PST-3005",
        "constructed octet string, 24040402AABB, PST-3005",
        "primitive sequence, 1000, PST-3005",
        "end of contents, 0000, PST-3005",
        "bytes left over, 050005, PST-3004",
        "value past its container, 3003040300, PST-3001",
    })
    void refusesEverythingButStrictDer(String what, String der, String code) {
        assertThatThrownBy(() -> codec.decodeDer(Bytes.ofHex(der)))
                .isInstanceOfSatisfying(
                        GbcsRefusal.class, e -> assertThat(e.fault().code()).isEqualTo(code));
    }

    @Test
    void refusesWrongGbzControlBitsAndCounts() {
        byte[] message = TestVectors.bytes("gbz-command-from-date");
        int content = codec.decode(message).contentOffset();
        assertRefused(message, content + 2, 0, "at least one component");
        assertRefused(message, content + 2, 1, "the last component, and no other, has control bit 01");
        assertRefused(message, content + 3, 0x11, "the last component, and no other, has control bit 01");
        assertRefused(message, content + 3, 0x14, "control byte has no bits but 01, 02 and 10");
        assertRefused(message, content + 3, 0x12, "additional control is 00");
    }

    private void assertRefused(byte[] message, int at, int value, String rule) {
        byte[] changed = message.clone();
        changed[at] = (byte) value;
        assertThatThrownBy(() -> codec.decode(changed))
                .isInstanceOfSatisfying(
                        GbcsRefusal.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    @Test
    void refusesEveryWrapperExceptThePermittedOne() {
        byte[] message = TestVectors.bytes("dlms-command-ecs17b");
        for (int at = 1; at <= 6; at++) {
            assertRefusedAt(message, at, 1);
        }
        int security = 9;
        assertThat(message[security]).isEqualTo((byte) 0x11);
        assertRefusedAt(message, security, 0x31);
        assertRefusedAt(message, security + 4, 1);
        assertRefusedAt(message, security + 5, 0xDE);
        byte[] longer = Arrays.copyOf(message, message.length + 1);
        assertThatThrownBy(() -> codec.decode(longer)).hasMessageContaining("the wrapper ends with the message");
    }

    private void assertRefusedAt(byte[] message, int at, int value) {
        byte[] changed = message.clone();
        changed[at] = (byte) value;
        assertThatThrownBy(() -> codec.decode(changed)).isInstanceOf(GbcsRefusal.class);
    }

    @Test
    void refusesWrongSignatureFields() {
        assertThatThrownBy(() -> codec.decode(hex(INNER + CONTENT + "00")))
                .hasMessageContaining("without MAC wrapper is signed");
        assertThatThrownBy(() -> codec.decode(hex(INNER + CONTENT + "41"))).hasMessageContaining("00 or 40");
        assertThatThrownBy(() -> codec.decode(hex(INNER + CONTENT + "40" + "00".repeat(63))))
                .isInstanceOf(GbcsRefusal.class);
        assertThatThrownBy(() -> codec.decode(hex(INNER + CONTENT + "40" + "00".repeat(65))))
                .hasMessageContaining("left over");
        byte[] response = TestVectors.bytes("dlms-response-ecs38");
        byte[] bare = Arrays.copyOf(response, response.length - 65);
        assertThatThrownBy(() -> codec.decode(bare)).hasMessageContaining("only a Pre-Command");
    }

    @Test
    void refusesFamiliesInTheWrongDirection() {
        byte[] request = hex(INNER + CONTENT);
        request[2] = 2;
        byte[] signed = Arrays.copyOf(request, request.length + 65);
        signed[request.length] = 0x40;
        assertThatThrownBy(() -> codec.decode(signed)).hasMessageContaining("of this CRA flag begins with DA");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "5", "40"})
    void refusesTruncatedMessages(int length) {
        byte[] cut = Arrays.copyOf(TestVectors.bytes("dlms-command-ecs17b"), length);
        assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(GbcsRefusal.class);
    }

    @Test
    void refusesACertificateFieldWithOtherContent() {
        byte[] message = hex("DF 09 01 00000000000003E9 08 0A11000000000001 08 0A22000000000001 00 1C 004B"
                + "0A11000000000009 0000000000000001 3008 0203010203 020101 15" + CONTENT);
        assertThatThrownBy(() -> codec.decode(message)).hasMessageContaining("one X.509 certificate");
    }
}
