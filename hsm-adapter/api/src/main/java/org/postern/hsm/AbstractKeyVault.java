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
 * The rules of every vault, whatever stores the keys. A provider implements only the raw operations of one key
 * ({@link RawKey}). Which operations are permitted, which proof they need and what is recorded is decided in this class
 * and cannot be overridden.
 */
public abstract class AbstractKeyVault implements KeyVault {

    /** Length in bytes of an agreed value Z. */
    public static final int Z_BYTES = 32;

    private static final int SIGNATURE_BYTES = 64;

    private final Map<String, StoredKey> keys;
    private final ProofAuthority authority;
    private final KeyUseListener listener;
    private final EcProvider ec;
    private final KeyTrial trial;
    private final SecureRandom random = new SecureRandom();
    /** Set while a key is known not to match its certificate or to give wrong results. */
    private volatile @Nullable KeyVaultException distrusted;

    private volatile @Nullable KeyVaultException trouble;

    /** The raw operations of one private key. Thread-safe; every failure is a {@link KeyVaultException}. */
    public interface RawKey {

        /** ECDSA over SHA-256 of the range. The result is 64 bytes: r, then s. */
        byte[] sign(byte[] input, int offset, int length);

        /** ECDH with a public key that is known to be on P-256. The result is 32 bytes, which the caller wipes. */
        byte[] agree(PublicKey peer);
    }

    /**
     * A key that a provider found.
     *
     * @param binding its entry in the settings
     * @param certificate its certificate
     * @param raw its operations
     */
    public record FoundKey(KeyBinding binding, X509Certificate certificate, RawKey raw) {}

    private record StoredKey(KeyEntry entry, X509Certificate certificate, PublicKey publicKey, RawKey raw) {}

    /**
     * Tests every key against its certificate before the vault can be used.
     *
     * @throws KeyVaultException BAD_SETTING where an alias occurs twice, one key has two purposes, or certificate and
     *     setting disagree; NOT_FOR_PRODUCTION for a test key in production mode; KEY_MISMATCH where a private key does
     *     not belong to its certificate
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
                        "a key has one purpose only",
                        "the same key is configured as " + same.alias() + " (" + same.purpose() + ")");
            }
            if (keys.put(
                            entry.alias(),
                            new StoredKey(
                                    entry, key.certificate(), publicKey(binding.alias(), key.certificate()), key.raw()))
                    != null) {
                throw bad(entry.alias(), "an alias names one key", "it is configured twice");
            }
        }
        found.forEach(key -> trial.run(key.binding().alias(), key.binding().purpose(), key.certificate(), key.raw()));
    }

    /**
     * Tests every key against its certificate again. While one of them fails, the vault returns no results. This
     * detects a token whose keys were replaced while its session still appears to work.
     *
     * @throws KeyVaultException KEY_MISMATCH, or the failure that the token reports
     */
    public final void tryKeys() {
        try {
            keys.values()
                    .forEach(
                            key -> trial.run(key.entry().alias(), key.entry().purpose(), key.certificate(), key.raw()));
            distrusted = null;
            trouble = null;
        } catch (KeyVaultException e) {
            rememberFailure(e);
            throw e;
        }
    }

    /**
     * The last failure of the vault itself, until an operation or {@link #tryKeys} succeeds. For status displays; never
     * blocks.
     */
    public final Optional<KeyVaultException> trouble() {
        KeyVaultException wrong = distrusted;
        return Optional.ofNullable(wrong != null ? wrong : trouble);
    }

    private void rememberFailure(KeyVaultException e) {
        if (e.kind() == Kind.KEY_MISMATCH || e.kind() == Kind.KEY_FAILED) {
            distrusted = e;
        }
        if (e.kind().mayPass()) {
            trouble = e;
        }
    }

    @Override
    public final byte[] signXml(String alias, byte[] signedInfo) {
        StoredKey key = key(alias);
        KeyUse use = use(Operation.SIGN_XML, key, "", signedInfo);
        return recorded(use, () -> {
            requirePurpose(key, KeyPurpose.XML_SIGNING);
            if (!SignedInfoProfile.matches(signedInfo)) {
                throw new KeyVaultException(
                        Kind.INPUT_REFUSED,
                        "SignedInfo",
                        "the canonical SignedInfo of the DUIS signature profile, never a digest",
                        "the bytes are not such a SignedInfo",
                        "canonicalise the one SignedInfo element, without white space");
            }
            // the signature is not verified here: that costs three times as much as signing, and the only effect of a
            // wrong signature is that the DCC refuses the document
            return rawSignature(key, signedInfo, 0);
        });
    }

