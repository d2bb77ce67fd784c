package org.postern.ecprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EcProviderTest {

    private static final byte[] INPUT = "a message".getBytes(StandardCharsets.UTF_8);

    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @EnumSource
    void everyProviderMakesSignaturesThatTheJdkVerifies(EcProvider.Kind kind) throws Exception {
        EcProvider provider = EcProvider.of(kind);
        KeyPair pair = pair("secp256r1");
        byte[] framed = ("xx" + "a message" + "yyy").getBytes(StandardCharsets.UTF_8);
        // many rounds, so that short r and s (with leading zero bytes) occur
        for (int i = 0; i < 300; i++) {
            byte[] value = provider.sign(provider.privateKey(pair.getPrivate().getEncoded()), framed, 2, INPUT.length);
            Signature jdk = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
            jdk.initVerify(pair.getPublic());
            jdk.update(INPUT);
            assertThat(value).hasSize(64);
            assertThat(jdk.verify(value)).isTrue();
            assertThat(provider.verify(
                            provider.publicKey(pair.getPublic().getEncoded()), value, framed, 2, INPUT.length))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangedSignatureOrInputIsFalseAndNeverAnException(EcProvider.Kind kind) throws Exception {
        EcProvider provider = EcProvider.of(kind);
        KeyPair pair = pair("secp256r1");
        var pub = provider.publicKey(pair.getPublic().getEncoded());
        byte[] value = provider.sign(provider.privateKey(pair.getPrivate().getEncoded()), INPUT);
        byte[] other = INPUT.clone();
        other[0]++;
        assertThat(provider.verify(pub, value, other)).isFalse();
        assertThat(provider.verify(pub, new byte[64], INPUT)).isFalse();
        assertThat(provider.verify(pub, Arrays.copyOf(value, 63), INPUT)).isFalse();
        assertThat(provider.verify(pub, Arrays.copyOf(value, 65), INPUT)).isFalse();
        assertThat(provider.verify(pub, null, INPUT)).isFalse();
        byte[] ones = new byte[64];
        Arrays.fill(ones, (byte) 0xFF);
        assertThat(provider.verify(pub, ones, INPUT)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesOfAnAgreementGetTheSameValueWhicheverProviderTheyUse(EcProvider.Kind kind) throws Exception {
        EcProvider provider = EcProvider.of(kind);
        EcProvider reference = EcProvider.of(EcProvider.Kind.SUN_EC);
        KeyPair a = pair("secp256r1");
        KeyPair b = pair("secp256r1");
        byte[] here = provider.agree(
                provider.privateKey(a.getPrivate().getEncoded()),
                provider.publicKey(b.getPublic().getEncoded()));
        byte[] there = reference.agree(
                reference.privateKey(b.getPrivate().getEncoded()),
                reference.publicKey(a.getPublic().getEncoded()));
        assertThat(here).hasSize(32).isEqualTo(there);
    }

    @ParameterizedTest
    @EnumSource
    void keysOfAnotherCurveAndInvalidBytesAreRefusedAsBadKeys(EcProvider.Kind kind) throws Exception {
        EcProvider provider = EcProvider.of(kind);
        KeyPair p384 = pair("secp384r1");
        byte[] offCurve = pair("secp256r1").getPublic().getEncoded();
        offCurve[offCurve.length - 1] ^= 1;
        for (byte[] bytes : new byte[][] {p384.getPublic().getEncoded(), offCurve, new byte[0], new byte[91], INPUT}) {
            assertThat(catchThrowableOfType(EcException.class, () -> provider.publicKey(bytes))
                            .kind())
                    .isEqualTo(EcException.Kind.BAD_KEY);
        }
        assertThatThrownBy(() -> provider.privateKey(p384.getPrivate().getEncoded()))
                .isInstanceOf(EcException.class);
        assertThatThrownBy(() -> provider.privateKey(INPUT)).isInstanceOf(EcException.class);
    }

    @Test
    void selectingAProviderDoesNotRegisterIt() {
        Provider[] before = Security.getProviders();
        EcProvider provider = EcProvider.fastest();
        assertThat(Security.getProviders()).isEqualTo(before);
        assertThat(provider.signMicroseconds()).isPositive();
        assertThat(provider.description()).isNotBlank();
    }
}
