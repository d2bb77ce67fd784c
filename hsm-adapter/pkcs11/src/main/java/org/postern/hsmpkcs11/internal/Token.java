package org.postern.hsmpkcs11.internal;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import javax.crypto.KeyAgreement;
import org.postern.hsm.AbstractKeyVault.FoundKey;
import org.postern.hsm.AbstractKeyVault.RawKey;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token behind the vault: one session of many operations, replaced when the token reports it gone. An operation that
 * meets a dead session is tried once more on the new one; signing and agreeing twice does no harm.
 */
final class Token {

    private static final Logger LOG = LoggerFactory.getLogger(Token.class);
    private static final Duration BETWEEN_LOGINS = Duration.ofSeconds(2);
    private static final int SPARE_SIGNATURES = 16;

    private final Path library;
    private final String label;
    private final Supplier<char[]> pin;
    private final List<KeyBinding> bindings;
    private final Clock clock;

    private volatile TokenSession session;
    private KeyVaultException refusedForGood;
    private Instant lastFailure = Instant.MIN;

    Token(Path library, String label, Supplier<char[]> pin, List<KeyBinding> bindings, Clock clock) {
        this.library = library;
        this.label = label;
        this.pin = pin;
        this.bindings = bindings;
        this.clock = clock;
        this.session = login();
    }

    List<FoundKey> keys() {
        TokenSession open = session;
        List<FoundKey> found = new ArrayList<>();
        for (KeyBinding binding : bindings) {
            found.add(new FoundKey(binding, open.certificate(binding), new TokenKey(binding)));
        }
        return found;
    }

    private TokenSession login() {
        char[] secret = pin.get();
        try {
            TokenSession opened = new TokenSession(library, new Cryptoki(library).slotIndex(label), secret);
            opened.fetch(bindings);
            return opened;
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private synchronized TokenSession replace(TokenSession dead) {
        if (session != dead) {
            return session;
        }
        if (refusedForGood != null) {
            throw refusedForGood;
        }
        if (Duration.between(lastFailure, clock.instant()).compareTo(BETWEEN_LOGINS) < 0) {
            throw new KeyVaultException(Kind.TOKEN_OFFLINE, "token " + label, "the token answers", "it did not a moment ago",
                    "check the token; the vault tries again by itself");
        }
        try {
            session = login();
            LOG.info("Token {}: logged in again", label);
            return session;
        } catch (KeyVaultException e) {
            lastFailure = clock.instant();
            if (e.kind() == Kind.PIN_REJECTED) {
                refusedForGood = e;
            }
            throw e;
        }
    }

    /** What is done with a session. */
    private interface Operation {
        byte[] on(TokenSession session) throws GeneralSecurityException;
    }

    private byte[] run(Operation operation) {
        TokenSession open = session;
        try {
            return operation.on(open);
        } catch (GeneralSecurityException | ProviderException e) {
            LOG.warn("Token {}: {}; logging in again", label, TokenSession.reason(e));
        }
        TokenSession fresh = replace(open);
        try {
            return operation.on(fresh);
        } catch (GeneralSecurityException | ProviderException e) {
            throw TokenSession.offline(e);
        }
    }

    /** One key: its spare Signature objects stay initialised, which saves a fifth of each signature's cost. */
    private final class TokenKey implements RawKey {

        private final KeyBinding binding;
        private final Queue<Spare> spares = new ConcurrentLinkedQueue<>();

        private record Spare(TokenSession session, Signature signature) {
        }

        TokenKey(KeyBinding binding) {
            this.binding = binding;
        }

        @Override
        public byte[] sign(byte[] input, int offset, int length) {
            return run(open -> {
                Signature signature = spare(open);
                signature.update(input, offset, length);
                byte[] value = signature.sign();
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
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", open.provider());
            signature.initSign(open.key(binding.entry()));
            return signature;
        }

        @Override
        public byte[] agree(PublicKey peer) {
            return run(open -> {
                PrivateKey own = open.key(binding.entry());
                KeyAgreement agreement = KeyAgreement.getInstance("ECDH", open.provider());
                agreement.init(own);
                agreement.doPhase(peer, true);
                return padded(agreement.generateSecret());
            });
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
    }
}
