package org.postern.hsm;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.postern.catalogue.Sha256;

/**
 * Prevents the use of test keys in production: in production mode a certificate is refused if its issuer or subject
 * contains the marker of a throwaway PKI, or if its issuer is a known test issuer.
 *
 * <p>A test issuer is identified by SHA-256 of the DER encoding of its name.
 */
public final class ProductionRule {

    /** Organisational unit in the name of every issuer of the throwaway PKI of the simulator. */
    public static final String MARKER = "Postern Throwaway PKI";

    // issuers of the public test keys: their private keys are published
    private static final Set<X500Principal> PUBLIC_TEST_ISSUERS =
            Set.of(new X500Principal("CN=Z1,OU=07"), new X500Principal("OU=07,CN=Z1"), new X500Principal("CN=E357"));

    private final boolean production;
    private final Set<String> issuers;

    /**
     * @param production whether the rule applies
     * @param moreIssuers SHA-256 of the names of further test issuers, in hex
     */
    public ProductionRule(boolean production, String... moreIssuers) {
        this.production = production;
        this.issuers = Arrays.stream(moreIssuers)
                .map(String::trim)
                .filter(s -> !s.isEmpty())
                .map(ProductionRule::hex)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether this vault runs in production mode. */
    public boolean production() {
        return production;
    }

    /**
     * Checks one certificate of the vault.
     *
     * @throws KeyVaultException NOT_FOR_PRODUCTION
     */
    public void check(String alias, X509Certificate certificate) {
        if (!production) {
            return;
        }
        String names = (certificate.getIssuerX500Principal().getName()
                        + '\n'
                        + certificate.getSubjectX500Principal().getName())
                .toLowerCase(Locale.ROOT);
        String issuer = Sha256.hex(certificate.getIssuerX500Principal().getEncoded());
        if (names.contains(MARKER.toLowerCase(Locale.ROOT))
                || issuers.contains(issuer)
                || PUBLIC_TEST_ISSUERS.contains(certificate.getIssuerX500Principal())) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.NOT_FOR_PRODUCTION,
                    alias,
                    "production mode does not use test keys",
                    "the certificate was issued by a test PKI (issuer name SHA-256 " + issuer + ")",
                    "enrol a key with the SMKI, or set production=false on a test system");
        }
    }

    private static String hex(String text) {
        String lower = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (!lower.matches("[0-9a-f]{64}")) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.BAD_SETTING,
                    "testIssuerSha256",
                    "64 hex digits",
                    "the value is not a SHA-256",
                    "set it to SHA-256 of the DER encoding of the issuer name");
        }
        return HexFormat.of().formatHex(HexFormat.of().parseHex(lower));
    }
}
