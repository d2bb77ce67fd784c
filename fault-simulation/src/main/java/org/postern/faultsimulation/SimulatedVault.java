package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.postern.catalogue.Sha256;
import org.postern.hsm.CorrelationProof;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyTest;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.ProofMint;
import org.postern.hsmsoftware.internal.SoftwareKeyVault;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.internal.FileSecurityLog;
import org.postern.securitylogging.internal.SecurityLogComponent;

/** The software vault, which outlives the process as a token does, and the one correlator whose proofs it takes. */
final class SimulatedVault {

    private final World world;
    private final KeyVault keys;
    private final Correlator correlator;
    private final Map<String, Integer> released = new TreeMap<>();
    private KeyUseListener listener;

    SimulatedVault(World world, Keys shared) {
        this.world = world;
        Path vault = shared.pki.folder().resolve("postern/vault");
        ProofAuthority authority = new ProofAuthority();
        keys = new SoftwareKeyVault(
                settings(
                        SoftwareKeyVault.Config.class,
                        Map.of(
                                "production",
                                false,
                                "keyStore",
                                vault.resolve("keys.p12").toString(),
                                "passwordFile",
                                vault.resolve("keys.password").toString(),
                                "keys",
                                names(vault))),
                authority,
                new Listener(),
                world.ec());
        ProofMint mint = authority.claim();
        correlator = world.plants().correlator(Correlator.withProof(Correlator.DEFAULT_TOLERANCE, mint), mint);
    }

    private static String[] names(Path vault) {
        try {
            return Files.readAllLines(vault.resolve("keys.txt")).stream()
                    .filter(line -> line.contains("="))
                    .toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T extends Annotation> T settings(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> values.containsKey(method.getName())
                        ? values.get(method.getName())
                        : method.getDefaultValue()));
    }

    /** Signatures that left the vault, by {@link #use}, and how often. */
    Map<String, Integer> released() {
        return released;
    }

    /** One use of a key, in one line. */
    static String use(String operation, String alias, String digest) {
        return operation + " " + alias + " " + digest;
    }

    private byte[] released(String operation, String alias, byte[] input, byte[] signature) {
        String use = use(operation, alias, Sha256.hex(input));
        released.merge(use, 1, Integer::sum);
        world.trace().add("signed " + use + " " + Sha256.hex(signature));
        return signature;
    }

    Correlator correlator() {
        return correlator;
    }

    /** As one life of the appliance's process has it, with each use in that life's security log. */
    KeyVault forLife(Appliance appliance, FileSecurityLog log) {
        listener = new SecurityLogComponent(log);
        return new OfLife(appliance);
    }

    private final class Listener implements KeyUseListener {

        @Override
        public void beforeRelease(KeyUse use) {
            if (!world.plants().unlogged(use)) {
                listener.beforeRelease(use);
            }
        }

        @Override
        public void refused(KeyUse use, KeyVaultException why) {
            listener.refused(use, why);
        }
    }

    private final class OfLife implements KeyVault {

        private final Appliance appliance;

        private OfLife(Appliance appliance) {
            this.appliance = appliance;
        }

        private <T> T used(java.util.function.Supplier<T> use) {
            appliance.effect("before a use of a key");
            if (world.vaultAway()) {
                throw new KeyVaultException(
                        KeyVaultException.Kind.TOKEN_OFFLINE,
                        "vault",
                        "the token answers",
                        "the simulated token is away",
                        "wait");
            }
            T result = use.get();
            appliance.effect("after a use of a key");
            return result;
        }

        @Override
        public byte[] signXml(String alias, byte[] signedInfo) {
            return used(() -> released("SIGN_XML", alias, signedInfo, keys.signXml(alias, signedInfo)));
        }

        @Override
        public byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand) {
            return used(() ->
                    released("SIGN_PRE_COMMAND", alias, preCommand, keys.signPreCommand(alias, proof, preCommand)));
        }

        @Override
        public <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use) {
            return used(() -> keys.agree(alias, purpose, peer, use));
        }

        @Override
        public X509Certificate certificate(String alias) {
            return keys.certificate(alias);
        }

        @Override
        public List<KeyEntry> keys() {
            return keys.keys();
        }

        @Override
        public KeyTest test(String alias) {
            return keys.test(alias);
        }
    }
}
