package org.postern.hsm;

import java.time.Instant;
import org.postern.catalogue.Eui64;

/**
 * One key as people and pre-checks see it.
 *
 * @param alias the name by which callers ask for it
 * @param purpose its one purpose
 * @param eui the User ID (or remote party) that it belongs to
 * @param publicKeySha256 SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hex digits
 * @param issuer issuer of its certificate, RFC 2253
 * @param serial serial number of its certificate, decimal
 * @param notAfter end of its certificate's validity
 */
public record KeyEntry(
        String alias,
        KeyPurpose purpose,
        Eui64 eui,
        String publicKeySha256,
        String issuer,
        String serial,
        Instant notAfter) {}
