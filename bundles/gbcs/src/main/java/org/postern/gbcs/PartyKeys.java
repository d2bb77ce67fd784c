package org.postern.gbcs;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * Where certificates of parties and devices, and key agreement with our own keys, come from. Implemented over the
 * inventory and the key vault; must be safe between threads.
 */
public interface PartyKeys {

    /** The party's current certificate for the use, or empty where we hold none. */
    Optional<X509Certificate> certificate(Eui64 party, KeyUse use);

    /**
     * The shared secret Z (32 bytes, ECDH x-coordinate, left padded) of our own private key and the peer's public key;
     * empty where we do not hold that private key. The caller owns the array and wipes it.
     *
     * @param own EUI whose private key is used
     * @param use {@link KeyUse#KEY_AGREEMENT} or {@link KeyUse#PREPAYMENT}
     * @param peer certificate of the other side
     */
    Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer);
}
