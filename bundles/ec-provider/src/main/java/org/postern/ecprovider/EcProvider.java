package org.postern.ecprovider;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import org.postern.ecprovider.internal.Choice;

/**
 * Signing, verifying and key agreement on P-256 by one chosen provider: Amazon Corretto Crypto Provider (native) where
 * it loads, else Bouncy Castle, else the JDK's own SunEC.
 *
 * <p>The provider is used as an instance and never registered with {@link java.security.Security}, so that nothing else
 * in the process changes its behaviour. A key made by another provider costs as much as the operation itself to
 * translate: build keys once with {@link #privateKey(byte[])} and {@link #publicKey(X509Certificate)}, and keep them.
 *
 * <p>Signatures are 64 bytes, r then s, each big-endian and padded to 32 (IEEE P1363), over SHA-256 of the input.
 * Implementations are safe for use by many threads.
 */
public interface EcProvider {

    /** The providers known here, fastest first. */
    enum Kind {
        /** Amazon Corretto Crypto Provider, native code on Linux x86-64. */
        ACCP,
        /** Bouncy Castle, pure Java. */
        BOUNCY_CASTLE,
        /** The JDK's own; correct and slow on JDK 17. */
        SUN_EC
    }

    /**
     * The first provider of {@link Kind} that loads and passes a sign-and-verify check, for use outside OSGi. Inside,
     * ask the service registry for this interface.
     */
    static EcProvider fastest() {
        return Choice.fastest();
    }

    /**
     * That provider, whichever others there are.
     *
     * @throws EcException PROVIDER_FAILED where it does not load or fails its check
     */
    static EcProvider of(Kind kind) {
        return Choice.of(kind);
    }

    /** Which provider does the work. */
    Kind kind();

    /** Name and version, and why faster ones were passed over, for people. */
    String description();

    /** Mean time of one signature in the start-up check, in microseconds. */
    double signMicroseconds();

    /**
     * The private key in this provider's own form.
     *
     * @param pkcs8 unencrypted PKCS#8 DER; the caller may wipe it afterwards
     * @throws EcException BAD_KEY where it is not a P-256 private key
     */
    PrivateKey privateKey(byte[] pkcs8);

    /**
     * The public key in this provider's own form.
     *
     * @param subjectPublicKeyInfo DER
     * @throws EcException BAD_KEY where it is not a point on P-256
     */
    PublicKey publicKey(byte[] subjectPublicKeyInfo);

    /**
     * The certificate's public key in this provider's own form. Says nothing about the certificate's validity.
     *
     * @throws EcException BAD_KEY where it is not a point on P-256
     */
    default PublicKey publicKey(X509Certificate certificate) {
        return publicKey(certificate.getPublicKey().getEncoded());
    }

    /** ECDSA over SHA-256 of the range of {@code input}; 64 bytes. */
    byte[] sign(PrivateKey key, byte[] input, int offset, int length);

    /** ECDSA over SHA-256 of the whole input; 64 bytes. */
    default byte[] sign(PrivateKey key, byte[] input) {
        return sign(key, input, 0, input.length);
    }

    /**
     * True where {@code signature} (64 bytes) is the key's over SHA-256 of the range; false for anything else, however
     * malformed.
     */
    boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length);

    /** As above, over the whole input. */
    default boolean verify(PublicKey key, byte[] signature, byte[] input) {
        return verify(key, signature, input, 0, input.length);
    }

    /** The agreed value Z of ECDH: the x-coordinate, 32 bytes, left-padded. The caller wipes it. */
    byte[] agree(PrivateKey own, PublicKey peer);
}
