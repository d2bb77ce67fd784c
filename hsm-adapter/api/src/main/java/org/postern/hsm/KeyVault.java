package org.postern.hsm;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/**
 * The User's own private keys. A caller names a key by its alias and gets the result of an operation, never the key.
 *
 * <p>Thread-safe. Every failure is a {@link KeyVaultException} whose kind states whether a retry can succeed.
 * Signatures are 64 bytes, r then s, each big-endian in 32 bytes.
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
     * Signs a Pre-Command (GBCS, Digital Signature, over its bytes from the second on). The proof is consumed even
     * where signing then fails; the Pre-Command has to be correlated again.
     *
     * @param alias a key of purpose {@link KeyPurpose#GBCS_SIGNING} that belongs to the Pre-Command's originator
     * @param proof created by the registered correlator for exactly these bytes and the RequestID in their header
     * @param preCommand the whole Pre-Command, from {@code DF} to the last content byte
     */
    byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand);

    /**
     * Agrees a value with a party by ECDH and passes it to {@code use}. The array (32 bytes, Z) is wiped when
     * {@code use} returns or throws: copy only what is needed after the call, limit the number of copies, and wipe each
     * copy.
     *
     * @param alias a key with exactly this purpose
     * @param purpose {@link KeyPurpose#KEY_AGREEMENT} or {@link KeyPurpose#PREPAYMENT_KEY_AGREEMENT}
     * @param peer the other party's Key Agreement certificate; the caller checks its validity
     */
    <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use);

    /** The certificate of the key. */
    X509Certificate certificate(String alias);

    /** Every key that is configured and present, sorted by alias. */
    List<KeyEntry> keys();

    /** Tests the key by an actual signature and its verification, or by an actual key agreement and its comparison. */
    KeyTest test(String alias);
}
