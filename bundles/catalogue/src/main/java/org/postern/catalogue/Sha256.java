package org.postern.catalogue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4), which every Java platform has. */
public final class Sha256 {

    /** Never fed: a copy of it costs less than asking the platform for a digest. */
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    /** The digest of the bytes as 64 lower-case hex digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }

    /** The digest of the bytes, 32 bytes. */
    public static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }

    /** A digest to be fed piece by piece; for one thread. */
    public static MessageDigest start() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            return fresh();
        }
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
