package org.postern.gbcs;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.postern.catalogue.Eui64;

/**
 * Provides certificates of parties and devices, and key agreement with the User's own keys. Implemented with the
 * inventory and the key vault; implementations are thread-safe.
 */
public interface PartyKeys {

    /** The current certificate of the party for this use; empty where none is known. */
    Optional<X509Certificate> certificate(Eui64 party, KeyUse use);

    /**
     * The shared secret Z (32 bytes, ECDH x-coordinate, left padded) of an own private key and the public key of the
     * peer; empty where the private key is not available. The caller owns the array and wipes it.
     *
     * @param own EUI of the party whose private key is used
     * @param use {@link KeyUse#KEY_AGREEMENT} or {@link KeyUse#PREPAYMENT}
     * @param peer certificate of the other side
     */
    Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer);
}
