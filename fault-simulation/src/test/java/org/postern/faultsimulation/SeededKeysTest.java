package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.postern.ecprovider.EcProvider;

/** The same bytes each time, and such that others take them. */
class SeededKeysTest {

    private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);

    private final SeededKeys keys = new SeededKeys("one");

    @Test
    void keysAndSerialNumbersFollowFromSeedAndName() {
        assertThat(new SeededKeys("one").pair("a").getPrivate().getEncoded())
                .isEqualTo(keys.pair("a").getPrivate().getEncoded())
                .isNotEqualTo(keys.pair("b").getPrivate().getEncoded())
                .isNotEqualTo(new SeededKeys("two").pair("a").getPrivate().getEncoded());
        assertThat(keys.serial("a"))
                .isEqualTo(new SeededKeys("one").serial("a"))
                .isNotEqualTo(keys.serial("b"));
        assertThat(keys.serial("a").bitLength()).isEqualTo(127);
    }

    @Test
    void theJdkTakesTheirSignatures() throws Exception {
        KeyPair pair = keys.pair("a");
        Signature verifier = Signature.getInstance("SHA256withECDSA", "SunEC");
        verifier.initVerify(pair.getPublic());
        verifier.update(SAMPLE);
        assertThat(verifier.verify(keys.sign(pair.getPrivate(), SAMPLE))).isTrue();
    }

    /** RFC 6979, A.2.5: P-256, SHA-256, message "sample". */
    @Test
    void aSignatureIsThatOfTheStandard() {
        EcProvider ec = new RepeatableEc(EcProvider.of(EcProvider.Kind.SUN_EC));
        byte[] pkcs8 = HexFormat.of()
                .parseHex("304102010030" + "1306072a8648ce3d020106082a8648ce3d030107" + "042730250201010420"
                        + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        PrivateKey key = ec.privateKey(pkcs8);
        byte[] signature = ec.sign(key, SAMPLE);
        assertThat(new BigInteger(1, signature).toString(16))
                .isEqualTo("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
        byte[] again = ec.sign(key, SAMPLE);
        assertThat(again).as("who signs twice gets two signatures").isNotEqualTo(signature);
        byte[] point = ("3059301306072a8648ce3d020106082a8648ce3d030107034200"
                        + "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")
                .transform(HexFormat.of()::parseHex);
        assertThat(ec.verify(ec.publicKey(point), signature, SAMPLE)).isTrue();
        assertThat(ec.verify(ec.publicKey(point), again, SAMPLE)).isTrue();
    }
}
