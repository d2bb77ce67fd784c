package org.postern.duis;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The certificates whose signatures we may accept. Validity and trust are its business: it gives out only what is good.
 */
@FunctionalInterface
public interface SignerDirectory {

    /** The certificate of that issuer and serial number, if it is known and good now. */
    Optional<X509Certificate> find(X500Principal issuer, BigInteger serial);

    /** A directory of exactly these certificates, good or not. */
    static SignerDirectory of(Iterable<X509Certificate> certificates) {
        record Name(String issuer, BigInteger serial) {}
        Map<Name, X509Certificate> known = new HashMap<>();
        certificates.forEach(c -> known.put(
                new Name(c.getIssuerX500Principal().getName(X500Principal.CANONICAL), c.getSerialNumber()), c));
        return (issuer, serial) ->
                Optional.ofNullable(known.get(new Name(issuer.getName(X500Principal.CANONICAL), serial)));
    }
}