    @Override
    public final byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand) {
        StoredKey key = key(alias);
        // copied, so that exactly the bytes that were checked are signed, even if another thread changes the array
        byte[] bytes = preCommand == null ? new byte[0] : preCommand.clone();
        KeyUse use = use(Operation.SIGN_PRE_COMMAND, key, proof == null ? "" : proof.requestId(), bytes);
        return recorded(use, () -> {
            requirePurpose(key, KeyPurpose.GBCS_SIGNING);
            PreCommandHeader header = PreCommandHeader.read(bytes);
            if (!header.originator().equals(key.entry().eui())) {
                throw new KeyVaultException(
                        Kind.INPUT_REFUSED,
                        alias,
                        "a key signs only for the party that it belongs to",
                        "the originator is " + header.originator() + ", the key belongs to "
                                + key.entry().eui(),
                        "use the originator's key");
            }
            authority.consume(proof, header.requestId(), bytes);
            return verifiedSignature(key, bytes, 1);
        });
    }

    @Override
    public final <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use) {
        StoredKey key = key(alias);
        boolean prepayment = key.entry().purpose() == KeyPurpose.PREPAYMENT_KEY_AGREEMENT;
        KeyUse what = use(
                prepayment ? Operation.AGREE_PREPAYMENT : Operation.AGREE,
                key,
                peer.getSerialNumber().toString(),
                peer.getPublicKey().getEncoded());
        byte[] z = recorded(what, () -> {
            if (purpose == null || purpose.signing()) {
                throw wrongPurpose(key, "key agreement was requested for purpose " + purpose);
            }
            requirePurpose(key, purpose);
            byte[] agreed = key.raw().agree(peerKey(peer));
            if (agreed.length != Z_BYTES) {
                Arrays.fill(agreed, (byte) 0);
                throw new KeyVaultException(
                        Kind.KEY_FAILED,
                        alias,
                        "an agreed value is 32 bytes long",
                        "the value has another length",
                        "test the token");
            }
            if (prepayment) {
                retestKey(key, agreed);
            }
            return agreed;
        });
        try {
            return use.apply(z);
        } finally {
            Arrays.fill(z, (byte) 0);
        }
    }

    // the counterpart of verifying a signature before it is returned: the digits of a token cannot be revoked, and a
    // wrong agreed value would only be noticed by the meter
    private void retestKey(StoredKey key, byte[] agreed) {
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
        return keys.values().stream().map(StoredKey::entry).toList();
    }

    @Override
    public final KeyTest test(String alias) {
        StoredKey key = key(alias);
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        KeyUse use = use(Operation.TEST, key, "", nonce);
        long[] nanos = new long[1];
        recorded(use, () -> {
            if (key.entry().purpose().signing()) {
                // the prefix ensures that this can never be a SignedInfo or a GBCS message
                byte[] input = ("Postern key test " + key.entry().alias() + " " + Sha256.hex(nonce))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                long start = System.nanoTime();
                byte[] signature = verifiedSignature(key, input, 0);
                nanos[0] = System.nanoTime() - start;
                return signature;
            }
            nanos[0] = trial.agreement(key.entry().alias(), key.certificate(), key.raw());
            return new byte[0];
        });
        return new KeyTest(alias, key.entry().purpose(), key.entry().publicKeySha256(), nanos[0] / 1000);
    }

    // verified before it is returned: a meter acts on it, and a faulty signature of a token may reveal its key
    private byte[] verifiedSignature(StoredKey key, byte[] bytes, int from) {
        byte[] signature = rawSignature(key, bytes, from);
        if (!ec.verify(key.publicKey(), signature, bytes, from, bytes.length - from)) {
            throw failed(key, "a signature of the key cannot be verified with its certificate");
        }
        return signature;
    }

    private static byte[] rawSignature(StoredKey key, byte[] bytes, int from) {
        byte[] signature = key.raw().sign(bytes, from, bytes.length - from);
        if (signature.length != SIGNATURE_BYTES) {
            throw failed(key, "a signature of the key is not 64 bytes long");
        }
        return signature;
    }

    /** An operation whose result is returned only after its use of the key has been recorded. */
    private interface Work {
        byte[] run();
    }

    private byte[] recorded(KeyUse use, Work work) {
        byte[] result;
        try {
            // a test is permitted, because it shows whether the key works again. The field is read once, because a
            // concurrent trial may clear it
            KeyVaultException wrong = distrusted;
            if (wrong != null && use.operation() != Operation.TEST) {
                throw wrong;
            }
            result = work.run();
        } catch (KeyVaultException e) {
            rememberFailure(e);
            notifyRefused(use, e);
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
                    "the use of a key is recorded before its result is returned",
                    "the security log did not accept the entry",
                    "check that the disk of the security log is available and has free space",
                    e);
        }
    }

    private void notifyRefused(KeyUse use, KeyVaultException why) {
        try {
            listener.refused(use, why);
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private StoredKey key(String alias) {
        StoredKey key = alias == null ? null : keys.get(alias);
        if (key == null) {
            throw new KeyVaultException(
                    Kind.NO_SUCH_KEY,
                    String.valueOf(alias),
                    "the alias is in the setting keys of the vault",
                    "the alias is unknown",
                    "list the aliases with the console command hsm:keys");
        }
        return key;
    }

    private static void requirePurpose(StoredKey key, KeyPurpose purpose) {
        if (key.entry().purpose() != purpose) {
            throw wrongPurpose(key, "the operation needs a key for " + purpose);
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
                    "the certificate has no such key",
                    "use the Key Agreement certificate of the party",
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
                    "the keys of the vault are on curve P-256",
                    "the key of the certificate is not",
                    "use another key",
                    e);
        }
    }

    private static KeyUse use(Operation operation, StoredKey key, String object, byte[] input) {
        return new KeyUse(
                operation,
                key.entry().alias(),
                key.entry().purpose(),
                key.entry().eui(),
                object,
                Sha256.hex(input == null ? new byte[0] : input));
    }

    private static KeyVaultException wrongPurpose(StoredKey key, String cause) {
        return new KeyVaultException(
                Kind.WRONG_PURPOSE,
                key.entry().alias(),
                "the key is for " + key.entry().purpose(),
                cause,
                "use the alias of a key for that purpose");
    }

    private static KeyVaultException failed(StoredKey key, String cause) {
        return new KeyVaultException(
                Kind.KEY_FAILED,
                key.entry().alias(),
                "a key gives correct results",
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
