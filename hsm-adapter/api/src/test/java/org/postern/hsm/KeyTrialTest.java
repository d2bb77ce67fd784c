package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.hsm.KeyVaultException.Kind;

class KeyTrialTest {

    private final KeyTrial trial = new KeyTrial(TestKey.EC);

    private KeyVaultException refusal(TestKey key) {
        return catchThrowableOfType(
                KeyVaultException.class,
                () -> trial.run(key.binding.alias(), key.binding.purpose(), key.certificate, key));
    }

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void theKeyOfItsCertificatePassesAndIsUsedOnce(KeyPurpose purpose) {
        TestKey key = TestKey.of("k", purpose);
        assertThat(refusal(key)).isNull();
        assertThat(key.operations).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void aWrongResultIsAMismatchThatStatesAliasAndCertificate(KeyPurpose purpose) {
        TestKey key = TestKey.of("k", purpose);
        key.change = bytes -> {
            bytes[5] ^= 1;
            return bytes;
        };
        KeyVaultException wrong = refusal(key);
        assertThat(wrong.kind()).isEqualTo(Kind.KEY_MISMATCH);
        assertThat(wrong.fault().field()).isEqualTo("k");
        assertThat(wrong.fault().cause()).contains("serial 4711", "CN=Some Issuing Authority");
        key.change = bytes -> Arrays.copyOf(bytes, bytes.length - 1);
        assertThat(refusal(key).kind()).isEqualTo(Kind.KEY_MISMATCH);
        key.change = bytes -> Arrays.copyOf(bytes, bytes.length + 1);
        assertThat(refusal(key).kind()).isEqualTo(Kind.KEY_MISMATCH);
    }

    @Test
    void theValueThatWasAgreedForTheTrialIsWiped() {
        TestKey key = TestKey.of("k", KeyPurpose.KEY_AGREEMENT);
        refusal(key);
        assertThat(key.given).hasSize(32).containsOnly(0);
    }

    @Test
    void aTokenThatFailsIsNotAMismatch() {
        TestKey key = TestKey.of("k", KeyPurpose.KEY_AGREEMENT);
        key.failure = new KeyVaultException(Kind.TOKEN_OFFLINE, "token", "rule", "cause", "action");
        assertThat(refusal(key)).isSameAs(key.failure);
    }

    @ParameterizedTest
    @EnumSource(KeyPurpose.class)
    void aCertificateOnAnotherCurveIsABadSetting(KeyPurpose purpose) {
        TestKey right = TestKey.of("k", purpose);
        TestKey other = TestKey.of("k", purpose, "secp384r1", "CN=I", TestKey.ANY_USE, TestKey.SUPPLIER);
        assertThat(catchThrowableOfType(
                                KeyVaultException.class, () -> trial.run("k", purpose, other.certificate, right))
                        .kind())
                .isEqualTo(Kind.BAD_SETTING);
    }

    @Test
    void aWrongAgreedValueIsWipedAsWell() {
        TestKey key = TestKey.of("k", KeyPurpose.KEY_AGREEMENT);
        key.change = bytes -> {
            bytes[5] ^= 1;
            return bytes;
        };
        assertThat(refusal(key).kind()).isEqualTo(Kind.KEY_MISMATCH);
        assertThat(key.given).hasSize(32).containsOnly(0);
    }

    @Test
    void noTwoTrialsSignTheSameInput() {
        TestKey key = TestKey.of("k", KeyPurpose.XML_SIGNING);
        List<String> inputs = new ArrayList<>();
        AbstractKeyVault.RawKey recording = new AbstractKeyVault.RawKey() {
            @Override
            public byte[] sign(byte[] input, int offset, int length) {
                inputs.add(new String(input, offset, length, StandardCharsets.UTF_8));
                return key.sign(input, offset, length);
            }

            @Override
            public byte[] agree(PublicKey peer) {
                throw new IllegalStateException("a signing key");
            }
        };
        trial.run("k", KeyPurpose.XML_SIGNING, key.certificate, recording);
        trial.run("k", KeyPurpose.XML_SIGNING, key.certificate, recording);
        assertThat(inputs).hasSize(2).doesNotHaveDuplicates();
    }
}
