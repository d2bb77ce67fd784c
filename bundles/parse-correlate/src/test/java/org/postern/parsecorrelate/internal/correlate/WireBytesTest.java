package org.postern.parsecorrelate.internal.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.parsecorrelate.internal.correlate.Alignment.Pair;
import org.postern.parsecorrelate.internal.correlate.WireNode.Cursor;
import org.postern.parsecorrelate.internal.correlate.WireNode.Unreadable;

/** How received bytes are taken apart, and set against the expected ones. */
class WireBytesTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static Cursor cursor(String text) {
        byte[] bytes = hex(text);
        return new Cursor(bytes, 0, bytes.length);
    }

    private static boolean unreadableDlms(String text) {
        return catchThrowableOfType(Unreadable.class, () -> WireNode.dlms(cursor(text))) != null;
    }

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "03 01, 1",
        "0F 01, 1",
        "11 01, 1",
        "16 01, 1",
        "10 0102, 2",
        "12 0102, 2",
        "05 01020304, 4",
        "06 01020304, 4",
        "14 0102030405060708, 8",
        "15 0102030405060708, 8"
    })
    void aValueOfFixedLengthIsReadWhole(String text, int length) throws Exception {
        Cursor cursor = cursor(text + "FF");
        WireNode node = WireNode.dlms(cursor);
        assertThat(node.tag()).isEqualTo(hex(text)[0]);
        assertThat(node.value()).hasSize(length).isEqualTo(Arrays.copyOfRange(hex(text), 1, 1 + length));
        assertThat(node.children()).isNull();
        assertThat(node.raw()).isEqualTo(hex(text));
        assertThat(cursor.left()).isEqualTo(1);
        if (length > 0) {
            assertThat(unreadableDlms(text.substring(0, text.length() - 2))).isTrue();
        }
    }

    @Test
    void aBitStringHasItsBitCountAndAsManyBytesAsHoldThem() throws Exception {
        for (String text : List.of("04 00", "04 01 80", "04 08 FF", "04 09 FF80", "04 10 FFFF")) {
            WireNode node = WireNode.dlms(cursor(text));
            assertThat(node.raw()).isEqualTo(hex(text));
            assertThat(node.value()).isEqualTo(Arrays.copyOfRange(hex(text), 1, hex(text).length));
        }
        assertThat(unreadableDlms("04 09 FF")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"09", "0A", "0C"})
    void aStringHasItsLength(String tag) throws Exception {
        assertThat(WireNode.dlms(cursor(tag + "00")).value()).isEmpty();
        assertThat(WireNode.dlms(cursor(tag + "02 0102")).value()).isEqualTo(hex("0102"));
        assertThat(unreadableDlms(tag + "02 01")).isTrue();
    }

    @Test
    void anArrayOrStructureHasItsElementsInOrder() throws Exception {
        for (String tag : List.of("01", "02")) {
            WireNode node = WireNode.dlms(cursor(tag + "02 1101 120102"));
            assertThat(node.children()).hasSize(2);
            assertThat(node.children().get(0).value()).isEqualTo(hex("01"));
            assertThat(node.children().get(1).value()).isEqualTo(hex("0102"));
            assertThat(node.raw()).isEqualTo(hex(tag + "02 1101 120102"));
            assertThat(node.value()).isEmpty();
            assertThat(WireNode.dlms(cursor(tag + "00")).children()).isEmpty();
            assertThat(WireNode.dlms(cursor(tag + "01 00")).children()).hasSize(1);
            assertThat(unreadableDlms(tag + "02 00"))
                    .as("more elements than bytes")
                    .isTrue();
        }
        assertThat(unreadableDlms("1B 01")).as("a type that no command has").isTrue();
        assertThat(unreadableDlms("")).isTrue();
    }

    @Test
    void nothingIsNestedDeeperThanTwentyFourLevels() throws Exception {
        assertThat(WireNode.dlms(cursor("0101".repeat(24) + "00")).children()).hasSize(1);
        assertThat(unreadableDlms("0101".repeat(25) + "00")).isTrue();
        assertThat(WireNode.der(cursor(der(24))).children()).hasSize(1);
        assertThat(catchThrowableOfType(Unreadable.class, () -> WireNode.der(cursor(der(25)))))
                .isNotNull();
    }

    private static String der(int levels) {
        String text = "0500";
        for (int i = 0; i < levels; i++) {
            text = "30" + HexFormat.of().toHexDigits((byte) (text.length() / 2)) + text;
        }
        return text;
    }

    @Test
    void aConstructedDerObjectHasItsPartsAndAPrimitiveOneItsContent() throws Exception {
        WireNode node = WireNode.der(cursor("30 05 0201 07 0500"));
        assertThat(node.tag()).isEqualTo(0x30);
        assertThat(node.children()).extracting(WireNode::tag).containsExactly(2, 5);
        assertThat(node.children().get(0).value()).isEqualTo(hex("07"));
        assertThat(node.children().get(0).raw()).isEqualTo(hex("020107"));
        assertThat(catchThrowableOfType(Unreadable.class, () -> WireNode.der(cursor("30 05 0201 07 05"))))
                .isNotNull();
        assertThat(catchThrowableOfType(Unreadable.class, () -> WireNode.der(cursor("30 02 0203 010203"))))
                .as("a part that ends after its whole")
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"00, 0", "7F, 127", "81 80, 128", "82 0100, 256", "83 000001, 1", "84 7FFFFFFF, 2147483647"})
    void aLengthIsReadInAnyWidthUpToFourBytes(String text, int length) throws Exception {
        assertThat(cursor(text).length()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "81", "85 0000000001", "84 80000000", "84 FFFFFFFF"})
    void aLengthThatCannotBeReadOrIsBeyondAnyMessageIsRefused(String text) {
        assertThat(catchThrowableOfType(Unreadable.class, () -> cursor(text).length()))
                .isNotNull();
    }

    @Test
    void aPlaceNeverGoesBeyondItsEnd() throws Exception {
        Cursor whole = new Cursor(hex("0102030405"), 1, 4);
        assertThat(whole.left()).isEqualTo(3);
        assertThat(whole.at()).isEqualTo(1);
        assertThat(catchThrowableOfType(Unreadable.class, () -> whole.next(4))).isNotNull();
        assertThat(catchThrowableOfType(Unreadable.class, () -> whole.next(-1))).isNotNull();
        assertThat(catchThrowableOfType(Unreadable.class, () -> whole.part(4))).isNotNull();
        Cursor part = whole.part(2);
        assertThat(part.next()).isEqualTo(2);
        assertThat(part.next(1)).isEqualTo(hex("03"));
        assertThat(part.left()).isZero();
        assertThat(catchThrowableOfType(Unreadable.class, part::next)).isNotNull();
        assertThat(whole.left()).isEqualTo(1);
        assertThat(whole.since(1)).isEqualTo(hex("0203"));
        assertThat(whole.next()).isEqualTo(4);
    }

    @Test
    void whatMatchesIsPairedInOrderAndTheRestStandsAlone() {
        assertThat(pairs("abc", "abc")).isEqualTo("00 11 22");
        assertThat(pairs("abc", "ac")).as("one is missing").isEqualTo("00 1- 21");
        assertThat(pairs("ac", "abc")).as("one was added").isEqualTo("00 -1 12");
        assertThat(pairs("abc", "xbc")).as("one was exchanged").isEqualTo("0- -0 11 22");
        assertThat(pairs("ab", "ba")).as("two were exchanged").isEqualTo("0- 10 -1");
        assertThat(pairs("", "ab")).isEqualTo("-0 -1");
        assertThat(pairs("ab", "")).isEqualTo("0- 1-");
        assertThat(pairs("abcd", "acbd")).as("the longest run").isEqualTo("00 1- 21 -2 33");
    }

    private static String pairs(String expected, String got) {
        StringBuilder text = new StringBuilder();
        for (Pair pair : Alignment.of(letters(expected), letters(got), String::equals)) {
            text.append(pair.expected() < 0 ? "-" : pair.expected()).append(pair.got() < 0 ? "-" : pair.got());
            text.append(' ');
        }
        return text.toString().trim();
    }

    private static List<String> letters(String text) {
        return text.chars().mapToObj(c -> String.valueOf((char) c)).toList();
    }

    @Test
    void aDifferenceLiesBetweenTheSharedBeginningAndEnd() {
        assertThat(Region.of(hex("0102030405"), hex("01020A0405"))).isEqualTo(new Region(2, 3, 3, true));
        assertThat(Region.of(hex("0102"), hex("0102"))).isEqualTo(new Region(2, 2, 2, true));
        assertThat(Region.of(hex("0102"), hex("01020304"))).isEqualTo(new Region(2, 2, 4, false));
        assertThat(Region.of(hex("01020304"), hex("0104"))).isEqualTo(new Region(1, 3, 1, false));
        assertThat(Region.of(hex("0101"), hex("01"))).isEqualTo(new Region(1, 2, 1, false));
    }

    @Test
    void aFieldIsTouchedWhereItSharesAByteWithTheDifference() {
        Region region = new Region(2, 4, 4, true);
        assertThat(region.touches(0, 2)).isFalse();
        assertThat(region.touches(0, 3)).isTrue();
        assertThat(region.touches(3, 9)).isTrue();
        assertThat(region.touches(4, 9)).isFalse();
        assertThat(region.onlyAdds()).isFalse();
        Region added = Region.of(hex("0102"), hex("01AABB02"));
        assertThat(added.onlyAdds()).isTrue();
        assertThat(added.added(hex("01AABB02"))).isEqualTo(hex("AABB"));
        assertThat(new Region(2, 2, 2, true).onlyAdds()).isFalse();
    }

    @Test
    void whatCameInPlaceOfAFieldIsCountedFromTheNearerEnd() {
        byte[] expected = hex("0102030405");
        byte[] shorter = hex("010405");
        Region cut = Region.of(expected, shorter);
        assertThat(cut.received(shorter, 0, 1)).isEqualTo(hex("01"));
        assertThat(cut.received(shorter, 1, 3)).isEmpty();
        assertThat(cut.received(shorter, 1, 5)).isEqualTo(hex("0405"));
        byte[] same = hex("01020A0405");
        assertThat(Region.of(expected, same).received(same, 2, 4)).isEqualTo(hex("0A04"));
        byte[] longer = hex("01020A0B0C0405");
        Region grown = Region.of(expected, longer);
        assertThat(grown.received(longer, 2, 3)).isEqualTo(hex("0A0B0C"));
        assertThat(grown.received(longer, 0, 5)).isEqualTo(longer);
    }

    @Test
    void theMessageCodeIsReadFromAPreCommandsHeaderOnly() {
        byte[] header = new byte[33];
        header[0] = (byte) 0xDF;
        header[31] = (byte) 0x80;
        header[32] = (byte) 0x4B;
        assertThat(Received.messageCode(header)).isEqualTo(0x804B);
        assertThat(Received.messageCode(Arrays.copyOf(header, 32))).isEqualTo(-1);
        byte[] wrapped = header.clone();
        wrapped[0] = (byte) 0xDD;
        assertThat(Received.messageCode(wrapped)).isEqualTo(-1);
        byte[] dated = header.clone();
        dated[29] = 12;
        assertThat(Received.messageCode(dated)).isEqualTo(-1);
    }

    @Test
    void aBuildTimeCountsFromTheYear2000WithItsLeastByteFirst() {
        assertThat(Received.time(hex("00000000"))).isEqualTo(Instant.parse("2000-01-01T00:00:00Z"));
        assertThat(Received.time(hex("80510100"))).isEqualTo(Instant.parse("2000-01-02T00:00:00Z"));
        assertThat(Received.time(hex("FFFFFFFF"))).isEqualTo(Instant.parse("2136-02-07T06:28:15Z"));
        assertThat(Received.readsBack(hex("DF09"))).isFalse();
    }
}
