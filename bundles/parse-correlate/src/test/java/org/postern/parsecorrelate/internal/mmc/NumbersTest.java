package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;

/** Numbers that are read without a BigInteger are the same as with one. */
class NumbersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "7F",
                "80",
                "FF",
                "0080",
                "FF7F",
                "FFFFFF",
                "000080",
                "FFFFFFFF",
                "00000080",
                "FFFFFFFFFFFF",
                "FFFFFFFFFFFFFF7F",
                "0000000000000080",
                "FFFFFFFFFFFFFFFF",
                "0102030405060788"
            })
    void littleEndianNumbersAreThoseOfTheirBytes(String hex) {
        Bytes bytes = Bytes.ofHex(hex);
        byte[] big = new byte[bytes.length()];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) bytes.at(big.length - 1 - i);
        }

        same(GbzSource.number(bytes, true), new BigInteger(big));
        same(GbzSource.number(bytes, false), new BigInteger(1, big));
        assertThat(GbzSource.number(bytes, false).bytes()).isEqualTo(Bytes.of(big));
        assertThat(GbzSource.number(bytes, true).bytes()).isEqualTo(Bytes.of(big));
    }

    @Test
    void anUnsignedDlmsNumberBeyondALongIsWhole() {
        BigInteger most = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

        same(new DlmsSource(new DlmsData.Whole(DlmsTag.UINT64, -1)), most);
        same(new DlmsSource(new DlmsData.Whole(DlmsTag.UINT64, Long.MAX_VALUE)), BigInteger.valueOf(Long.MAX_VALUE));
        same(new DlmsSource(new DlmsData.Whole(DlmsTag.INT64, -1)), BigInteger.ONE.negate());
        same(new DlmsSource(new DlmsData.Bool(0xFF)), BigInteger.ONE);
    }

    private static void same(Source source, BigInteger number) {
        assertThat(source.number()).isEqualTo(number);
        assertThat(source.whole()).isEqualTo(number.longValue());
        assertThat(source.isLong()).isEqualTo(number.bitLength() < Long.SIZE);
        assertThat(Conversions.digits(source)).isEqualTo(number.toString());
        if (number.bitLength() < Integer.SIZE) {
            assertThat(source.small()).isEqualTo(number.intValue());
        } else {
            assertThatThrownBy(source::small).isInstanceOf(UnexpectedValueException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,16,true",
        "16,1,16,true",
        "0,1,16,false",
        "17,1,16,false",
        "-1,0,100,false",
        "-1,0,99999999999999999999,false",
        "5,0,99999999999999999999,true"
    })
    void boundsAreKeptWhateverTheirLength(long number, String least, String greatest, boolean inside) {
        Source source = new Source.Num(number, Long.BYTES);
        if (inside) {
            assertThat(new Bounds(new BigInteger(least), new BigInteger(greatest)).digits(source))
                    .isEqualTo(Long.toString(number));
        } else {
            assertThatThrownBy(() -> new Bounds(new BigInteger(least), new BigInteger(greatest)).digits(source))
                    .isInstanceOf(UnexpectedValueException.class)
                    .hasMessage("the value " + number + " is out of range");
        }
    }

    @Test
    void aNumberBeyondALongIsOutOfBoundsThatALongHas() {
        Source beyond = new Source.Unsigned(-1);

        assertThatThrownBy(() -> Bounds.of(-5, 100).digits(beyond))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessage("the value 18446744073709551615 is out of range");
        assertThat(Bounds.NONE.digits(beyond)).isEqualTo("18446744073709551615");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "0999-12-31T23:59:59Z",
                "2000-02-29T09:08:07Z",
                "2026-11-30T10:20:30Z",
                "9999-12-31T23:59:59Z",
                "-0001-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "2026-11-30T10:20:30.500Z"
            })
    void instantsAreWrittenAsTheirOwnTextIs(String text) {
        assertThat(Digits.instant(Instant.parse(text))).isEqualTo(text);
    }

    @Test
    void namesOfAttributesAndCommandsAreThoseOfTheTables() {
        assertThat(Digits.attribute(0x0702, 0xC4F0)).isEqualTo("0702/C4F0");
        assertThat(Digits.command(0x0B, 0xA6)).isEqualTo("000B:A6");
    }

    @Test
    void wordsOfSmallAndGreatCodesComeFromOneTable() {
        Tables tables = Tables.load();

        tables.table("cluster")
                .forEach((code, word) ->
                        assertThat(tables.word("cluster", Long.parseLong(code))).isEqualTo(word));
        tables.table("zcl-status")
                .forEach((code, word) -> assertThat(tables.word("zcl-status", Long.parseLong(code)))
                        .isEqualTo(word));
        tables.table("alert")
                .forEach((code, name) ->
                        assertThat(tables.alert(Integer.parseInt(code, 16))).isEqualTo(name));
        assertThat(tables.word("cluster", -1)).isNull();
        assertThat(tables.word("no such table", 1)).isNull();
        assertThat(tables.word("no such table", 1000)).isNull();
        assertThat(tables.alert(0)).isNull();
    }
}
