package org.postern.duis;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The certificates whose signatures may be accepted. The directory checks validity and trust: it returns only
 * certificates that are valid and trusted.
 */
@FunctionalInterface
public interface SignerDirectory {

    /** The certificate with this issuer and serial number, if it is known, trusted and valid now. */
    Optional<X509Certificate> find(X500Principal issuer, BigInteger serial);

    /** A directory of exactly these certificates, without any check. */
    static SignerDirectory of(Iterable<X509Certificate> certificates) {
        record Name(String issuer, BigInteger serial) {}
        Map<Name, X509Certificate> known = new HashMap<>();
        certificates.forEach(c -> known.put(
                new Name(c.getIssuerX500Principal().getName(X500Principal.CANONICAL), c.getSerialNumber()), c));
        return (issuer, serial) ->
                Optional.ofNullable(known.get(new Name(issuer.getName(X500Principal.CANONICAL), serial)));
    }
}
