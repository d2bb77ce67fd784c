package org.postern.ecprovider;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import org.postern.ecprovider.internal.Choice;

/**
 * Signing, verification and key agreement on P-256 by one selected provider: Amazon Corretto Crypto Provider (native)
 * where it can be loaded, otherwise Bouncy Castle, otherwise SunEC of the JDK.
 *
 * <p>The provider is used as an instance and never registered with {@link java.security.Security}, so that it does not
 * affect other code of the process. To convert a key of another provider costs as much as the operation itself, so
 * create keys once with {@link #privateKey(byte[])} and {@link #publicKey(X509Certificate)}, and reuse them.
 *
 * <p>Signatures are 64 bytes, r then s, each big-endian and padded to 32 (IEEE P1363), over SHA-256 of the input.
 * Implementations are thread-safe.
 */
public interface EcProvider {

    /** The supported providers, fastest first. */
    enum Kind {
        /** Amazon Corretto Crypto Provider, native code on Linux x86-64. */
        ACCP,
        /** Bouncy Castle, pure Java. */
        BOUNCY_CASTLE,
        /** The provider of the JDK; slow on JDK 17. */
        SUN_EC
    }

    /**
     * The first provider of {@link Kind} that loads and passes a sign-and-verify check, for use outside OSGi. In OSGi,
     * use the service with this interface.
     */
    static EcProvider fastest() {
        return Choice.fastest();
    }

    /**
     * This provider, regardless of the others.
     *
     * @throws EcException PROVIDER_FAILED where it cannot be loaded or fails its check
     */
    static EcProvider of(Kind kind) {
        return Choice.of(kind);
    }

    /** The provider that is used. */
    Kind kind();

    /** Name and version, and the reason why faster providers are not used, for display. */
    String description();

    /** Mean time of one signature in the start-up check, in microseconds. */
    double signMicroseconds();

    /**
     * The private key in the form of this provider.
     *
     * @param pkcs8 unencrypted PKCS#8 DER; the caller may wipe it afterwards
     * @throws EcException BAD_KEY where it is not a P-256 private key
     */
    PrivateKey privateKey(byte[] pkcs8);

    /**
     * The public key in the form of this provider.
     *
     * @param subjectPublicKeyInfo DER
     * @throws EcException BAD_KEY where it is not a point on P-256
     */
    PublicKey publicKey(byte[] subjectPublicKeyInfo);

    /**
     * The public key of the certificate in the form of this provider. The validity of the certificate is not checked.
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
     * True where {@code signature} (64 bytes) is a signature of the key over SHA-256 of the range; false in all other
     * cases, also for malformed input.
     */
    boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length);

    /** The same over the whole input. */
    default boolean verify(PublicKey key, byte[] signature, byte[] input) {
        return verify(key, signature, input, 0, input.length);
    }

    /** The agreed value Z of ECDH: the x-coordinate, 32 bytes, left-padded. The caller wipes it. */
    byte[] agree(PrivateKey own, PublicKey peer);
}
