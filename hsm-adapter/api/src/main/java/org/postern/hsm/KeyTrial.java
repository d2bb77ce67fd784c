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
 * Tests whether a private key belongs to a certificate. For a signing key, it creates a signature and verifies it with
 * the certificate. For a key agreement key, it agrees a value with a new key pair, and compares it with the value that
 * results from the public key of the certificate. The label of a key on a token does not prove which key it is.
 */
public final class KeyTrial {

    private static final int SIGNATURE_BYTES = 64;

    private final EcProvider ec;
    private final SecureRandom random = new SecureRandom();

    public KeyTrial(EcProvider ec) {
        this.ec = Objects.requireNonNull(ec, "ec");
    }

    /**
     * Tests one key.
     *
     * @throws KeyVaultException KEY_MISMATCH, naming the alias and the certificate; or the failure that the token
     *     reports
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
        // the prefix ensures that this can never be a SignedInfo or a GBCS message
        byte[] input = ("Postern key test " + alias + " " + Sha256.hex(nonce)).getBytes(StandardCharsets.UTF_8);
        byte[] signature = key.sign(input, 0, input.length);
        if (signature.length != SIGNATURE_BYTES
                || !ec.verify(publicKey(alias, certificate), signature, input, 0, input.length)) {
            throw mismatch(alias, certificate);
        }
    }

    /**
     * Tests a key agreement key.
     *
     * @return duration of the one private-key operation, in nanoseconds
     * @throws KeyVaultException as {@link #run}
     */
    long agreement(String alias, X509Certificate certificate, RawKey key) {
        byte[] fromVault = null;
        byte[] fromCertificate = null;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair fresh = generator.generateKeyPair();
            long start = System.nanoTime();
            fromVault = key.agree(ec.publicKey(fresh.getPublic().getEncoded()));
            long nanos = System.nanoTime() - start;
            fromCertificate = ec.agree(ec.privateKey(fresh.getPrivate().getEncoded()), publicKey(alias, certificate));
            if (!Arrays.equals(fromVault, fromCertificate)) {
                throw mismatch(alias, certificate);
            }
            return nanos;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK supports P-256", e);
        } finally {
            wipe(fromVault);
            wipe(fromCertificate);
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

    private static KeyVaultException mismatch(String alias, X509Certificate certificate) {
        return new KeyVaultException(
                Kind.KEY_MISMATCH,
                alias,
                "a private key belongs to its certificate",
                "the key does not belong to the certificate with serial " + certificate.getSerialNumber()
                        + " issued by " + certificate.getIssuerX500Principal().getName(),
                "restore the key of that certificate: the vault retries by itself; or install the key and certificate of"
                        + " the new pair and reopen the vault (hsm:reopen)");
    }

    private static void wipe(byte @Nullable [] bytes) {
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
