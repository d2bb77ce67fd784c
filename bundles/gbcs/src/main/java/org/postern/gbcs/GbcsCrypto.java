package org.postern.gbcs;

import java.security.PublicKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * GBCS cryptography as functions of bytes (facts 2). Elliptic curves are done by the provider given; digests and AES-GCM by the
 * JDK. Safe between threads; keeps ciphers and translated public keys per instance.
 */
public final class GbcsCrypto {

    /** Purpose byte of the key derivation. */
    public enum Purpose {
        COMMAND_MAC(1), RESPONSE_MAC(2), ALERT_MAC(3), ENCRYPTION(4);

        final int code;

        Purpose(int code) {
            this.code = code;
        }
    }

    /** @param ec provider of ECDSA and EC keys, or null for the platform's order of providers */
    public GbcsCrypto(Provider ec) {
    }

    /** The AES-128 key of facts 2.2. */
    public byte[] deriveKey(byte[] z, Purpose purpose, Eui64 originator, long counter, Eui64 recipient) {
        throw new UnsupportedOperationException();
    }

    /** The twelve bytes of MAC for the message, wrapped or not; key from Z and the header fields. */
    public byte[] mac(byte[] z, GbcsMessage message) {
        throw new UnsupportedOperationException();
    }

    /** ECDSA P-256 with SHA-256, raw r and s, over {@link GbcsMessage#toBeSigned()}. */
    public boolean verify(X509Certificate signer, Bytes signedPart, Bytes rs) {
        throw new UnsupportedOperationException();
    }

    /** Signs {@link GbcsMessage#toBeSigned()}: 64 bytes r and s. For simulators and tests; the appliance signs in its vault. */
    public byte[] sign(java.security.PrivateKey key, Bytes toBeSigned) {
        throw new UnsupportedOperationException();
    }

    /** ECDH: 32 bytes of Z. For simulators and tests. */
    public byte[] agree(java.security.PrivateKey own, PublicKey peer) {
        throw new UnsupportedOperationException();
    }

    /** Protected object {@code 31 00000000}, cipher text, tag (facts 2.4). */
    public Bytes encrypt(byte[] z, Eui64 device, long counter, Eui64 recipient, Bytes plain) {
        throw new UnsupportedOperationException();
    }

    /** Plain text of a protected object, or empty where its header or tag is wrong. */
    public Optional<Bytes> decrypt(byte[] z, Eui64 device, long counter, Eui64 recipient, Bytes protectedObject) {
        throw new UnsupportedOperationException();
    }
}
