package org.postern.duis;

/** Signs with the XML signing key. It receives the SignedInfo itself, never only a digest. */
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
