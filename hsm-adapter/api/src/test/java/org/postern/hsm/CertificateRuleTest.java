package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyVaultException.Kind;

class CertificateRuleTest {

    private static KeyVaultException refusal(KeyPurpose purpose, int usage, Eui64 party) {
        TestKey key = TestKey.of("k", purpose, "secp256r1", "CN=I", usage, party);
        return catchThrowableOfType(KeyVaultException.class, () -> CertificateRule.check(key.binding, key.certificate));
    }

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void theKeyUsageAllowsThePurpose(KeyPurpose purpose) {
        int other = purpose.signing() ? KeyUsage.keyAgreement : KeyUsage.digitalSignature;
        assertThat(refusal(purpose, TestKey.usage(purpose), TestKey.SUPPLIER)).isNull();
        assertThat(refusal(purpose, other, TestKey.SUPPLIER).kind()).isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal(purpose, TestKey.ANY_USE, TestKey.SUPPLIER))
                .as("a certificate without that extension")
                .isNull();
    }

    @Test
    void thePartyOfTheCertificateIsTheConfiguredOne() {
        Eui64 other = Eui64.parse("90B3D51F30010001");
        KeyVaultException refused = refusal(KeyPurpose.XML_SIGNING, KeyUsage.digitalSignature, other);
        assertThat(refused.kind()).isEqualTo(Kind.BAD_SETTING);
        assertThat(refused.fault().rule()).contains(TestKey.SUPPLIER.toString());
        assertThat(refused.fault().cause()).contains(other.toString());
        assertThat(refusal(KeyPurpose.XML_SIGNING, KeyUsage.digitalSignature, null))
                .as("a certificate without a party")
                .isNull();
    }
}
