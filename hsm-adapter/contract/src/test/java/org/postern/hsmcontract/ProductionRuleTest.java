package org.postern.hsmcontract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;

class ProductionRuleTest {

    private static ContractKey issuedBy(String issuer) {
        return ContractKey.of("k", KeyPurpose.XML_SIGNING, Eui64.parse("90B3D51F30010000"), issuer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OU=07,CN=Z1",
                "CN=Z1,OU=07",
                "CN=E357",
                "CN=Issuing,OU=Postern Throwaway PKI",
                "OU=postern throwaway pki,OU=07,CN=x"
            })
    void keysOfTestIssuersAreRefusedInProductionMode(String issuer) throws Exception {
        ContractKey key = issuedBy(issuer);
        new ProductionRule(false).check("k", key.certificate());
        assertThat(catchThrowableOfType(
                                KeyVaultException.class, () -> new ProductionRule(true).check("k", key.certificate()))
                        .kind())
                .isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }

    @Test
    void furtherTestIssuersCanBeConfigured() throws Exception {
        ContractKey key = issuedBy("CN=UIT Issuing");
        new ProductionRule(true).check("k", key.certificate());
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(key.certificate().getIssuerX500Principal().getEncoded()));
        assertThat(catchThrowableOfType(
                                KeyVaultException.class,
                                () -> new ProductionRule(true, digest).check("k", key.certificate()))
                        .kind())
                .isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }
}
