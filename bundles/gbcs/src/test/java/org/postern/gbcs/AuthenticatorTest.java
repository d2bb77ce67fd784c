package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;

class AuthenticatorTest {

    private final TestVectors vectors = TestVectors.open();
    private final SharedSecretCache cache = new SharedSecretCache(10);
    private final Authenticator authenticator = vectors.authenticator(cache);

    @AfterEach
    void wipe() {
        cache.close();
    }

    /** Only the keys of some parties. */
    private PartyKeys only(Eui64 own, Eui64... certificates) {
        return new PartyKeys() {
            @Override
            public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
                return java.util.List.of(certificates).contains(party)
                        ? vectors.keys().certificate(party, use)
                        : Optional.empty();
            }

            @Override
            public Optional<byte[]> agree(Eui64 eui, KeyUse use, X509Certificate peer) {
                return eui.equals(own) ? vectors.keys().agree(eui, use, peer) : Optional.empty();
            }
        };
    }

    private Authenticator with(PartyKeys keys) {
        return new Authenticator(vectors.crypto(), keys, cache, UseCaseTable.load(), TestVectors.ACB);
    }

    @Test
    void aUserCannotCheckTheMacOfACommandButItsSignature() {
        Authentication found = with(only(TestVectors.SUPPLIER, TestVectors.SUPPLIER, TestVectors.ESME))
                .authenticate(TestVectors.message("dlms-command-ecs38"));
        assertThat(found.mac().verdict()).isEqualTo(Verdict.UNCHECKED);
        assertThat(found.mac().reason()).contains(TestVectors.ACB.hex());
        assertThat(found.signature()).isEqualTo(Check.VALID);
        assertThat(found.proven()).isFalse();
        assertThat(found.notRefused()).isTrue();
    }

    @Test
    void aResponseToTheAcbOnBehalfOfAUserIsUncheckedForThatUser() {
        PartyKeys keys = only(TestVectors.OTHER, TestVectors.OTHER, TestVectors.ESME);
        GbcsMessage message = TestVectors.message("dlms-response-ecs21b-other-party");
        assertThat(with(keys).authenticate(message).mac().verdict()).isEqualTo(Verdict.UNCHECKED);
        DecryptedMessage clear = new Decryptor(vectors.crypto(), new GbcsCodec(), keys, cache).decrypt(message);
        assertThat(clear.allDecrypted()).isTrue();
    }

    @Test
    void theDeviceChecksWithItsOwnKey() {
        assertThat(with(only(TestVectors.ESME, TestVectors.ACB, TestVectors.SUPPLIER))
                        .authenticate(TestVectors.message("dlms-command-ecs38"))
                        .proven())
                .isTrue();
    }

    @Test
    void anUnknownSignerIsUncheckedAndAnotherSignerInvalid() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs38");
        assertThat(with(only(TestVectors.SUPPLIER))
                        .authenticate(message)
                        .signature()
                        .verdict())
                .isEqualTo(Verdict.UNCHECKED);
        PartyKeys wrong = new PartyKeys() {
            @Override
            public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
                return vectors.keys().certificate(TestVectors.GPF, use);
            }

            @Override
            public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
                return Optional.empty();
            }
        };
        assertThat(with(wrong).authenticate(message).signature().verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void aChangedMacIsInvalid() {
        GbcsMessage message = TestVectors.message("dlms-command-ecs17b");
        byte[] mac = message.mac().orElseThrow().toArray();
        mac[11] ^= 1;
        Authentication found = authenticator.authenticate(message.wrapped(mac));
        assertThat(found.mac().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(found.notRefused()).isFalse();
    }

    // the protection has to be exactly the one that the message code requires
    @Test
    void refusesProtectionThatTheMessageCodeDoesNotRequire() {
        GbcsMessage critical = TestVectors.message("dlms-command-ecs38");
        assertThatThrownBy(() -> authenticator.authenticate(critical.unwrapped()))
                .isInstanceOf(ProtectionMismatch.class)
                .hasMessageContaining("PST-3040");
        assertThatThrownBy(() -> authenticator.authenticate(critical.unsigned().wrapped(new byte[12])))
                .isInstanceOf(ProtectionMismatch.class);
        GbcsMessage response = TestVectors.message("dlms-response-ecs38");
        assertThatThrownBy(() -> authenticator.authenticate(response.wrapped(new byte[12])))
                .isInstanceOf(ProtectionMismatch.class);
        GbcsMessage nonCritical = TestVectors.message("dlms-response-ecs17b");
        assertThatThrownBy(() -> authenticator.authenticate(nonCritical.signed(new byte[64])))
                .isInstanceOf(ProtectionMismatch.class);
    }

    @Test
    void refusesAResponseWhoseCodeIsOnlySentAsAlert() {
        GroupingHeader header = new GroupingHeader(
                2, 1, TestVectors.ESME, TestVectors.SUPPLIER, Optional.empty(), 0x1001, Supplement.NONE);
        GbcsMessage message = GbcsMessage.unsigned(header, DlmsPayload.AccessResponse.of(1, java.util.List.of()))
                .wrapped(new byte[12]);
        assertThatThrownBy(() -> authenticator.authenticate(message)).isInstanceOf(ProtectionMismatch.class);
    }

    @Test
    void aCodeThatIsNotInTheTableIsStillChecked() {
        GbcsMessage known = TestVectors.message("dlms-response-ecs17b");
        GbcsMessage unknown = GbcsMessage.unsigned(known.header().withMessageCode(0x0EEE), known.payload());
        byte[] z = vectors.keys()
                .agree(
                        TestVectors.SUPPLIER,
                        KeyUse.KEY_AGREEMENT,
                        vectors.keys()
                                .certificate(TestVectors.ESME, KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        assertThat(authenticator
                        .authenticate(unknown.wrapped(vectors.crypto().mac(z, unknown)))
                        .proven())
                .isTrue();
    }

    @Test
    void aPreCommandHasNoProtectionAndACommandWithOnlyAMacHasNoPreCommand() {
        Authentication found = authenticator.authenticate(TestVectors.message("dlms-precommand-ecs38"));
        assertThat(found).isEqualTo(new Authentication(Check.ABSENT, Check.ABSENT));
        assertThat(found.proven()).isFalse();
        GbcsMessage read = TestVectors.message("dlms-command-ecs17b").asPreCommand();
        assertThatThrownBy(() -> authenticator.authenticate(read)).isInstanceOf(ProtectionMismatch.class);
    }

    @Test
    void aSignedPreCommandIsCheckedAsSuch() {
        GbcsMessage signed = TestVectors.message("dlms-command-ecs38").unwrapped();
        assertThat(authenticator.authenticateSignedPreCommand(signed).signature())
                .isEqualTo(Check.VALID);
        assertThatThrownBy(() -> authenticator.authenticateSignedPreCommand(TestVectors.message("dlms-command-ecs38")))
                .isInstanceOf(ProtectionMismatch.class);
        assertThatThrownBy(
                        () -> authenticator.authenticateSignedPreCommand(TestVectors.message("dlms-precommand-ecs38")))
                .isInstanceOf(ProtectionMismatch.class);
        GbcsMessage notCritical = TestVectors.message("dlms-command-ecs17b").signed(new byte[64]);
        assertThatThrownBy(() -> authenticator.authenticateSignedPreCommand(notCritical))
                .isInstanceOf(ProtectionMismatch.class);
    }

    @Test
    void partsThatWereEncryptedForOtherKeysAreReportedOneByOne() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs17b");
        Decryptor stranger =
                new Decryptor(vectors.crypto(), new GbcsCodec(), only(TestVectors.OTHER, TestVectors.ESME), cache);
        assertThat(stranger.decrypt(message).parts()).singleElement().satisfies(p -> {
            assertThat(p.status()).isEqualTo(DecryptedPart.Status.NO_KEY);
            assertThat(p.path()).isEqualTo("item[0]");
        });
        GbcsMessage changed = GbcsMessage.unsigned(
                message.header().withSupplement(Supplement.of(TestVectors.OTHER, 1)), message.payload());
        assertThat(new Decryptor(vectors.crypto(), new GbcsCodec(), vectors.keys(), cache)
                        .decrypt(changed)
                        .parts())
                .singleElement()
                .satisfies(p -> assertThat(p.status()).isEqualTo(DecryptedPart.Status.FAILED));
    }

    @Test
    void plainTextThatIsNotDlmsDataIsReportedAsBroken() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs17b");
        DlmsPayload.AccessResponse response = (DlmsPayload.AccessResponse) message.payload();
        byte[] z = vectors.keys()
                .agree(
                        TestVectors.SUPPLIER,
                        KeyUse.KEY_AGREEMENT,
                        vectors.keys()
                                .certificate(TestVectors.ESME, KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        Bytes object = vectors.crypto().encrypt(z, TestVectors.ESME, 1005, TestVectors.SUPPLIER, Bytes.ofHex("0000"));
        GbcsMessage broken = GbcsMessage.unsigned(
                message.header(),
                DlmsPayload.AccessResponse.of(
                        1005,
                        java.util.List.of(new DlmsPayload.ResponseItem(
                                DlmsPayload.Operation.ACTION,
                                0,
                                DlmsData.structure(
                                        response.items().get(0).data().at(0), DlmsData.octets(object))))));
        assertThat(new Decryptor(vectors.crypto(), new GbcsCodec(), vectors.keys(), cache)
                        .decrypt(broken)
                        .parts())
                .singleElement()
                .satisfies(p -> assertThat(p.status()).isEqualTo(DecryptedPart.Status.BROKEN));
    }
}
