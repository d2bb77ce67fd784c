package org.postern.simulator.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import org.postern.simulator.pki.internal.RandomKeys;

/**
 * Source of the keys of a throwaway PKI and of those that devices make, of serial numbers, and of the signatures of
 * certificates. Safe for use by many threads.
 */
public interface KeySource {

    /** New random keys each time, whatever the names. */
    static KeySource random() {
        return new RandomKeys();
    }

    /**
     * A P-256 key pair.
     *
     * @param name what it is for; no two keys of one source have the same
     */
    KeyPair pair(String name);

    /**
     * A serial number of 127 bits.
     *
     * @param name of the certificate
     */
    BigInteger serial(String name);

    /** ECDSA over SHA-256 of the content, in DER. */
    byte[] sign(PrivateKey key, byte[] content);
}
