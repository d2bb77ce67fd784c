package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Sha256;
import org.postern.hsm.KeyUse.Operation;
import org.postern.hsm.KeyVaultException.Kind;

/** The rules of every vault, tested with keys and a log that fail on request. */
class AbstractKeyVaultTest {

    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    private final TestKey xml = TestKey.of("is-xml", KeyPurpose.XML_SIGNING);
    private final TestKey gbcs = TestKey.of("is-gbcs", KeyPurpose.GBCS_SIGNING);
    private final TestKey agreement = TestKey.of("is-ka", KeyPurpose.KEY_AGREEMENT);
    private final TestKey prepayment = TestKey.of("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT);
    private final TestKey meter = TestKey.of("meter", KeyPurpose.KEY_AGREEMENT);

    private final List<KeyUse> recorded = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private RuntimeException logFailure;

    private final ProofAuthority authority = new ProofAuthority();
    private final ProofMint mint = authority.claim();
    private final AbstractKeyVault vault = open(xml, gbcs, agreement, prepayment);

    private AbstractKeyVault open(TestKey... keys) {
        return new AbstractKeyVault(
                Arrays.stream(keys).map(TestKey::found).toList(),
                new ProductionRule(false),
                authority,
                new KeyUseListener() {
                    @Override
                    public void beforeRelease(KeyUse use) {
                        if (logFailure != null) {
                            throw logFailure;
                        }
                        recorded.add(use);
                    }

                    @Override
                    public void refused(KeyUse use, KeyVaultException why) {
                        if (logFailure != null) {
                            throw logFailure;
                        }
                        refusals.add(use.operation() + " " + use.alias() + " " + why.kind());
                    }
                },
                TestKey.EC) {};
    }

    private static KeyVaultException refused(Runnable work) {
        KeyVaultException refused = catchThrowableOfType(KeyVaultException.class, work::run);
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private static Kind refusal(Runnable work) {
        return refused(work).kind();
    }

    private byte[] sign(byte[] preCommand) {
        return vault.signPreCommand("is-gbcs", mint.mint(requestId(), preCommand), preCommand);
    }

    private static byte[] preCommand() {
        return PreCommandHeaderTest.preCommand(TestKey.SUPPLIER, METER, 7);
    }

    private static String requestId() {
        return TestKey.SUPPLIER.dashed() + ":" + METER.dashed() + ":7";
    }

    private static byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - 1);
    }

    private static byte[] flip(byte[] bytes) {
        bytes[bytes.length - 1] ^= 1;
        return bytes;
    }

    @Test
    void aSignatureOfADocumentIsRecordedWithTheDigestOfItsInput() {
        byte[] input = SignedInfoProfileTest.signedInfo("ds");
        byte[] signature = vault.signXml("is-xml", input);
        assertThat(TestKey.EC.verify(xml.publicKey(), signature, input)).isTrue();
        assertThat(recorded)
                .containsExactly(new KeyUse(
                        Operation.SIGN_XML, "is-xml", KeyPurpose.XML_SIGNING, TestKey.SUPPLIER, "", Sha256.hex(input)));
    }

