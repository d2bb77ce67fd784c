package org.postern.hsm;

import java.time.Instant;
import org.postern.catalogue.Eui64;

/**
 * The description of one key, for display and for checks before admission.
 *
 * @param alias name by which callers refer to the key
 * @param purpose the only purpose of the key
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
