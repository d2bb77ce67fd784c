package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Sha256;
import org.postern.hsm.KeyVaultException.Kind;

class ProductionRuleTest {

    private static TestKey issuedBy(String issuer) {
        return TestKey.of("k", KeyPurpose.XML_SIGNING, "secp256r1", issuer, TestKey.ANY_USE, TestKey.SUPPLIER);
    }

    private static Kind refusal(ProductionRule rule, TestKey key) {
        KeyVaultException refused =
                catchThrowableOfType(KeyVaultException.class, () -> rule.check("k", key.certificate));
        return refused == null ? null : refused.kind();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OU=07,CN=Z1", "CN=Z1,OU=07", "CN=E357", "CN=x,OU=postern throwaway PKI"})
    void keysOfKnownTestIssuersAreRefusedInProductionOnly(String issuer) {
        TestKey key = issuedBy(issuer);
        assertThat(refusal(new ProductionRule(true), key)).isEqualTo(Kind.NOT_FOR_PRODUCTION);
        assertThat(refusal(new ProductionRule(false), key)).isNull();
    }

    @Test
    void furtherTestIssuersAreConfiguredByTheirDigestInAnyCommonNotation() {
        TestKey key = issuedBy("CN=UIT Issuing");
        String digest = Sha256.hex(key.certificate.getIssuerX500Principal().getEncoded());
        String colons = HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(HexFormat.of().parseHex(digest));
        assertThat(refusal(new ProductionRule(true), key)).isNull();
        assertThat(refusal(new ProductionRule(true, "ab".repeat(32), ""), key)).isNull();
        for (String written : new String[] {digest, colons, " " + digest + " "}) {
            assertThat(refusal(new ProductionRule(true, "", written), key)).isEqualTo(Kind.NOT_FOR_PRODUCTION);
        }
    }

    @Test
    void itStatesWhetherItApplies() {
        assertThat(new ProductionRule(true).production()).isTrue();
        assertThat(new ProductionRule(false).production()).isFalse();
    }
}
