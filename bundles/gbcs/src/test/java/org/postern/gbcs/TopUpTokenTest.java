package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    // the vectors of facts 2.5, first nineteen digits
    @ParameterizedTest
    @CsvSource({"1, POUNDS, 100, 7394333345718904331", "4, PENCE, 1234, 7394725241674520163", "1, POUNDS, 8191, 7394368095646343255"})
    void isTheOneOfTheReferenceKeys(long high, TopUpToken.Unit unit, int value, String nineteen) {
        Rtds rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(rtds.keystore(), ec, crypto);
        byte[] z = keys.agree(SUPPLIER, KeyUse.PREPAYMENT, keys.certificate(METER, KeyUse.KEY_AGREEMENT).orElseThrow()).orElseThrow();
        TopUpToken token = TopUpToken.make(crypto, z, SUPPLIER, METER, high << 32, unit, value);
        assertThat(token.digits()).hasSize(20).startsWith(nineteen);
        assertThat(token.value()).isEqualTo(value);
        assertThat(token.unit()).isEqualTo(unit);
        assertThat(token.toString()).doesNotContain(nineteen);
    }

    /** The check digit finds every single wrong digit and every swap of neighbours, as a dihedral check does. */
    @Test
    void theCheckDigitFindsWrongDigitsAndSwaps() {
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
        assertThatThrownBy(() -> new TopUpToken(token.substring(1))).isInstanceOf(PosternException.class).hasMessageContaining("PST-3060");
        assertThat(TopUpToken.wellFormed("7394156990786306049x")).isFalse();
    }

    @Test
    void refusesAValueClassThatHasNoMeaning() {
        // class 2 at bit 45 above the offset of facts 2.5
        String nineteen = Long.toUnsignedString(7394156990786306048L + (2L << 45));
        TopUpToken token = new TopUpToken(nineteen + TopUpToken.checkDigit(nineteen));
        assertThatThrownBy(token::unit).hasMessageContaining("PST-3062");
    }

    @Test
    void refusesValuesOfMoreThanThirteenBits() {
        GbcsCrypto crypto = new GbcsCrypto(EcProvider.fastest());
        assertThatThrownBy(() -> TopUpToken.make(crypto, new byte[32], SUPPLIER, METER, 1L << 32, TopUpToken.Unit.PENCE, 8192))
                .hasMessageContaining("PST-3061");
    }
}