    @Test
    void otherBytesThanASignedInfoAreRefusedAndTheRefusalIsRecorded() {
        int before = xml.operations;
        assertThat(refusal(() -> vault.signXml("is-xml", new byte[32]))).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(() -> vault.signXml("is-xml", null))).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(() -> vault.signXml("is-gbcs", SignedInfoProfileTest.signedInfo("ds"))))
                .isEqualTo(Kind.WRONG_PURPOSE);
        assertThat(xml.operations).as("the key was not used").isEqualTo(before);
        assertThat(refusals)
                .containsExactly(
                        "SIGN_XML is-xml INPUT_REFUSED",
                        "SIGN_XML is-xml INPUT_REFUSED",
                        "SIGN_XML is-gbcs WRONG_PURPOSE");
        assertThat(recorded).isEmpty();
    }

    @Test
    void aPreCommandIsSignedFromItsSecondByteOnAndRecordedWithItsRequestId() {
        byte[] bytes = preCommand();
        byte[] signature = sign(bytes);
        assertThat(TestKey.EC.verify(gbcs.publicKey(), signature, bytes, 1, bytes.length - 1))
                .isTrue();
        assertThat(recorded)
                .containsExactly(new KeyUse(
                        Operation.SIGN_PRE_COMMAND,
                        "is-gbcs",
                        KeyPurpose.GBCS_SIGNING,
                        TestKey.SUPPLIER,
                        requestId(),
                        Sha256.hex(bytes)));
    }

    @Test
    void aPreCommandIsNotSignedWithoutItsProofOrWithTheKeyOfAnotherParty() {
        byte[] bytes = preCommand();
        byte[] changed = flip(preCommand());
        byte[] foreign = PreCommandHeaderTest.preCommand(METER, TestKey.SUPPLIER, 7);
        int before = gbcs.operations;
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", null, bytes))).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint(requestId(), bytes), changed)))
                .isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint("another", bytes), bytes)))
                .isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand(
                        "is-gbcs", mint.mint(METER.dashed() + ":" + requestId(), foreign), foreign)))
                .isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint(requestId(), bytes), null)))
                .isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-xml", mint.mint(requestId(), bytes), bytes)))
                .isEqualTo(Kind.WRONG_PURPOSE);
        assertThat(gbcs.operations).as("the key was not used").isEqualTo(before);
        assertThat(recorded).isEmpty();
        assertThat(refusals).hasSize(6);
    }

    @Test
    void aWrongSignatureOfAPreCommandIsWithheldAndNothingIsSignedUntilTheKeysAgreeAgain() {
        gbcs.change = AbstractKeyVaultTest::flip;
        assertThat(refusal(() -> sign(preCommand()))).isEqualTo(Kind.KEY_FAILED);
        assertThat(recorded).isEmpty();
        gbcs.change = bytes -> bytes;
        assertThat(vault.trouble()).hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.KEY_FAILED));
        assertThat(refusal(() -> vault.signXml("is-xml", SignedInfoProfileTest.signedInfo(""))))
                .as("another key of the same vault")
                .isEqualTo(Kind.KEY_FAILED);
        assertThat(vault.test("is-gbcs").alias()).as("a test is permitted").isEqualTo("is-gbcs");
        assertThat(vault.trouble())
                .as("a test of one key does not clear the failure")
                .isPresent();
        vault.tryKeys();
        assertThat(vault.trouble()).isEmpty();
        assertThat(sign(preCommand())).hasSize(64);
    }

    @Test
    void aSignatureOfAnotherLengthIsNotReturned() {
        xml.change = AbstractKeyVaultTest::cut;
        assertThat(refusal(() -> vault.signXml("is-xml", SignedInfoProfileTest.signedInfo("ds"))))
                .isEqualTo(Kind.KEY_FAILED);
    }

    @Test
    void keysThatWereReplacedOnTheTokenAreDetectedByTheTrialAndNoResultIsReturned() {
        xml.change = AbstractKeyVaultTest::flip;
        assertThat(refusal(vault::tryKeys)).isEqualTo(Kind.KEY_MISMATCH);
        assertThat(vault.trouble()).hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.KEY_MISMATCH));
        assertThat(refusal(() -> vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, meter.certificate, z -> 1)))
                .isEqualTo(Kind.KEY_MISMATCH);
        xml.change = bytes -> bytes;
        xml.failure = new KeyVaultException(Kind.TOKEN_OFFLINE, "token", "rule", "cause", "action");
        assertThat(refusal(vault::tryKeys)).isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(vault.trouble())
                .as("a trial that could not run is not a success")
                .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.KEY_MISMATCH));
        xml.failure = null;
        vault.tryKeys();
        assertThat(vault.trouble()).isEmpty();
    }

    @Test
    void aTokenThatDoesNotRespondIsReportedUntilTheNextSuccessfulOperation() {
        assertThat(vault.trouble()).isEmpty();
        xml.failure = new KeyVaultException(Kind.TOKEN_OFFLINE, "token", "rule", "cause", "action");
        assertThat(refusal(() -> vault.signXml("is-xml", SignedInfoProfileTest.signedInfo("ds"))))
                .isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(vault.trouble()).hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.TOKEN_OFFLINE));
        xml.failure = null;
        vault.signXml("is-xml", SignedInfoProfileTest.signedInfo("ds"));
        assertThat(vault.trouble()).isEmpty();
        assertThat(refusal(() -> vault.signXml("is-xml", new byte[1]))).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(vault.trouble())
                .as("a mistake of a caller is not a failure of the vault")
                .isEmpty();
    }

    @Test
    void aTransientFailureIsClearedByATrialOfAllKeys() {
        xml.failure = new KeyVaultException(Kind.TOKEN_OFFLINE, "token", "rule", "cause", "action");
        assertThat(refusal(() -> vault.signXml("is-xml", SignedInfoProfileTest.signedInfo("ds"))))
                .isEqualTo(Kind.TOKEN_OFFLINE);
        xml.failure = null;
        vault.tryKeys();
        assertThat(vault.trouble()).isEmpty();
    }

    @Test
    void anAgreedValueIsThatOfThePeerAndIsWipedAfterUse() {
        byte[] expected =
                TestKey.EC.agree(TestKey.EC.privateKey(meter.pair.getPrivate().getEncoded()), agreement.publicKey());
        assertThat(vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, meter.certificate, byte[]::clone))
                .isEqualTo(expected);
        assertThat(agreement.given).containsOnly(0);
        assertThatThrownBy(() -> vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, meter.certificate, z -> {
                    throw new IllegalStateException("the codec failed");
                }))
                .hasMessage("the codec failed");
        assertThat(agreement.given).containsOnly(0);
        assertThat(recorded).as("checking a MAC confers no authority").isEmpty();
    }

    @Test
    void anAgreementForATokenIsRecordedWithTheCertificateOfThePeer() {
        int length = vault.agree("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, meter.certificate, z -> z.length);
        assertThat(length).isEqualTo(32);
        assertThat(recorded)
                .containsExactly(new KeyUse(
                        Operation.AGREE_PREPAYMENT,
                        "is-pp",
                        KeyPurpose.PREPAYMENT_KEY_AGREEMENT,
                        TestKey.SUPPLIER,
                        meter.certificate.getSerialNumber().toString(),
                        Sha256.hex(meter.certificate.getPublicKey().getEncoded())));
    }

    @Test
    void anAgreedValueOfAnotherLengthIsWipedAndNotPassedOn() {
        agreement.change = AbstractKeyVaultTest::cut;
        assertThat(refusal(() -> vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, meter.certificate, byte[]::clone)))
                .isEqualTo(Kind.KEY_FAILED);
        assertThat(agreement.given).hasSize(31).containsOnly(0);
        assertThat(refusals).containsExactly("AGREE is-ka KEY_FAILED");
    }

    @Test
    void aKeyThatFailsItsTrialIsNotUsedForATokenAndTheValueIsWiped() {
        List<byte[]> all = new ArrayList<>();
        prepayment.change = bytes -> {
            all.add(bytes);
            return flip(bytes);
        };
        assertThat(refusal(() ->
                        vault.agree("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, meter.certificate, byte[]::clone)))
                .isEqualTo(Kind.KEY_MISMATCH);
        assertThat(all).hasSize(2).allSatisfy(value -> assertThat(value).containsOnly(0));
        assertThat(refusals).containsExactly("AGREE_PREPAYMENT is-pp KEY_MISMATCH");
    }

    @Test
    void aKeyAgreesForItsOwnPurposeOnlyAndOnlyWithAPointOnP256() {
        TestKey other =
                TestKey.of("p384", KeyPurpose.KEY_AGREEMENT, "secp384r1", "CN=I", TestKey.ANY_USE, TestKey.SUPPLIER);
        for (KeyPurpose purpose : KeyPurpose.values()) {
            for (String alias : List.of("is-xml", "is-gbcs", "is-ka", "is-pp")) {
                boolean own = alias.equals("is-ka") && purpose == KeyPurpose.KEY_AGREEMENT
                        || alias.equals("is-pp") && purpose == KeyPurpose.PREPAYMENT_KEY_AGREEMENT;
                if (!own) {
                    assertThat(refusal(() -> vault.agree(alias, purpose, meter.certificate, z -> 1)))
                            .isEqualTo(Kind.WRONG_PURPOSE);
                }
            }
        }
        assertThat(refusal(() -> vault.agree("is-ka", null, meter.certificate, z -> 1)))
                .isEqualTo(Kind.WRONG_PURPOSE);
        assertThat(refusal(() -> vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, other.certificate, z -> 1)))
                .isEqualTo(Kind.INPUT_REFUSED);
    }

    @Test
    void aResultThatTheSecurityLogDidNotRecordIsWipedAndWithheld() {
        logFailure = new IllegalStateException("no space on the log's disk");
        KeyVaultException withheld = refused(() -> vault.signXml("is-xml", SignedInfoProfileTest.signedInfo("ds")));
        assertThat(withheld.kind()).isEqualTo(Kind.NOT_LOGGED);
        assertThat(withheld).hasCause(logFailure);
        assertThat(xml.given).hasSize(64).containsOnly(0);
        assertThat(refusal(() ->
                        vault.agree("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, meter.certificate, byte[]::clone)))
                .isEqualTo(Kind.NOT_LOGGED);
        assertThat(refusal(() -> vault.test("is-gbcs"))).isEqualTo(Kind.NOT_LOGGED);
        assertThat(gbcs.given).hasSize(64).containsOnly(0);
        int length = vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, meter.certificate, z -> z.length);
        assertThat(length).as("an agreement to check a MAC needs no record").isEqualTo(32);
    }

    @Test
    void aRefusalThatCannotBeRecordedIsStillReportedAsTheSameRefusal() {
        logFailure = new IllegalStateException("no space on the log's disk");
        KeyVaultException refused = refused(() -> vault.signXml("is-xml", new byte[1]));
        assertThat(refused.kind()).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(refused.getSuppressed()).containsExactly(logFailure);
    }

    @Test
    void aTestUsesTheKeyAndMeasuresOnlyItsOperation() {
        for (TestKey key : List.of(xml, gbcs, agreement, prepayment)) {
            int before = key.operations;
            long start = System.nanoTime();
            KeyTest test = vault.test(key.binding.alias());
            long micros = (System.nanoTime() - start) / 1000;
            assertThat(key.operations).isEqualTo(before + 1);
            assertThat(test.alias()).isEqualTo(key.binding.alias());
            assertThat(test.purpose()).isEqualTo(key.binding.purpose());
            assertThat(test.publicKeySha256())
                    .isEqualTo(Sha256.hex(key.certificate.getPublicKey().getEncoded()));
            assertThat(test.microseconds()).isBetween(1L, micros);
        }
        assertThat(recorded)
                .extracting(KeyUse::operation)
                .containsOnly(Operation.TEST)
                .hasSize(4);
        for (TestKey key : List.of(xml, agreement)) {
            key.change = AbstractKeyVaultTest::flip;
            assertThat(refusal(() -> vault.test(key.binding.alias()))).isIn(Kind.KEY_FAILED, Kind.KEY_MISMATCH);
        }
    }

    @Test
    void noTwoTestsOfAKeySignTheSameInput() {
        vault.test("is-xml");
        vault.test("is-xml");
        assertThat(recorded).extracting(KeyUse::inputSha256).doesNotHaveDuplicates();
    }

    @Test
    void itsKeysAreListedByAliasWithTheDataOfTheirCertificates() {
        assertThat(vault.keys()).extracting(KeyEntry::alias).containsExactly("is-gbcs", "is-ka", "is-pp", "is-xml");
        assertThat(vault.keys().get(3))
                .isEqualTo(new KeyEntry(
                        "is-xml",
                        KeyPurpose.XML_SIGNING,
                        TestKey.SUPPLIER,
                        Sha256.hex(xml.certificate.getPublicKey().getEncoded()),
                        "CN=Some Issuing Authority",
                        "4711",
                        xml.certificate.getNotAfter().toInstant()));
        assertThat(vault.certificate("is-xml")).isSameAs(xml.certificate);
        for (String alias : new String[] {"nobody", null}) {
            assertThat(refusal(() -> vault.certificate(alias))).isEqualTo(Kind.NO_SUCH_KEY);
        }
    }

    @Test
    void aVaultThatContradictsItselfDoesNotOpen() {
        assertThat(refusal(() -> open(xml, xml.as("also", KeyPurpose.GBCS_SIGNING))))
                .as("one key for two purposes")
                .isEqualTo(Kind.BAD_SETTING);
        assertThat(open(xml, xml.as("also", KeyPurpose.XML_SIGNING)).keys())
                .as("two aliases of one key with one purpose")
                .hasSize(2);
        assertThat(refusal(() -> open(xml, TestKey.of("is-xml", KeyPurpose.XML_SIGNING))))
                .as("one alias for two keys")
                .isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal(() -> open(xml.as("is-xml", KeyPurpose.KEY_AGREEMENT))))
                .as("a key usage that does not permit the purpose")
                .isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal(() -> open(TestKey.of(
                        "p384", KeyPurpose.XML_SIGNING, "secp384r1", "CN=I", TestKey.ANY_USE, TestKey.SUPPLIER))))
                .as("another curve")
                .isEqualTo(Kind.BAD_SETTING);
        TestKey broken = TestKey.of("broken", KeyPurpose.KEY_AGREEMENT);
        broken.change = AbstractKeyVaultTest::flip;
        assertThat(refusal(() -> open(xml, broken)))
                .as("a private key that does not belong to the certificate")
                .isEqualTo(Kind.KEY_MISMATCH);
    }

    @Test
    void aVaultInProductionModeOpensWithoutTestKeysOnly() {
        TestKey test =
                TestKey.of("t", KeyPurpose.XML_SIGNING, "secp256r1", "CN=Z1,OU=07", TestKey.ANY_USE, TestKey.SUPPLIER);
        assertThat(refusal(() -> new AbstractKeyVault(
                        List.of(test.found()),
                        new ProductionRule(true),
                        authority,
                        new KeyUseListener() {
                            @Override
                            public void beforeRelease(KeyUse use) {
                                recorded.add(use);
                            }

                            @Override
                            public void refused(KeyUse use, KeyVaultException why) {
                                refusals.add(use.alias());
                            }
                        },
                        TestKey.EC) {}))
                .isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }
}
