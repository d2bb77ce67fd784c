package org.postern.hsmpkcs11.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsmcontract.ContractKey;
import org.postern.hsmcontract.KeyVaultContract;
import org.postern.hsmcontract.RecordingListener;

/** The contract on a real SoftHSM2 token, and what only a token can do: lose its sessions, refuse its PIN. */
class Pkcs11KeyVaultTest extends KeyVaultContract {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    private static SoftHsm hsm;

    @TempDir
    Path folder;

    @BeforeAll
    static void findSoftHsm() {
        hsm = SoftHsm.required();
    }

    @Override
    protected KeyVault open(List<ContractKey> keys, ProductionRule rule, ProofAuthority proofs, RecordingListener audit) throws Exception {
        hsm.fill("contract", keys);
        return open("softhsm2", "contract", SoftHsm.PIN, keys, rule, proofs, audit);
    }

    private KeyVault open(String library, String label, String pin, List<ContractKey> keys, ProductionRule rule, ProofAuthority proofs,
            RecordingListener audit) throws Exception {
        String[] lines = keys.stream().map(ContractKey::binding).map(b -> b.alias() + "=" + b.purpose() + ":" + b.entry() + ":" + b.eui())
                .toArray(String[]::new);
        Path pinFile = Files.writeString(folder.resolve("pin"), pin + "\n");
        return new Pkcs11KeyVault(config(library, label, pinFile, lines), rule, proofs, audit, EcProvider.fastest());
    }

    private Kind refusal(String library, String label, String pin, ContractKey key, ProductionRule rule) {
        KeyVaultException refused = catchThrowableOfType(KeyVaultException.class,
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
        ContractKey key = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER, "OU=" + ProductionRule.MARKER + ",CN=x");
        hsm.fill("contract", List.of(key));
        Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
        Files.setPosixFilePermissions(folder.resolve("pin"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(refusal("softhsm2", "contract", SoftHsm.PIN, key, new ProductionRule(true))).isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }

    @Test
    void lostSessionsAreReplacedWithoutTheCallerNoticing() throws Exception {
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
            public Class<? extends Annotation> annotationType() {
                return Pkcs11KeyVault.Config.class;
            }
        };
    }
}
