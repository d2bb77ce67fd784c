package org.postern.hsm;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/**
 * The User's own private keys. A caller names a key by its alias and gets the result of an operation, never the key.
 *
 * <p>All operations may be called by many threads. Every failure is a {@link KeyVaultException} whose kind tells
 * whether trying again can help. Signatures are 64 bytes, r then s, each big-endian in 32 bytes.
 */
public interface KeyVault {

    /**
     * Signs a DUIS document.
     *
     * @param alias a key of purpose {@link KeyPurpose#XML_SIGNING}
     * @param signedInfo the canonical (exclusive C14N, no white space) bytes of the one {@code SignedInfo} element of
     *     the DUIS signature profile; anything else, a bare digest included, is refused
     */
    byte[] signXml(String alias, byte[] signedInfo);

    /**
     * Signs a Pre-Command (GBCS, Digital Signature, over its bytes from the second on). The proof is consumed, also
     * where the signing itself then fails: correlate again.
     *
     * @param alias a key of purpose {@link KeyPurpose#GBCS_SIGNING} that belongs to the Pre-Command's originator
     * @param proof made by the registered correlator for exactly these bytes and the RequestID in their header
     * @param preCommand the whole Pre-Command, from {@code DF} to the last content byte
     */
    byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand);

    /**
     * Agrees a value with a party by ECDH and lends it to {@code use}. The array (32 bytes, Z) is wiped when
     * {@code use} returns or throws: copy only what must outlive the call, bounded, and wipe the copy.
     *
     * @param alias a key of exactly that purpose
     * @param purpose {@link KeyPurpose#KEY_AGREEMENT} or {@link KeyPurpose#PREPAYMENT_KEY_AGREEMENT}
     * @param peer the other party's Key Agreement certificate; its validity is the caller's to check
     */
    <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use);

    /** The certificate that goes with the key. */
    X509Certificate certificate(String alias);

    /** Every key that is configured and present, sorted by alias. */
    List<KeyEntry> keys();

    /** Really signs and verifies, or agrees and compares, with that key. */
    KeyTest test(String alias);
}
