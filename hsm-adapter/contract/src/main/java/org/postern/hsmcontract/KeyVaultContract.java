package org.postern.hsmcontract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.CorrelationProof;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.ProofMint;

/** The contract of every provider: with the same keys, every provider has to behave in the same way. */
public abstract class KeyVaultContract {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    private static final EcProvider EC = EcProvider.fastest();

    private final ContractKey xml = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
    private final ContractKey gbcs = ContractKey.of("is-gbcs", KeyPurpose.GBCS_SIGNING, SUPPLIER);
    private final ContractKey ka = ContractKey.of("is-ka", KeyPurpose.KEY_AGREEMENT, SUPPLIER);
    private final ContractKey pp = ContractKey.of("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, SUPPLIER);
    private final ContractKey device = ContractKey.of("meter", KeyPurpose.KEY_AGREEMENT, METER);

    private final RecordingListener listener = new RecordingListener();
    private final ProofAuthority authority = new ProofAuthority();
    private ProofMint mint;
    private KeyVault vault;

    /** Writes the keys to a new store of this kind and opens a vault with it. */
    protected abstract KeyVault open(
            List<ContractKey> keys, ProductionRule rule, ProofAuthority proofs, RecordingListener audit)
            throws Exception;

    @BeforeEach
    void openWithAllFour() throws Exception {
        mint = authority.claim();
        vault = open(List.of(xml, gbcs, ka, pp), new ProductionRule(false), authority, listener);
    }

    // the GBCS Grouping Header with three bytes of content
    private static byte[] preCommand(long counter) {
        return ByteBuffer.allocate(37)
                .put(new byte[] {(byte) 0xDF, 9, 1})
                .putLong(counter)
                .put((byte) 8)
                .put(SUPPLIER.toBytes())
                .put((byte) 8)
                .put(METER.toBytes())
                .put(new byte[] {0, 2, 0, 0x4B, 3, 1, 2, (byte) counter})
                .array();
    }

    private static String requestId(long counter) {
        return SUPPLIER.dashed() + ":" + METER.dashed() + ":" + counter;
    }

    private static byte[] signedInfo(String prefix) {
        String p = prefix.isEmpty() ? "" : prefix + ":";
        String x = prefix.isEmpty() ? "" : ":" + prefix;
        return ("<" + p + "SignedInfo xmlns" + x + "=\"http://www.w3.org/2000/09/xmldsig#\"><" + p
                        + "CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></" + p
                        + "CanonicalizationMethod><" + p
                        + "SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></" + p
                        + "SignatureMethod><" + p
                        + "Reference URI=\"\"><" + p + "Transforms><" + p
                        + "Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></" + p
                        + "Transform></" + p + "Transforms><" + p
                        + "DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></" + p + "DigestMethod><"
                        + p + "DigestValue>"
                        + Base64.getEncoder().encodeToString(new byte[32]) + "</" + p + "DigestValue></" + p
                        + "Reference></" + p + "SignedInfo>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Kind refusal(Runnable work) {
        KeyVaultException refused = catchThrowableOfType(KeyVaultException.class, work::run);
        assertThat(refused).as("a refusal").isNotNull();
        return refused.kind();
    }

    private Kind refusalToOpen(ProductionRule rule, ContractKey... keys) {
        KeyVaultException refused = catchThrowableOfType(
                KeyVaultException.class, () -> open(List.of(keys), rule, new ProofAuthority(), listener));
        assertThat(refused).as("a refusal").isNotNull();
        return refused.kind();
    }

    @Test
    void signsSignedInfoWithAnyPrefixAndTheCertificateVerifiesIt() {
        for (String prefix : List.of("", "ds", "dsig")) {
            byte[] input = signedInfo(prefix);
            byte[] signature = vault.signXml("is-xml", input);
            assertThat(signature).hasSize(64);
            assertThat(EC.verify(EC.publicKey(xml.certificate()), signature, input))
                    .isTrue();
        }
        assertThat(listener.released())
                .extracting(KeyUse::operation)
                .containsOnly(KeyUse.Operation.SIGN_XML)
                .hasSize(3);
    }

    @Test
    void anXmlKeySignsNothingButTheOneSignedInfo() {
        String good = new String(signedInfo("ds"), StandardCharsets.UTF_8);
        List<byte[]> others = new ArrayList<>(
                List.of(new byte[0], new byte[32], preCommand(7), "<a/>".getBytes(StandardCharsets.UTF_8)));
        for (String changed : List.of(
                good + " ",
                " " + good,
                good.replace("URI=\"\"", "URI=\"#x\""),
                good.replace("ecdsa-sha256", "ecdsa-sha1"),
                good.replace("xmlenc#sha256", "xmldsig#sha1"),
                good.replace("<ds:Transforms>", "<ds:Transforms><ds:Transform Algorithm=\"x\"></ds:Transform>"),
                good.replace("</ds:Reference>", "</ds:Reference><ds:Reference URI=\"\"></ds:Reference>"),
                good + good,
                good.replace("xmlns:ds", "xmlns:dx"),
                good.replace("xml-exc-c14n#", "xml-exc-c14n#WithComments"))) {
            others.add(changed.getBytes(StandardCharsets.UTF_8));
        }
        for (byte[] input : others) {
            assertThat(refusal(() -> vault.signXml("is-xml", input))).isEqualTo(Kind.INPUT_REFUSED);
        }
        assertThat(refusal(() -> vault.signXml("is-xml", null))).isEqualTo(Kind.INPUT_REFUSED);
        assertThat(listener.released()).isEmpty();
        assertThat(listener.refused()).hasSize(others.size() + 1);
    }

    @Test
    void signsAPreCommandWithAProofFromItsSecondByteOn() {
        byte[] bytes = preCommand(1001);
        byte[] signature = vault.signPreCommand("is-gbcs", mint.mint(requestId(1001), bytes), bytes);
        assertThat(signature).hasSize(64);
        assertThat(EC.verify(EC.publicKey(gbcs.certificate()), signature, bytes, 1, bytes.length - 1))
                .isTrue();
        assertThat(listener.released()).singleElement().satisfies(use -> {
            assertThat(use.object()).isEqualTo(requestId(1001));
            assertThat(use.eui()).isEqualTo(SUPPLIER);
        });
    }

    @Test
    void aProofPermitsOneSignatureForItsOwnBytesAndRequestAndComesFromTheRegisteredCorrelatorOnly() {
        byte[] bytes = preCommand(1);
        byte[] other = bytes.clone();
        other[bytes.length - 1] ^= 1;
        CorrelationProof proof = mint.mint(requestId(1), bytes);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", null, bytes))).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", proof, other))).isEqualTo(Kind.PROOF_REFUSED);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint(requestId(2), bytes), bytes)))
                .isEqualTo(Kind.PROOF_REFUSED);
        CorrelationProof foreign = new ProofAuthority().claim().mint(requestId(1), bytes);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", foreign, bytes)))
                .isEqualTo(Kind.PROOF_REFUSED);
        assertThat(listener.released()).isEmpty();
        assertThat(vault.signPreCommand("is-gbcs", proof, bytes)).hasSize(64);
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", proof, bytes))).isEqualTo(Kind.PROOF_REFUSED);
        CorrelationProof left = mint.mint(requestId(1), bytes);
        mint.close();
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", left, bytes))).isEqualTo(Kind.PROOF_REFUSED);
    }

    @Test
    void aGbcsKeySignsOnlyPreCommandsOfItsOwnParty() {
        byte[] foreign = preCommand(1);
        foreign[19] ^= 1;
        String id = Eui64.of(foreign, 12).dashed() + ":" + METER.dashed() + ":1";
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint(id, foreign), foreign)))
                .isEqualTo(Kind.INPUT_REFUSED);
        for (byte[] rubbish : List.of(new byte[0], new byte[100], signedInfo("ds"), Arrays.copyOf(preCommand(1), 30))) {
            assertThat(refusal(() -> vault.signPreCommand("is-gbcs", mint.mint(requestId(1), rubbish), rubbish)))
                    .isEqualTo(Kind.INPUT_REFUSED);
        }
        assertThat(refusal(() -> vault.signPreCommand("is-gbcs", null, null))).isEqualTo(Kind.INPUT_REFUSED);
    }

    @Test
    void everyKeyIsRefusedForEveryPurposeButItsOwn() {
        byte[] bytes = preCommand(1);
        for (String alias : List.of("is-gbcs", "is-ka", "is-pp")) {
            assertThat(refusal(() -> vault.signXml(alias, signedInfo("ds")))).isEqualTo(Kind.WRONG_PURPOSE);
        }
        for (String alias : List.of("is-xml", "is-ka", "is-pp")) {
            assertThat(refusal(() -> vault.signPreCommand(alias, mint.mint(requestId(1), bytes), bytes)))
                    .isEqualTo(Kind.WRONG_PURPOSE);
        }
        for (KeyPurpose purpose : KeyPurpose.values()) {
            for (ContractKey key : List.of(xml, gbcs, ka, pp)) {
                if (purpose != key.binding().purpose() || purpose.signing()) {
                    assertThat(refusal(() ->
                                    vault.agree(key.binding().alias(), purpose, device.certificate(), z -> z.length)))
                            .isEqualTo(Kind.WRONG_PURPOSE);
                }
            }
        }
    }

    @Test
    void agreesWhatThePeerAgreesAndWipesItAfterwards() {
        for (ContractKey own : List.of(ka, pp)) {
            byte[] expected =
                    EC.agree(EC.privateKey(device.privateKey().getEncoded()), EC.publicKey(own.certificate()));
            byte[][] lent = new byte[1][];
            byte[] copy = vault.agree(own.binding().alias(), own.binding().purpose(), device.certificate(), z -> {
                lent[0] = z;
                return z.clone();
            });
            assertThat(copy).isEqualTo(expected);
            assertThat(lent[0]).containsOnly(0);
        }
        // generating a token exercises authority, so it is recorded; checking a MAC is not
        assertThat(listener.released())
                .extracting(KeyUse::operation)
                .containsExactly(KeyUse.Operation.AGREE_PREPAYMENT);
    }

    @Test
    void theAgreedValueIsWipedAlsoWhereTheCallbackThrows() {
        byte[][] lent = new byte[1][];
        assertThat(catchThrowableOfType(
                        IllegalStateException.class,
                        () -> vault.agree("is-ka", KeyPurpose.KEY_AGREEMENT, device.certificate(), z -> {
                            lent[0] = z;
                            throw new IllegalStateException("the codec failed");
                        })))
                .hasMessage("the codec failed");
        assertThat(lent[0]).containsOnly(0);
    }

    @Test
    void noResultIsReturnedThatTheSecurityLogDidNotRecord() {
        listener.breakDown();
        byte[] bytes = preCommand(5);
        for (Supplier<Object> work : List.<Supplier<Object>>of(
                () -> vault.signXml("is-xml", signedInfo("ds")),
                () -> vault.signPreCommand("is-gbcs", mint.mint(requestId(5), bytes), bytes),
                () -> vault.agree("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, device.certificate(), byte[]::clone),
                () -> vault.test("is-xml"))) {
            assertThat(refusal(() -> {
                        Object unused = work.get();
                    }))
                    .isEqualTo(Kind.NOT_LOGGED);
        }
    }

    @Test
    void anUnknownAliasIsRefusedByEveryOperation() {
        byte[] bytes = preCommand(1);
        assertThat(refusal(() -> vault.signXml("nobody", signedInfo("ds")))).isEqualTo(Kind.NO_SUCH_KEY);
        assertThat(refusal(() -> vault.signPreCommand("nobody", mint.mint(requestId(1), bytes), bytes)))
                .isEqualTo(Kind.NO_SUCH_KEY);
        assertThat(refusal(() -> vault.certificate(null))).isEqualTo(Kind.NO_SUCH_KEY);
        assertThat(refusal(() -> vault.test("nobody"))).isEqualTo(Kind.NO_SUCH_KEY);
    }

    @Test
    void listsItsKeysAndTestsEachByAnActualOperation() {
        assertThat(vault.keys())
                .extracting(k -> k.alias() + " " + k.purpose())
                .containsExactly(
                        "is-gbcs GBCS_SIGNING",
                        "is-ka KEY_AGREEMENT",
                        "is-pp PREPAYMENT_KEY_AGREEMENT",
                        "is-xml XML_SIGNING");
        vault.keys().forEach(entry -> {
            assertThat(vault.test(entry.alias())).satisfies(test -> {
                assertThat(test.publicKeySha256())
                        .isEqualTo(entry.publicKeySha256())
                        .hasSize(64);
                assertThat(test.microseconds()).isPositive();
            });
        });
        assertThat(vault.certificate("is-gbcs")).isEqualTo(gbcs.certificate());
    }

    @Test
    void aVaultThatContradictsItselfDoesNotOpen() {
        assertThat(refusalToOpen(new ProductionRule(false), xml, xml.as("also", KeyPurpose.GBCS_SIGNING)))
                .isEqualTo(Kind.BAD_SETTING);
        assertThat(refusalToOpen(new ProductionRule(false), ka, ka.as("also", KeyPurpose.PREPAYMENT_KEY_AGREEMENT)))
                .isEqualTo(Kind.BAD_SETTING);
        assertThat(refusalToOpen(new ProductionRule(false), ka.as("is-ka", KeyPurpose.XML_SIGNING)))
                .as("key usage")
                .isEqualTo(Kind.BAD_SETTING);
    }

    @Test
    void aVaultWithAKeyOfAnotherCertificateDoesNotOpenAndNamesBoth() {
        for (ContractKey right : List.of(xml, gbcs, ka, pp)) {
            ContractKey other =
                    ContractKey.of(right.binding().alias(), right.binding().purpose(), SUPPLIER);
            KeyVaultException refused = catchThrowableOfType(
                    KeyVaultException.class,
                    () -> open(
                            List.of(new ContractKey(right.binding(), other.privateKey(), right.certificate())),
                            new ProductionRule(false),
                            new ProofAuthority(),
                            listener));
            assertThat(refused.kind()).isEqualTo(Kind.KEY_MISMATCH);
            assertThat(refused.kind().mayPass()).as("a request waits for it").isTrue();
            assertThat(refused.getMessage())
                    .contains(
                            right.binding().alias(),
                            right.certificate().getSerialNumber().toString());
        }
    }

    @Test
    void concurrentCallersGetCorrectSignaturesAndAgreedValues() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            byte[] expected = EC.agree(EC.privateKey(device.privateKey().getEncoded()), EC.publicKey(ka.certificate()));
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                byte[] bytes = preCommand(i);
                String id = requestId(i);
                work.add(() -> EC.verify(
                        EC.publicKey(gbcs.certificate()),
                        vault.signPreCommand("is-gbcs", mint.mint(id, bytes), bytes),
                        bytes,
                        1,
                        bytes.length - 1));
                work.add(() -> vault.agree(
                        "is-ka", KeyPurpose.KEY_AGREEMENT, device.certificate(), z -> Arrays.equals(z, expected)));
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCertificateOfAnotherPartyIsRefused() {
        ContractKey foreign = new ContractKey(
                new KeyBinding("is-xml", KeyPurpose.XML_SIGNING, "meter", SUPPLIER),
                device.privateKey(),
                ContractKey.of("meter", KeyPurpose.XML_SIGNING, METER).certificate());
        assertThat(refusalToOpen(new ProductionRule(false), foreign)).isEqualTo(Kind.BAD_SETTING);
    }
}
