package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;

/** Bounds and refusals of what makes and checks MACs, protected objects, shared secrets and tokens. */
class AuthenticationRulesTest {

    private static final Eui64 DEVICE = TestVectors.ESME;
    private static final Eui64 PARTY = TestVectors.SUPPLIER;
    private static final Bytes PLAIN = Bytes.ofHex("0900");

    private final TestVectors vectors = TestVectors.open();
    private final GbcsCrypto crypto = vectors.crypto();
    private final byte[] z = secret();

    private byte[] secret() {
        return vectors.keys()
                .agree(PARTY, KeyUse.KEY_AGREEMENT, certificate(DEVICE))
                .orElseThrow();
    }

    private X509Certificate certificate(Eui64 party) {
        return vectors.keys().certificate(party, KeyUse.KEY_AGREEMENT).orElseThrow();
    }

    private Optional<Bytes> decrypt(byte[] object) {
        return crypto.decrypt(z, DEVICE, 7, PARTY, Bytes.of(object));
    }

    @Test
    void aProtectedObjectIsReadBackByItsPartiesForItsCounterOnly() {
        Bytes object = crypto.encrypt(z, DEVICE, 7, PARTY, PLAIN);
        assertThat(object.length()).isEqualTo(5 + PLAIN.length() + 12);
        assertThat(crypto.decrypt(z, DEVICE, 7, PARTY, object)).contains(PLAIN);
        assertThat(crypto.decrypt(z, DEVICE, 8, PARTY, object)).isEmpty();
        assertThat(crypto.decrypt(z, PARTY, 7, PARTY, object)).isEmpty();
        assertThat(crypto.decrypt(z, DEVICE, 7, DEVICE, object)).isEmpty();
        assertThat(crypto.decrypt(new byte[32], DEVICE, 7, PARTY, object)).isEmpty();
    }

    @Test
    void noByteOfAProtectedObjectMayDiffer() {
        byte[] object = crypto.encrypt(z, DEVICE, 7, PARTY, PLAIN).toArray();
        for (int i = 0; i < object.length; i++) {
            byte[] changed = object.clone();
            changed[i] ^= 1;
            assertThat(decrypt(changed)).as("byte %d", i).isEmpty();
        }
        assertThat(decrypt(Arrays.copyOf(object, object.length - 1))).isEmpty();
        assertThat(decrypt(new byte[0])).isEmpty();
    }

