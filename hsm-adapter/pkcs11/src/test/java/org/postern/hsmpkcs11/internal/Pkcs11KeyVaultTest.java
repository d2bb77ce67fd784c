package org.postern.hsmpkcs11.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsmcontract.ContractKey;
import org.postern.hsmcontract.KeyVaultContract;
import org.postern.hsmcontract.RecordingListener;

/** The contract with a SoftHSM2 token, and failures that only a token has: lost sessions, a refused PIN. */
class Pkcs11KeyVaultTest extends KeyVaultContract {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    private static final ContractKey METER_KEY =
            ContractKey.of("meter", KeyPurpose.KEY_AGREEMENT, Eui64.parse("00DB1234567890A0"));
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static SoftHsm hsm;

    @TempDir
    Path folder;

    @BeforeAll
    static void findSoftHsm() {
        hsm = SoftHsm.required();
    }

    @Override
    protected KeyVault open(List<ContractKey> keys, ProductionRule rule, ProofAuthority proofs, RecordingListener audit)
            throws Exception {
        hsm.fill("contract", keys);
        return open("softhsm2", "contract", SoftHsm.PIN, keys, rule, proofs, audit);
    }

    private KeyVault open(
            String library,
            String label,
            String pin,
            List<ContractKey> keys,
            ProductionRule rule,
            ProofAuthority proofs,
            RecordingListener audit)
            throws Exception {
        String[] lines = keys.stream()
                .map(ContractKey::binding)
                .map(b -> b.alias() + "=" + b.purpose() + ":" + b.entry() + ":" + b.eui())
                .toArray(String[]::new);
        Path pinFile = Files.writeString(folder.resolve("pin"), pin + "\n");
        return new Pkcs11KeyVault(
                config(library, label, pinFile, lines),
                rule,
                proofs,
                audit,
                EcProvider.fastest(),
                new BoundedCalls(label, PATIENCE, System::nanoTime));
    }

