package org.postern.simulator.devices;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.KeyUse;

/**
 * Credentials that a device has just replaced, of which the DCC notifies its Users.
 *
 * @param mode mode of the command: 2 supplier by supplier, 3 network operator, 4 ACB, 7 supplier by CoS Party, 10 and
 *     11 load controller
 * @param role whose credentials
 * @param floor the floor of its counters now, where the command set it
 * @param topUp the floor of its top-up counters now, where the command set it
 * @param before previous holder of the first of the cells; empty where it had none
 * @param replaced the new certificates, in the order of the command; at least one
 */
public record CredentialsChange(
        int mode, int role, OptionalLong floor, OptionalLong topUp, Optional<Eui64> before, List<Replaced> replaced) {

    /**
     * The new certificate of a cell.
     *
     * @param use what it is for; certificates of authorities are reported as those for key agreement
     * @param party the holder of the cell now
     */
    public record Replaced(KeyUse use, Eui64 party, X509Certificate certificate) {

        /** SHA-1 over the certificate. */
        public byte[] sha1() {
            try {
                return MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-1", e);
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read encodes", e);
            }
        }
    }

    /** Copies the list. */
    public CredentialsChange {
        replaced = List.copyOf(replaced);
    }
}
