package org.postern.duis;

/** Whoever holds the XML signing key: it is shown the SignedInfo itself, never a bare digest. */
@FunctionalInterface
public interface SignedInfoSigner {

    /**
     * ECDSA P-256 over SHA-256 of the bytes.
     *
     * @param signedInfo canonical SignedInfo
     * @return 64 bytes, r then s, each big-endian
     */
    byte[] sign(byte[] signedInfo);
}