    private Kind refusal(String library, String label, String pin, ContractKey key, ProductionRule rule) {
        KeyVaultException refused = catchThrowableOfType(
                KeyVaultException.class,
                () -> open(library, label, pin, List.of(key), rule, new ProofAuthority(), new RecordingListener()));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).doesNotContain(pin);
        return refused.kind();
    }

    @Test
    void eachFailureToOpenHasItsOwnKind() throws Exception {
        ContractKey key = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
        ProductionRule test = new ProductionRule(false);
        assertThat(refusal("softhsm2", "wrong pin", "99887766", key, test)).isEqualTo(Kind.PIN_REJECTED);
        assertThat(refusal("softhsm2", "no such token", SoftHsm.PIN, key, test)).isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(refusal("softhsm2", "twice", SoftHsm.PIN, key, test)).isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal("evil", "contract", SoftHsm.PIN, key, test)).isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal("../../evil.so", "contract", SoftHsm.PIN, key, test)).isEqualTo(Kind.BAD_SETTING);
        hsm.fill("contract", List.of());
        assertThat(refusal("softhsm2", "contract", SoftHsm.PIN, key, test)).isEqualTo(Kind.NO_SUCH_KEY);
    }

    @Test
    void aTestKeyIsRefusedInProductionModeAlsoFromAToken() throws Exception {
        ContractKey key =
                ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER, "OU=" + ProductionRule.MARKER + ",CN=x");
        hsm.fill("contract", List.of(key));
        Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
        Files.setPosixFilePermissions(
                folder.resolve("pin"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(refusal("softhsm2", "contract", SoftHsm.PIN, key, new ProductionRule(true)))
                .isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }

    @Test
    void lostSessionsAreReplacedTransparently() throws Exception {
        ContractKey xml = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
        ContractKey ka = ContractKey.of("is-ka", KeyPurpose.KEY_AGREEMENT, SUPPLIER);
        RecordingListener audit = new RecordingListener();
        KeyVault vault = open(List.of(xml, ka), new ProductionRule(false), new ProofAuthority(), audit);
        vault.test("is-xml");
        for (int i = 0; i < 3; i++) {
            hsm.dropSessions("contract");
            assertThat(vault.test("is-xml").microseconds()).isPositive();
            hsm.dropSessions("contract");
            assertThat(vault.test("is-ka").microseconds()).isPositive();
        }
        assertThat(audit.refused()).isEmpty();
    }

    @Test
    void aTokenThatReturnsWithOtherKeysIsNotUsedUntilTheCorrectKeysAreRestored() throws Exception {
        List<ContractKey> right = fourKeys();
        AbstractKeyVault vault = (AbstractKeyVault)
                open(right, new ProductionRule(false), new ProofAuthority(), new RecordingListener());
        List<ContractKey> others = fourKeys();
        for (boolean sessionsLost : List.of(true, false)) {
            hsm.fill("contract", others);
            if (sessionsLost) {
                hsm.dropSessions("contract");
            }
            boolean[] lent = new boolean[1];
            KeyVaultException refused = catchThrowableOfType(
                    KeyVaultException.class,
                    () -> vault.agree(
                            "is-pp",
                            KeyPurpose.PREPAYMENT_KEY_AGREEMENT,
                            METER_KEY.certificate(),
                            z -> lent[0] = true));
            assertThat(lent[0]).as("lent").isFalse();
            assertThat(refused.kind()).isEqualTo(Kind.KEY_MISMATCH);
            assertThat(refused.kind().mayPass()).isTrue();
            ContractKey named = right.stream()
                    .filter(key -> key.binding().alias().equals(refused.fault().field()))
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.getMessage())
                    .contains(named.certificate().getSerialNumber().toString());
            assertThat(catchThrowableOfType(
                                    KeyVaultException.class,
                                    () -> vault.agree(
                                            "is-ka", KeyPurpose.KEY_AGREEMENT, METER_KEY.certificate(), z -> z.length))
                            .kind())
                    .isEqualTo(Kind.KEY_MISMATCH);
            assertThat(vault.trouble()).isPresent();

            hsm.fill("contract", right);
            Await.until(Duration.ofSeconds(20), () -> {
                vault.tryKeys();
                return true;
            });
            assertThat(vault.trouble()).isEmpty();
            assertThat(vault.<Integer>agree(
                            "is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, METER_KEY.certificate(), z -> z.length))
                    .isEqualTo(32);
        }
    }

    private static List<ContractKey> fourKeys() {
        return List.of(
                ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER),
                ContractKey.of("is-gbcs", KeyPurpose.GBCS_SIGNING, SUPPLIER),
                ContractKey.of("is-ka", KeyPurpose.KEY_AGREEMENT, SUPPLIER),
                ContractKey.of("is-pp", KeyPurpose.PREPAYMENT_KEY_AGREEMENT, SUPPLIER));
    }

    @Test
    void aRenewedKeyBesideTheOldOneIsReportedAndTheVaultOpensWhenOneIsRemoved() throws Exception {
        for (boolean sameId : List.of(false, true)) {
            ContractKey old = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
            ContractKey renewed = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
            hsm.fill("contract", List.of(old));
            hsm.addUnderTheSameName("contract", renewed, sameId);
            KeyVaultException refused = catchThrowableOfType(
                    KeyVaultException.class,
                    () -> open(
                            "softhsm2",
                            "contract",
                            SoftHsm.PIN,
                            List.of(old),
                            new ProductionRule(false),
                            new ProofAuthority(),
                            new RecordingListener()));
            assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(Kind.KEY_TWICE);
            assertThat(refused.kind().mayPass()).isTrue();
            assertThat(refused.getMessage())
                    .contains(
                            "is-xml",
                            old.certificate().getSerialNumber().toString(),
                            renewed.certificate().getSerialNumber().toString());
            hsm.empty("contract");
            hsm.fill("contract", List.of(renewed));
            KeyVault vault = open(
                    "softhsm2",
                    "contract",
                    SoftHsm.PIN,
                    List.of(renewed),
                    new ProductionRule(false),
                    new ProofAuthority(),
                    new RecordingListener());
            assertThat(vault.certificate("is-xml")).isEqualTo(renewed.certificate());
        }
    }

    @Test
    void aTokenThatHangsBlocksNoCallerBeyondTheTimeoutAndIsUsedAgainWhenItResponds() throws Exception {
        List<ContractKey> keys = fourKeys();
        hsm.fill("contract", keys);
        HangingToken token = new HangingToken(folder);
        ExecutorService callers = Executors.newFixedThreadPool(40);
        try {
            AbstractKeyVault vault = (AbstractKeyVault) open(
                    "hanging",
                    "contract",
                    SoftHsm.PIN,
                    keys,
                    new ProductionRule(false),
                    new ProofAuthority(),
                    new RecordingListener());
            vault.tryKeys();
            // idle threads of the vaults of other tests
            Set<Thread> others = tokenThreads();
            token.hang();
            long begun = System.nanoTime();
            List<Callable<Kind>> calls = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                boolean signs = i % 2 == 0;
                calls.add(() -> catchThrowableOfType(KeyVaultException.class, () -> {
                            if (signs) {
                                vault.test("is-xml");
                            } else {
                                vault.agree(
                                        "is-pp",
                                        KeyPurpose.PREPAYMENT_KEY_AGREEMENT,
                                        METER_KEY.certificate(),
                                        z -> z.length);
                            }
                        })
                        .kind());
            }
            for (Future<Kind> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isEqualTo(Kind.TOKEN_OFFLINE);
            }
            // 16 callers wait for the token and 24 for a permit; the other 80 are refused because the token does not
            // respond
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE.multipliedBy(3));
            assertThat(vault.trouble()).isPresent();
            assertThat(vault.keys()).hasSize(4);
            Set<Thread> own = tokenThreads();
            own.removeAll(others);
            assertThat(own).hasSizeLessThanOrEqualTo(BoundedCalls.MAX_HANGING);
            token.release();
            Await.until(Duration.ofSeconds(60), () -> vault.test("is-pp").microseconds() > 0);
            assertThat(vault.trouble()).isEmpty();
        } finally {
            token.remove();
            callers.shutdownNow();
        }
    }

    private static Set<Thread> tokenThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("postern-token-"))
                .collect(Collectors.toSet());
    }

    private static Pkcs11KeyVault.Config config(String library, String label, Path pinFile, String... keys) {
        return new Pkcs11KeyVault.Config() {
            @Override
            public boolean production() {
                return false;
            }

            @Override
            public String library() {
                return library;
            }

            @Override
            public String tokenLabel() {
                return label;
            }

            @Override
            public String pinFile() {
                return pinFile.toString();
            }

            @Override
            public String[] keys() {
                return keys;
            }

            @Override
            public String[] testIssuerSha256() {
                return new String[0];
            }

            @Override
            public int timeoutSeconds() {
                return 2;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return Pkcs11KeyVault.Config.class;
            }
        };
    }
}
