package org.postern.hsm;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.KeyUse.Operation;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * The rules that hold whoever keeps the keys. A provider gives the raw operations of one key ({@link RawKey}); what may
 * be done with it, with which evidence and which record is decided here and cannot be overridden.
 */
public abstract class AbstractKeyVault implements KeyVault {

    /** Bytes of an agreed value Z. */
    public static final int Z_BYTES = 32;

    private static final int SIGNATURE_BYTES = 64;

    private final Map<String, Held> keys;
    private final ProofAuthority authority;
    private final KeyUseListener listener;
    private final EcProvider ec;
    private final KeyTrial trial;
    /** Set while a key is known to be wrong. */
    private volatile @Nullable KeyVaultException distrusted;

    private volatile @Nullable KeyVaultException trouble;

    /** The raw operations of one private key. Safe for use by many threads; failures as {@link KeyVaultException}. */
    public interface RawKey {

        /** ECDSA over SHA-256 of the range; 64 bytes, r then s. */
        byte[] sign(byte[] input, int offset, int length);

        /** ECDH with a point that was checked to be on P-256; 32 bytes, wiped by the caller. */
        byte[] agree(PublicKey peer);
    }

    /**
     * A key that a provider found.
     *
     * @param binding what the settings say of it
     * @param certificate its certificate
     * @param raw its operations
     */
    public record FoundKey(KeyBinding binding, X509Certificate certificate, RawKey raw) {}

    private record Held(KeyEntry entry, X509Certificate certificate, PublicKey publicKey, RawKey raw) {}

    /**
     * Tries every key against its certificate before anything can be asked of it.
     *
     * @throws KeyVaultException BAD_SETTING where an alias comes twice, one key has two purposes, or certificate and
     *     setting disagree; NOT_FOR_PRODUCTION for a test key in production mode; KEY_MISMATCH where a private key is
     *     not the certificate's
     */
    protected AbstractKeyVault(
            List<FoundKey> found,
            ProductionRule production,
            ProofAuthority authority,
            KeyUseListener listener,
            EcProvider ec) {
        this.authority = Objects.requireNonNull(authority, "authority");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.ec = Objects.requireNonNull(ec, "ec");
        this.trial = new KeyTrial(ec);
        this.keys = new TreeMap<>();
        Map<String, KeyEntry> byPublicKey = new TreeMap<>();
        for (FoundKey key : found) {
            KeyBinding binding = key.binding();
            production.check(binding.alias(), key.certificate());
            CertificateRule.check(binding, key.certificate());
            KeyEntry entry = new KeyEntry(
                    binding.alias(),
                    binding.purpose(),
                    binding.eui(),
                    Sha256.hex(key.certificate().getPublicKey().getEncoded()),
                    key.certificate().getIssuerX500Principal().getName(),
                    key.certificate().getSerialNumber().toString(),
                    key.certificate().getNotAfter().toInstant());
            KeyEntry same = byPublicKey.putIfAbsent(entry.publicKeySha256(), entry);
            if (same != null && same.purpose() != entry.purpose()) {
                throw bad(
                        entry.alias(),
                        "a key has one purpose",
                        "the same key is " + same.alias() + " (" + same.purpose() + ")");
            }
            if (keys.put(
                            entry.alias(),
                            new Held(
                                    entry, key.certificate(), publicKey(binding.alias(), key.certificate()), key.raw()))
                    != null) {
                throw bad(entry.alias(), "an alias names one key", "it is configured twice");
            }
        }
        found.forEach(key -> trial.run(key.binding().alias(), key.binding().purpose(), key.certificate(), key.raw()));
    }

    /**
     * Tries every key against its certificate again. Until all agree, nothing is given out: a token whose keys were
     * exchanged behind a session that looks alive is found here.
     *
     * @throws KeyVaultException KEY_MISMATCH, or what the token says
     */
    public final void tryKeys() {
        try {
            keys.values()
                    .forEach(
                            key -> trial.run(key.entry().alias(), key.entry().purpose(), key.certificate(), key.raw()));
            distrusted = null;
            trouble = null;
        } catch (KeyVaultException e) {
            noted(e);
            throw e;
        }
    }

    /**
     * What the vault itself last failed with, until an operation or {@link #tryKeys} succeeds; for people, never
     * blocks.
     */
    public final Optional<KeyVaultException> trouble() {
        KeyVaultException wrong = distrusted;
        return Optional.ofNullable(wrong != null ? wrong : trouble);
    }

