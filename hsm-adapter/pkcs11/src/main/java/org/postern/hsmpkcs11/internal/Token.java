package org.postern.hsmpkcs11.internal;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.AbstractKeyVault.FoundKey;
import org.postern.hsm.AbstractKeyVault.RawKey;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyTrial;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of the vault: one session for all operations, replaced when the token reports that it no longer exists. An
 * operation that fails because of a lost session is retried once on the new one; signing and key agreement may safely
 * be repeated. A new session is used only after its keys have been tested against the certificates with which the vault
 * was opened.
 */
final class Token {

    private static final Logger LOG = LoggerFactory.getLogger(Token.class);
    private static final Duration BETWEEN_LOGINS = Duration.ofSeconds(2);
    private static final int SPARE_SIGNATURES = 16;

    private final Path library;
    private final String label;
    private final Supplier<char[]> pin;
    private final List<KeyBinding> bindings;
    private final Map<String, X509Certificate> certificates = new HashMap<>();
    private final KeyTrial trial;
    private final BoundedCalls calls;
    private final LongSupplier nanos;

    /** Null where the last session was lost and no new session with correct keys exists. */
    private volatile @Nullable TokenSession session;

    private @Nullable KeyVaultException refusedPermanently;
    private @Nullable KeyVaultException lastFailure;
    private long failedAt;

    Token(
            Path library,
            String label,
            Supplier<char[]> pin,
            List<KeyBinding> bindings,
            KeyTrial trial,
            BoundedCalls calls,
            LongSupplier nanos) {
        this.library = library;
        this.label = label;
        this.pin = pin;
        this.bindings = bindings;
        this.trial = trial;
        this.calls = calls;
        this.nanos = nanos;
        TokenSession first = login();
        bindings.forEach(binding -> certificates.put(binding.alias(), first.certificate(binding)));
        this.session = first;
    }

    List<FoundKey> keys() {
        List<FoundKey> found = new ArrayList<>();
        for (KeyBinding binding : bindings) {
            found.add(new FoundKey(binding, certificate(binding), new TokenKey(binding)));
        }
        return found;
    }

    private X509Certificate certificate(KeyBinding binding) {
        return Objects.requireNonNull(
                certificates.get(binding.alias()), "the certificate of every binding was fetched");
    }

    private TokenSession login() {
        char[] secret = pin.get();
        try {
            TokenSession opened = new TokenSession(library, label, secret);
            opened.fetch(bindings);
            return opened;
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private synchronized TokenSession replace(@Nullable TokenSession lost) {
        TokenSession now = session;
        if (now != null && now != lost) {
            return now;
        }
        if (refusedPermanently != null) {
            throw refusedPermanently;
        }
        if (lastFailure != null && nanos.getAsLong() - failedAt < BETWEEN_LOGINS.toNanos()) {
            throw lastFailure;
        }
        // handles of the lost session may refer to other keys by now, so it is not used again, even if the new session
        // fails
        session = null;
        try {
            TokenSession fresh = login();
            tryKeys(fresh);
            session = fresh;
            lastFailure = null;
            LOG.info("Token {}: logged in again; its keys are unchanged", label);
            return fresh;
        } catch (KeyVaultException e) {
            lastFailure = e;
            failedAt = nanos.getAsLong();
            LOG.error("Token {}: {}", label, e.fault());
            if (e.kind() == Kind.PIN_REJECTED) {
                refusedPermanently = e;
            }
            throw e;
        }
    }

    private void tryKeys(TokenSession fresh) {
        for (KeyBinding binding : bindings) {
            trial.run(binding.alias(), binding.purpose(), certificate(binding), new RawKey() {
                @Override
                public byte[] sign(byte[] input, int offset, int length) {
                    return on(fresh, open -> signed(signature(open, binding), input, offset, length));
                }

                @Override
                public byte[] agree(PublicKey peer) {
                    return on(fresh, open -> agreed(open, binding, peer));
                }
            });
        }
    }

    private static byte[] on(TokenSession open, Operation operation) {
        try {
            return operation.on(open);
        } catch (GeneralSecurityException | ProviderException e) {
            throw TokenSession.offline(e);
        }
    }

    /** An operation that uses a session. */
    private interface Operation {
        byte[] on(TokenSession session) throws GeneralSecurityException;
    }

    private byte[] run(Operation operation) {
        return calls.call(() -> runOrRetry(operation));
    }

    private byte[] runOrRetry(Operation operation) {
        TokenSession open = session;
        if (open != null) {
            try {
                return operation.on(open);
            } catch (GeneralSecurityException | ProviderException e) {
                LOG.warn("Token {}: {}; logging in again", label, TokenSession.reason(e));
            }
        }
        return on(replace(open), operation);
    }

    private static Signature signature(TokenSession open, KeyBinding binding) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", open.provider());
        signature.initSign(open.key(binding.entry()));
        return signature;
    }

    private static byte[] signed(Signature signature, byte[] input, int offset, int length)
            throws GeneralSecurityException {
        signature.update(input, offset, length);
        return signature.sign();
    }

    private static byte[] agreed(TokenSession open, KeyBinding binding, PublicKey peer)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH", open.provider());
        agreement.init(open.key(binding.entry()));
        agreement.doPhase(peer, true);
        return padded(agreement.generateSecret());
    }

    private static byte[] padded(byte[] z) {
        if (z.length >= AbstractKeyVault.Z_BYTES) {
            return z;
        }
        byte[] padded = new byte[AbstractKeyVault.Z_BYTES];
        System.arraycopy(z, 0, padded, padded.length - z.length, z.length);
        Arrays.fill(z, (byte) 0);
        return padded;
    }

    /** One key. It reuses initialised Signature objects, which saves a fifth of the cost of each signature. */
    private final class TokenKey implements RawKey {

        private final KeyBinding binding;
        private final Queue<Spare> spares = new ConcurrentLinkedQueue<>();

        private record Spare(TokenSession session, Signature signature) {}

        TokenKey(KeyBinding binding) {
            this.binding = binding;
        }

        @Override
        public byte[] sign(byte[] input, int offset, int length) {
            return run(open -> {
                Signature signature = spare(open);
                byte[] value = signed(signature, input, offset, length);
                if (spares.size() < SPARE_SIGNATURES) {
                    spares.offer(new Spare(open, signature));
                }
                return value;
            });
        }

        private Signature spare(TokenSession open) throws GeneralSecurityException {
            for (Spare spare = spares.poll(); spare != null; spare = spares.poll()) {
                if (spare.session() == open) {
                    return spare.signature();
                }
            }
            return signature(open, binding);
        }

        @Override
        public byte[] agree(PublicKey peer) {
            return run(open -> agreed(open, binding, peer));
        }
    }
}
