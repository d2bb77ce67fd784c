package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class JsonNumberTest {

    // a reader that uses doubles has to receive every digit
    @Test
    void aNumberThatADoubleCannotHoldIsAString() {
        assertThat(JsonNumber.json(9_007_199_254_740_991L)).isEqualTo("9007199254740991");
        assertThat(JsonNumber.json(-9_007_199_254_740_991L)).isEqualTo("-9007199254740991");
        assertThat(JsonNumber.json(9_007_199_254_740_992L)).isEqualTo("\"9007199254740992\"");
        assertThat(JsonNumber.json(Long.MIN_VALUE)).isEqualTo("\"-9223372036854775808\"");
        assertThat(JsonNumber.json(new BigInteger("18446744073709551615"))).isEqualTo("\"18446744073709551615\"");
        assertThat(JsonNumber.json(new BigDecimal("9007199254740993.5"))).isEqualTo("\"9007199254740993.5\"");
        assertThat(JsonNumber.json(7)).isEqualTo("7");
        assertThat(JsonNumber.json(0.25)).isEqualTo("0.25");
        assertThat(JsonNumber.json(Double.NaN)).isEqualTo("\"NaN\"");
    }
}