    private void noted(KeyVaultException e) {
        if (e.kind() == Kind.KEY_MISMATCH || e.kind() == Kind.KEY_FAILED) {
            distrusted = e;
        }
        if (e.kind().mayPass()) {
            trouble = e;
        }
    }

    @Override
    public final byte[] signXml(String alias, byte[] signedInfo) {
        Held key = key(alias);
        KeyUse use = use(Operation.SIGN_XML, key, "", signedInfo);
        return recorded(use, () -> {
            requirePurpose(key, KeyPurpose.XML_SIGNING);
            if (!SignedInfoProfile.matches(signedInfo)) {
                throw new KeyVaultException(
                        Kind.INPUT_REFUSED,
                        "SignedInfo",
                        "the canonical SignedInfo of the DUIS profile, never a digest",
                        "these bytes are something else",
                        "canonicalise the one SignedInfo element, without white space");
            }
            // not verified again: that costs three times the signature, and a wrong one does no more than be refused by
            // the DCC
            return rawSignature(key, signedInfo, 0);
        });
    }

    @Override
    public final byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand) {
        Held key = key(alias);
        // a copy: the bytes that were checked have to be the bytes that are signed, whatever another thread does to the
        // array
        byte[] bytes = preCommand == null ? new byte[0] : preCommand.clone();
        KeyUse use = use(Operation.SIGN_PRE_COMMAND, key, proof == null ? "" : proof.requestId(), bytes);
        return recorded(use, () -> {
            requirePurpose(key, KeyPurpose.GBCS_SIGNING);
            PreCommandHeader header = PreCommandHeader.read(bytes);
            if (!header.originator().equals(key.entry().eui())) {
                throw new KeyVaultException(
                        Kind.INPUT_REFUSED,
                        alias,
                        "a key signs for the party that it belongs to",
                        "the originator is " + header.originator() + ", the key belongs to "
                                + key.entry().eui(),
                        "use the originator's key");
            }
            authority.consume(proof, header.requestId(), bytes);
            return signed(key, bytes, 1);
        });
    }

    @Override
    public final <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use) {
        Held key = key(alias);
        boolean prepayment = key.entry().purpose() == KeyPurpose.PREPAYMENT_KEY_AGREEMENT;
        KeyUse what = use(
                prepayment ? Operation.AGREE_PREPAYMENT : Operation.AGREE,
                key,
                peer.getSerialNumber().toString(),
                peer.getPublicKey().getEncoded());
        byte[] z = recorded(what, () -> {
            if (purpose == null || purpose.signing()) {
                throw wrongPurpose(key, "asked to agree as " + purpose);
            }
            requirePurpose(key, purpose);
            byte[] agreed = key.raw().agree(peerKey(peer));
            if (agreed.length != Z_BYTES) {
                Arrays.fill(agreed, (byte) 0);
                throw new KeyVaultException(
                        Kind.KEY_FAILED,
                        alias,
                        "an agreed value has 32 bytes",
                        "it has another length",
                        "test the token");
            }
            if (prepayment) {
                provedWith(key, agreed);
            }
            return agreed;
        });
        try {
            return use.apply(z);
        } finally {
            Arrays.fill(z, (byte) 0);
        }
    }

    // as a signature is verified before it is given away: digits of a token cannot be called back, and only a meter
    // would notice
    private void provedWith(Held key, byte[] agreed) {
        try {
            trial.run(key.entry().alias(), key.entry().purpose(), key.certificate(), key.raw());
        } catch (KeyVaultException e) {
            Arrays.fill(agreed, (byte) 0);
            throw e;
        }
    }

    @Override
    public final X509Certificate certificate(String alias) {
        return key(alias).certificate();
    }

    @Override
    public final List<KeyEntry> keys() {
        return keys.values().stream().map(Held::entry).toList();
    }

    @Override
    public final KeyTest test(String alias) {
        Held key = key(alias);
        byte[] nonce = new byte[32];
        new SecureRandom().nextBytes(nonce);
        KeyUse use = use(Operation.TEST, key, "", nonce);
        long[] nanos = new long[1];
        recorded(use, () -> {
            if (key.entry().purpose().signing()) {
                // the text in front keeps this from ever being a SignedInfo or a GBCS message
                byte[] input = ("Postern key test " + key.entry().alias() + " " + Sha256.hex(nonce))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                long start = System.nanoTime();
                byte[] signature = signed(key, input, 0);
                nanos[0] = System.nanoTime() - start;
                return signature;
            }
            nanos[0] = trial.agreement(key.entry().alias(), key.certificate(), key.raw());
            return new byte[0];
        });
        return new KeyTest(alias, key.entry().purpose(), key.entry().publicKeySha256(), nanos[0] / 1000);
    }

    // verified before it is given away: a meter acts on it, and a faulty token must not hand out what leaks its key
    private byte[] signed(Held key, byte[] bytes, int from) {
        byte[] signature = rawSignature(key, bytes, from);
        if (!ec.verify(key.publicKey(), signature, bytes, from, bytes.length - from)) {
            throw failed(key, "its signature does not verify with its certificate");
        }
        return signature;
    }

    private static byte[] rawSignature(Held key, byte[] bytes, int from) {
        byte[] signature = key.raw().sign(bytes, from, bytes.length - from);
        if (signature.length != SIGNATURE_BYTES) {
            throw failed(key, "its signature has not 64 bytes");
        }
        return signature;
    }

    /** An operation whose result is withheld until it is on record. */
    private interface Work {
        byte[] run();
    }

    private byte[] recorded(KeyUse use, Work work) {
        byte[] result;
        try {
            // a test is how one finds out whether the key is right again
            // read once: a trial that ends meanwhile clears it
            KeyVaultException wrong = distrusted;
            if (wrong != null && use.operation() != Operation.TEST) {
                throw wrong;
            }
            result = work.run();
        } catch (KeyVaultException e) {
            noted(e);
            tellRefused(use, e);
            throw e;
        }
        if (trouble != null) {
            trouble = null;
        }
        if (use.operation() == Operation.AGREE) {
            return result;
        }
        try {
            listener.beforeRelease(use);
            return result;
        } catch (RuntimeException e) {
            wipe(result);
            throw new KeyVaultException(
                    Kind.NOT_LOGGED,
                    use.alias(),
                    "a key's use is on record before its result is given away",
                    "the security log did not take the entry",
                    "see that the security log's disk is there and has room",
                    e);
        }
    }

    private void tellRefused(KeyUse use, KeyVaultException why) {
        try {
            listener.refused(use, why);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private Held key(String alias) {
        Held key = alias == null ? null : keys.get(alias);
        if (key == null) {
            throw new KeyVaultException(
                    Kind.NO_SUCH_KEY,
                    String.valueOf(alias),
                    "the alias is one of the vault's setting keys",
                    "it is not",
                    "see hsm:keys for the aliases there are");
        }
        return key;
    }

    private static void requirePurpose(Held key, KeyPurpose purpose) {
        if (key.entry().purpose() != purpose) {
            throw wrongPurpose(key, "asked for " + purpose);
        }
    }

    private PublicKey peerKey(X509Certificate peer) {
        try {
            return ec.publicKey(peer);
        } catch (EcException e) {
            throw new KeyVaultException(
                    Kind.INPUT_REFUSED,
                    "peer certificate " + peer.getSerialNumber(),
                    "a P-256 public key",
                    "it has none",
                    "give the party's Key Agreement certificate",
                    e);
        }
    }

    private PublicKey publicKey(String alias, X509Certificate certificate) {
        try {
            return ec.publicKey(certificate);
        } catch (EcException e) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    alias,
                    "the vault's keys are on P-256",
                    "the certificate's is not",
                    "use another key",
                    e);
        }
    }

    private static KeyUse use(Operation operation, Held key, String object, byte[] input) {
        return new KeyUse(
                operation,
                key.entry().alias(),
                key.entry().purpose(),
                key.entry().eui(),
                object,
                Sha256.hex(input == null ? new byte[0] : input));
    }

    private static KeyVaultException wrongPurpose(Held key, String cause) {
        return new KeyVaultException(
                Kind.WRONG_PURPOSE,
                key.entry().alias(),
                "the key is for " + key.entry().purpose(),
                cause,
                "use the alias of the key that is for it");
    }

    private static KeyVaultException failed(Held key, String cause) {
        return new KeyVaultException(
                Kind.KEY_FAILED,
                key.entry().alias(),
                "a key gives right results",
                cause,
                "test the token; do not use this key");
    }

    private static KeyVaultException bad(String field, String rule, String cause) {
        return new KeyVaultException(Kind.BAD_SETTING, field, rule, cause, "correct the setting keys");
    }

    private static void wipe(byte[] bytes) {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
