package org.postern.hsmsoftware.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

class SoftwareKeyVaultTest extends KeyVaultContract {

    private static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");

    @TempDir
    Path folder;

    @Override
    protected KeyVault open(List<ContractKey> keys, ProductionRule rule, ProofAuthority proofs, RecordingListener audit)
            throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "correct horse\n");
        Path store = Files.createTempFile(folder, "keys", ".p12");
        write(store, keys, "correct horse");
        return open(store, password, keys, rule, proofs, audit);
    }

    private static KeyVault open(
            Path store,
            Path password,
            List<ContractKey> keys,
            ProductionRule rule,
            ProofAuthority proofs,
            RecordingListener audit) {
        String[] lines = keys.stream()
                .map(ContractKey::binding)
                .map(b -> b.alias() + "=" + b.purpose() + ":" + b.entry() + ":" + b.eui())
                .toArray(String[]::new);
        return new SoftwareKeyVault(settings(store, password, lines), rule, proofs, audit, EcProvider.fastest());
    }

    private static void write(Path file, List<ContractKey> keys, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Set<String> done = new HashSet<>();
        for (ContractKey key : keys) {
            if (done.add(key.binding().entry())) {
                store.setKeyEntry(key.binding().entry(), key.privateKey(), password.toCharArray(), new Certificate[] {
                    key.certificate()
                });
            }
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
    }

    private static SoftwareKeyVault.Settings settings(Path store, Path password, String... keys) {
        return new SoftwareKeyVault.Settings(false, store.toString(), password.toString(), List.of(keys));
    }

    private Kind refusal(Path store, String password, ContractKey key, ProductionRule rule) throws Exception {
        Path file = Files.writeString(folder.resolve("given-password"), password);
        KeyVaultException refused = catchThrowableOfType(
                KeyVaultException.class,
                () -> open(store, file, List.of(key), rule, new ProofAuthority(), new RecordingListener()));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).doesNotContain("correct horse").doesNotContain("wrong horse");
        return refused.kind();
    }

    @Test
    void eachFailureToOpenHasItsOwnKind() throws Exception {
        ContractKey key = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
        ContractKey absent = ContractKey.of("is-other", KeyPurpose.XML_SIGNING, SUPPLIER);
        Path store = folder.resolve("a.p12");
        write(store, List.of(key), "correct horse");
        Path rubbish = Files.write(folder.resolve("rubbish.p12"), new byte[500]);
        ProductionRule test = new ProductionRule(false);
        assertThat(refusal(store, "wrong horse", key, test)).isEqualTo(Kind.PIN_REJECTED);
        assertThat(refusal(store, "correct horse", absent, test)).isEqualTo(Kind.NO_SUCH_KEY);
        assertThat(refusal(folder.resolve("nowhere"), "correct horse", key, test))
                .isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(refusal(rubbish, "correct horse", key, test)).isEqualTo(Kind.TOKEN_OFFLINE);
        assertThat(refusal(store, "\n", key, test)).isEqualTo(Kind.BAD_SETTING);
        assertThat(refusal(store, "correct horse", key, new ProductionRule(true)))
                .isEqualTo(Kind.NOT_FOR_PRODUCTION);
    }

    @Test
    void aFolderOfFilesIsOneStoreAndAnEntryNameOccursOnce() throws Exception {
        ContractKey xml = ContractKey.of("is-xml", KeyPurpose.XML_SIGNING, SUPPLIER);
        ContractKey ka = ContractKey.of("is-ka", KeyPurpose.KEY_AGREEMENT, SUPPLIER);
        Path stores = Files.createDirectory(folder.resolve("stores"));
        write(stores.resolve("one.p12"), List.of(xml), "correct horse");
        write(stores.resolve("two.p12"), List.of(ka), "correct horse");
        Path password = Files.writeString(folder.resolve("password"), "correct horse");
        KeyVault vault = open(
                stores,
                password,
                List.of(xml, ka),
                new ProductionRule(false),
                new ProofAuthority(),
                new RecordingListener());
        assertThat(vault.keys()).extracting("alias").containsExactly("is-ka", "is-xml");
        ContractKey renewed = ContractKey.of("is-ka", KeyPurpose.KEY_AGREEMENT, SUPPLIER);
        write(stores.resolve("three.p12"), List.of(renewed), "correct horse");
        KeyVaultException twice = catchThrowableOfType(
                KeyVaultException.class,
                () -> open(
                        stores,
                        password,
                        List.of(ka),
                        new ProductionRule(false),
                        new ProofAuthority(),
                        new RecordingListener()));
        assertThat(twice.kind()).isEqualTo(Kind.KEY_TWICE);
        assertThat(twice.getMessage())
                .contains(
                        "two.p12",
                        ka.certificate().getSerialNumber().toString(),
                        "three.p12",
                        renewed.certificate().getSerialNumber().toString());
        Files.delete(stores.resolve("two.p12"));
        assertThat(open(
                                stores,
                                password,
                                List.of(renewed),
                                new ProductionRule(false),
                                new ProofAuthority(),
                                new RecordingListener())
                        .certificate("is-ka"))
                .isEqualTo(renewed.certificate());
    }
}
