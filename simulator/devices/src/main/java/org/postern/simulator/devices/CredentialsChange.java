package org.postern.simulator.devices;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.OptionalLong;
import org.postern.catalogue.Eui64;

/**
 * Credentials that a device has just replaced, for the DCC to tell its Users.
 *
 * @param mode mode of the command: 2 supplier by supplier, 3 network operator, 4 ACB, 7 supplier by CoS Party, 10 and
 *     11 load controller
 * @param role whose credentials
 * @param floor the floor of its counters now, where the command set it
 * @param topUp the floor of its top-up counters now, where the command set it
 * @param before who stood in the first of the cells before; null where nobody did
 * @param replaced the new certificates, in the order of the command; at least one
 */
public record CredentialsChange(
        int mode, int role, OptionalLong floor, OptionalLong topUp, Eui64 before, List<Replaced> replaced) {

    /** A cell's new certificate. */
    public record Replaced(TrustAnchors.Use use, TrustAnchors.Anchor now) {

        /** SHA-1 over the certificate. */
        public byte[] sha1() {
            try {
                return MessageDigest.getInstance("SHA-1").digest(Certificates.der(now.certificate()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-1", e);
            }
        }
    }

    /** Keeps the list as it is now. */
    public CredentialsChange {
        replaced = List.copyOf(replaced);
    }
}
