package org.postern.hsm;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault.RawKey;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * Tries a private key against its certificate: a signature that the certificate has to verify, or an agreement with a
 * fresh key whose value the certificate's public key has to give as well. A name on a token says nothing about what
 * lies behind it.
 */
public final class KeyTrial {

    private static final int SIGNATURE_BYTES = 64;

    private final EcProvider ec;
    private final SecureRandom random = new SecureRandom();

    public KeyTrial(EcProvider ec) {
        this.ec = Objects.requireNonNull(ec, "ec");
    }

    /**
     * Tries one key.
     *
     * @throws KeyVaultException KEY_MISMATCH, naming the alias and the certificate; or what the token says
     */
    public void run(String alias, KeyPurpose purpose, X509Certificate certificate, RawKey key) {
        if (purpose.signing()) {
            signature(alias, certificate, key);
        } else {
            agreement(alias, certificate, key);
        }
    }

    private void signature(String alias, X509Certificate certificate, RawKey key) {
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        // the text in front keeps this from ever being a SignedInfo or a GBCS message
        byte[] input = ("Postern key test " + alias + " " + Sha256.hex(nonce)).getBytes(StandardCharsets.UTF_8);
        byte[] signature = key.sign(input, 0, input.length);
        if (signature.length != SIGNATURE_BYTES
                || !ec.verify(publicKey(alias, certificate), signature, input, 0, input.length)) {
            throw mismatch(alias, certificate);
        }
    }

    /**
     * Tries a key that agrees.
     *
     * @return nanoseconds of the one private-key operation
     * @throws KeyVaultException as {@link #run}
     */
    long agreement(String alias, X509Certificate certificate, RawKey key) {
        byte[] here = null;
        byte[] there = null;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair fresh = generator.generateKeyPair();
            long start = System.nanoTime();
            here = key.agree(ec.publicKey(fresh.getPublic().getEncoded()));
            long nanos = System.nanoTime() - start;
            there = ec.agree(ec.privateKey(fresh.getPrivate().getEncoded()), publicKey(alias, certificate));
            if (!Arrays.equals(here, there)) {
                throw mismatch(alias, certificate);
            }
            return nanos;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        } finally {
            wipe(here);
            wipe(there);
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

    private static KeyVaultException mismatch(String alias, X509Certificate certificate) {
        return new KeyVaultException(
                Kind.KEY_MISMATCH,
                alias,
                "a private key is the one that its certificate is for",
                "the key is not the one of certificate serial " + certificate.getSerialNumber() + " issued by "
                        + certificate.getIssuerX500Principal().getName(),
                "put the key of that certificate back, the vault tries again by itself; or put key and certificate of the new pair"
                        + " there and open the vault again (hsm:reopen)");
    }

    private static void wipe(byte @Nullable [] bytes) {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
