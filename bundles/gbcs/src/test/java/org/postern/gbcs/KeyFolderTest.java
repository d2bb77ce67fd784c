package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;

class KeyFolderTest {

    private static final Eui64 PARTY = Eui64.parse("0A11000000000001");
    private final EcProvider ec = EcProvider.fastest();

    @Test
    void returnsEmptyForAMissingFileAndRefusesAnUnreadableOne(@TempDir Path folder) throws IOException {
        KeyFolder keys = new KeyFolder(folder, ec, new GbcsCrypto(ec));
        assertThat(keys.certificate(PARTY, KeyUse.KEY_AGREEMENT)).isEmpty();
        assertThat(keys.privateKey(PARTY, KeyUse.PREPAYMENT)).isEmpty();
        Files.writeString(folder.resolve("0a11000000000001-ds.pem"), "no certificate");
        Files.writeString(folder.resolve("0a11000000000001-ds.key"), "no key");
        assertThatThrownBy(() -> keys.certificate(PARTY, KeyUse.DIGITAL_SIGNATURE))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-3070");
        assertThatThrownBy(() -> keys.privateKey(PARTY, KeyUse.DIGITAL_SIGNATURE))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-3071");
    }

    @Test
    void agreesTheSameSecretFromBothSides() {
        KeyFolder keys = TestVectors.open().keys();
        byte[] one = keys.agree(
                        PARTY,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(TestVectors.ESME, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        byte[] other = keys.agree(
                        TestVectors.ESME,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(PARTY, KeyUse.KEY_AGREEMENT).orElseThrow())
                .orElseThrow();
        assertThat(one).hasSize(GbcsCrypto.SECRET_LENGTH).isEqualTo(other);
        assertThat(keys.agree(
                        TestVectors.GPF,
                        KeyUse.KEY_AGREEMENT,
                        keys.certificate(PARTY, KeyUse.KEY_AGREEMENT).orElseThrow()))
                .isEmpty();
    }
}