    @Test
    void aProtectedObjectHasItsSecurityHeaderAndRoomForATag() {
        byte[] shortest = new byte[17];
        shortest[0] = 0x31;
        assertThat(GbcsCrypto.isProtectedObject(Bytes.of(shortest))).isTrue();
        assertThat(GbcsCrypto.isProtectedObject(Bytes.of(Arrays.copyOf(shortest, 16))))
                .isFalse();
        for (int i = 0; i < 5; i++) {
            byte[] other = shortest.clone();
            other[i] ^= 1;
            assertThat(GbcsCrypto.isProtectedObject(Bytes.of(other)))
                    .as("byte %d", i)
                    .isFalse();
        }
        assertThat(crypto.decrypt(z, DEVICE, 7, PARTY, crypto.encrypt(z, DEVICE, 7, PARTY, Bytes.of(new byte[0]))))
                .as("an empty plain text")
                .contains(Bytes.of(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void aKeyIsDerivedFromASecretOfThirtyTwoBytes(int length) {
        assertThatThrownBy(() -> crypto.deriveKey(new byte[length], GbcsCrypto.Purpose.COMMAND_MAC, PARTY, 1, DEVICE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyDependsOnPurposePartiesAndCounter() {
        byte[] key = crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, PARTY, 1, DEVICE);
        assertThat(key).hasSize(16).isEqualTo(crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, PARTY, 1, DEVICE));
        for (byte[] other : List.of(
                crypto.deriveKey(z, GbcsCrypto.Purpose.RESPONSE_MAC, PARTY, 1, DEVICE),
                crypto.deriveKey(z, GbcsCrypto.Purpose.ALERT_MAC, PARTY, 1, DEVICE),
                crypto.deriveKey(z, GbcsCrypto.Purpose.ENCRYPTION, PARTY, 1, DEVICE),
                crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, PARTY, 2, DEVICE),
                crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, PARTY, 1L << 56, DEVICE),
                crypto.deriveKey(z, GbcsCrypto.Purpose.COMMAND_MAC, DEVICE, 1, PARTY))) {
            assertThat(other).isNotEqualTo(key);
        }
    }

    @Test
    void aMacIsMadeAndCheckedOnlyWhereThereIsOne() {
        GbcsMessage preCommand = TestVectors.message("dlms-precommand-ecs38");
        assertThatThrownBy(() -> crypto.mac(z, preCommand)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> crypto.macMatches(z, preCommand)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noByteOfAMacOrOfItsMessageMayDiffer() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs17b");
        byte[] mac = crypto.mac(z, message);
        assertThat(mac).hasSize(12).isEqualTo(message.mac().orElseThrow().toArray());
        assertThat(crypto.macMatches(z, message)).isTrue();
        for (int i = 0; i < mac.length; i++) {
            byte[] changed = mac.clone();
            changed[i] ^= 1;
            assertThat(crypto.macMatches(z, message.wrapped(changed)))
                    .as("byte %d", i)
                    .isFalse();
        }
        GbcsMessage other = GbcsMessage.unsigned(message.header().withMessageCode(0x0028), message.payload());
        assertThat(crypto.macMatches(z, other.wrapped(mac))).isFalse();
    }

    @Test
    void theMacBetweenTwoDevicesIsNotCheckedWithOurKeys() {
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            Check mac = vectors.authenticator(cache)
                    .authenticate(TestVectors.message("gbz-command-between-devices"))
                    .mac();
            assertThat(mac.verdict()).isEqualTo(Verdict.UNCHECKED);
            assertThat(mac.reason()).contains("two devices");
            assertThat(cache.size()).isZero();
        }
    }

    @Test
    void aCommandIsNotDecryptedAndAStrangersPartIsReportedWithItsReason() {
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            Decryptor decryptor = new Decryptor(crypto, new GbcsCodec(), vectors.keys(), cache);
            for (String name : List.of("dlms-command-ecs17b", "gbz-command-gcs13a", "dlms-precommand-ecs38")) {
                assertThat(decryptor.decrypt(TestVectors.message(name)).parts()).isEmpty();
            }
            for (String name :
                    List.of("dlms-response-ecs17b", "gbz-response-gcs13a", "dlms-alert-ecs68", "gbz-alert-gcs53")) {
                DecryptedMessage opened = decryptor.decrypt(TestVectors.message(name));
                assertThat(opened.parts()).as(name).hasSize(1);
                assertThat(opened.parts().get(0).status()).isEqualTo(DecryptedPart.Status.DECRYPTED);
            }
        }
    }

    @Test
    void aCacheWithoutCapacityHoldsNothingAndANegativeOneIsRefused() {
        assertThatThrownBy(() -> new SharedSecretCache(-1)).isInstanceOf(IllegalArgumentException.class);
        try (SharedSecretCache none = new SharedSecretCache(0)) {
            assertThat(agree(none, DEVICE)).isPresent();
            assertThat(none.size()).isZero();
        }
    }

    @Test
    void theSecretThatWasUsedLongestAgoGoesOutFirst() {
        try (SharedSecretCache cache = new SharedSecretCache(2)) {
            agree(cache, DEVICE);
            agree(cache, TestVectors.GPF);
            agree(cache, DEVICE);
            agree(cache, TestVectors.ACB);
            int before = agreements;
            agree(cache, DEVICE);
            assertThat(agreements).as("used lately, still held").isEqualTo(before);
            agree(cache, TestVectors.GPF);
            assertThat(agreements).as("agreed again").isEqualTo(before + 1);
            assertThat(cache.size()).isEqualTo(2);
        }
    }

    @Test
    void theValueThatIsLentIsWipedAlsoWhereItsUserThrows() {
        try (SharedSecretCache cache = new SharedSecretCache(2)) {
            for (int i = 0; i < 2; i++) {
                byte[][] lent = new byte[1][];
                assertThatThrownBy(() -> cache.with(
                                counting(), PARTY, KeyUse.KEY_AGREEMENT, DEVICE, certificate(DEVICE), secret -> {
                                    lent[0] = secret;
                                    assertThat(secret).isEqualTo(z);
                                    throw new IllegalStateException("the codec failed");
                                }))
                        .hasMessage("the codec failed");
                assertThat(lent[0]).containsOnly(0);
            }
            assertThat(agreements).isEqualTo(1);
        }
    }

    private int agreements;

    private PartyKeys counting() {
        return new PartyKeys() {
            @Override
            public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
                return Optional.empty();
            }

            @Override
            public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
                agreements++;
                return vectors.keys().agree(own, use, peer);
            }
        };
    }

    private Optional<Boolean> agree(SharedSecretCache cache, Eui64 peer) {
        return cache.with(counting(), PARTY, KeyUse.KEY_AGREEMENT, peer, certificate(peer), secret -> true);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "4, 1", "1, -1", "1, 65536"})
    void aHeaderOutsideItsBoundsIsRefused(int cra, int code) {
        assertThatThrownBy(() -> new GroupingHeader(cra, 1, PARTY, DEVICE, Optional.empty(), code, Supplement.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aResponseGoesBackUnderTheSameCounter() {
        GroupingHeader command =
                GroupingHeader.command(9, PARTY, DEVICE, 0xFFFF).withSupplement(Supplement.of(PARTY, 5));
        GroupingHeader response = command.response();
        assertThat(response)
                .isEqualTo(new GroupingHeader(2, 9, DEVICE, PARTY, Optional.empty(), 0xFFFF, Supplement.of(PARTY, 5)));
        assertThat(response.supplementaryParty()).contains(PARTY);
        assertThat(response.supplementaryCounter()).hasValue(5);
        assertThat(response.supplementaryOriginatorCounter()).isEmpty();
        assertThat(response.messageCodeHex()).isEqualTo("FFFF");
        assertThat(GroupingHeader.alert(9, DEVICE, PARTY, 0).cra()).isEqualTo(3);
        assertThat(GroupingHeader.alert(9, DEVICE, PARTY, 0).messageCodeHex()).isEqualTo("0000");
    }

    @Test
    void aTokenCarriesItsValueUnitAndTenBitsOfItsCounter() {
        for (TopUpToken.Unit unit : TopUpToken.Unit.values()) {
            for (int value : new int[] {0, 1, 8191}) {
                for (long counter : new long[] {1L << 32, 1023L << 32, 1024L << 32}) {
                    TopUpToken token = TopUpToken.make(crypto, z, PARTY, DEVICE, counter, unit, value);
                    assertThat(token.digits()).hasSize(20).containsOnlyDigits();
                    assertThat(token.value()).isEqualTo(value);
                    assertThat(token.unit()).isEqualTo(unit);
                    assertThat(token.counterBits()).isEqualTo((int) (counter >> 32) % 1024);
                    assertThat(token.mayBelongTo(counter)).isTrue();
                    assertThat(token.mayBelongTo(counter + (1024L << 32))).isTrue();
                    assertThat(token.mayBelongTo(counter + (1L << 32))).isFalse();
                }
            }
        }
        assertThatThrownBy(() -> TopUpToken.make(crypto, z, PARTY, DEVICE, 1, TopUpToken.Unit.PENCE, -1))
                .hasMessageContaining("PST-3061");
    }

    @Test
    void theMacOfATokenDependsOnSecretPartiesAndCounter() {
        TopUpToken token = TopUpToken.make(crypto, z, PARTY, DEVICE, 1L << 32, TopUpToken.Unit.PENCE, 5);
        for (TopUpToken other : List.of(
                TopUpToken.make(crypto, new byte[32], PARTY, DEVICE, 1L << 32, TopUpToken.Unit.PENCE, 5),
                TopUpToken.make(crypto, z, DEVICE, PARTY, 1L << 32, TopUpToken.Unit.PENCE, 5),
                TopUpToken.make(crypto, z, PARTY, DEVICE, 1025L << 32, TopUpToken.Unit.PENCE, 5))) {
            assertThat(other.value()).isEqualTo(5);
            assertThat(other).isNotEqualTo(token);
        }
    }
}
