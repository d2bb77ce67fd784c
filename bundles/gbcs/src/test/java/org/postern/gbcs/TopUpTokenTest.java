package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.Rtds;

class TopUpTokenTest {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    // independently computed vectors, the first nineteen digits
    @ParameterizedTest
    @CsvSource({
        "1, POUNDS, 100, 7394333345718904331",
        "4, PENCE, 1234, 7394725241674520163",
        "1, POUNDS, 8191, 7394368095646343255"
    })
    void isTheTokenOfTheReferenceKeys(long high, TopUpToken.Unit unit, int value, String nineteen) {
        Rtds rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(rtds.keystore(), ec, crypto);
        byte[] z = keys.agree(
                        SUPPLIER,
                        KeyUse.PREPAYMENT,
                        keys.certificate(METER, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        TopUpToken token = TopUpToken.make(crypto, z, SUPPLIER, METER, high << 32, unit, value);
        assertThat(token.digits()).hasSize(20).startsWith(nineteen);
        assertThat(token.value()).isEqualTo(value);
        assertThat(token.unit()).isEqualTo(unit);
        assertThat(token.counterBits()).isEqualTo((int) high);
        assertThat(token.mayBelongTo(high << 32)).isTrue();
        assertThat(token.mayBelongTo(high + 1 << 32)).isFalse();
        assertThat(token.toString()).doesNotContain(nineteen);
    }

    /** The tokens in the reference top-up commands result from the header and the value of the command. */
    @ParameterizedTest
    @CsvSource({"2.2_CS01a", "2.2_CS01b"})
    void theTokensOfTheReferenceCommandsAreReproduced(String folder) {
        Rtds rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(rtds.keystore(), ec, crypto);
        Path file = rtds.messages(folder).stream()
                .filter(f -> f.toString().contains("_SUCCESS_COMMAND_"))
                .findFirst()
                .orElseThrow();
        byte[] message = Rtds.hex(file);
        int at = 0;
        while (message[at] != (byte) 0xDF) {
            at++;
        }
        // counter at 3, originator at 12, target at 21
        long counter = Eui64.of(message, at + 3).value();
        Eui64 supplier = Eui64.of(message, at + 12);
        Eui64 meter = Eui64.of(message, at + 21);
        Matcher digits = Pattern.compile("[0-9]{20}").matcher(new String(message, StandardCharsets.ISO_8859_1));
        assertThat(digits.find()).isTrue();
        TopUpToken given = new TopUpToken(digits.group());
        assertThat(given.mayBelongTo(counter)).isTrue();
        byte[] z = keys.agree(
                        supplier,
                        KeyUse.PREPAYMENT,
                        keys.certificate(meter, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        assertThat(TopUpToken.make(crypto, z, supplier, meter, counter, given.unit(), given.value()))
                .isEqualTo(given);
    }

    @Test
    void theInvalidReferenceTokenIsRefusedByItsCheckDigit() {
        Path file = Rtds.required().messages("2.2_CS01b").stream()
                .filter(f -> f.toString().contains("_ERROR_COMMAND_"))
                .findFirst()
                .orElseThrow();
        Matcher digits = Pattern.compile("[0-9]{20}").matcher(new String(Rtds.hex(file), StandardCharsets.ISO_8859_1));
        assertThat(digits.find()).isTrue();
        assertThatThrownBy(() -> new TopUpToken(digits.group())).hasMessageContaining("PST-3060");
    }

    /** Nineteen digits can represent more than the 57 bits of a token. */
    @ParameterizedTest
    @CsvSource({"7394156990786306047", "0000000000000000000", "7538272178862161920", "9999999999999999999"})
    void refusesNumbersThatDoNotRepresentAToken(String nineteen) {
        assertThatThrownBy(() -> new TopUpToken(nineteen + TopUpToken.checkDigit(nineteen)))
                .hasMessageContaining("PST-3063");
    }

    /** The check digit detects every single wrong digit and every swap of adjacent digits, as a dihedral check does. */
    @Test
    void theCheckDigitDetectsWrongDigitsAndSwaps() {
        String nineteen = "7394156990786306049";
        String token = nineteen + TopUpToken.checkDigit(nineteen);
        assertThat(TopUpToken.wellFormed(token)).isTrue();
        for (int i = 0; i < 20; i++) {
            for (char c = '0'; c <= '9'; c++) {
                String other = token.substring(0, i) + c + token.substring(i + 1);
                assertThat(TopUpToken.wellFormed(other)).isEqualTo(c == token.charAt(i));
            }
            if (i < 19 && token.charAt(i) != token.charAt(i + 1)) {
                String swapped = token.substring(0, i) + token.charAt(i + 1) + token.charAt(i) + token.substring(i + 2);
                assertThat(TopUpToken.wellFormed(swapped)).as("swap at %d", i).isFalse();
            }
        }
        assertThatThrownBy(() -> new TopUpToken(token.substring(1)))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-3060");
        assertThat(TopUpToken.wellFormed("7394156990786306049x")).isFalse();
    }

    @Test
    void refusesAnUndefinedValueClass() {
        // class 2 at bit 45 above the offset
        String nineteen = Long.toUnsignedString(7394156990786306048L + (2L << 45));
        TopUpToken token = new TopUpToken(nineteen + TopUpToken.checkDigit(nineteen));
        assertThatThrownBy(token::unit).hasMessageContaining("PST-3062");
    }

    @Test
    void refusesValuesOfMoreThanThirteenBits() {
        GbcsCrypto crypto = new GbcsCrypto(EcProvider.fastest());
        assertThatThrownBy(() ->
                        TopUpToken.make(crypto, new byte[32], SUPPLIER, METER, 1L << 32, TopUpToken.Unit.PENCE, 8192))
                .hasMessageContaining("PST-3061");
    }
}
