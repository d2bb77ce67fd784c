package org.postern.inventory.internal;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.Eui64;

/** Reads the values of the SMKI certificate profile (GBCS, certificate profiles) from JDK certificates. */
final class SmkiProfile {

    private static final byte[] HARDWARE_MODULE_NAME = {0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x04};
    private static final Pattern UNIQUE_ID =
            Pattern.compile("(?:2\\.5\\.4\\.45|x500uniqueidentifier)=#030900([0-9a-f]{16})");
    private static final Pattern OU = Pattern.compile("(?:^|,)ou=([0-9a-f]{1,2})(?:,|$)");
    private static final int FIELD_BITS = 256;

    private SmkiProfile() {}

    /** The EUI-64 of the subject; empty where the certificate contains none in either field. */
    static Optional<Eui64> eui(X509Certificate certificate) {
        String subject =
                certificate.getSubjectX500Principal().getName("RFC2253").toLowerCase(java.util.Locale.ROOT);
        Matcher matcher = UNIQUE_ID.matcher(subject);
        if (matcher.find()) {
            return Optional.of(Eui64.parse(matcher.group(1)));
        }
        return hardwareModule(certificate);
    }

    /** Remote party role of an organisation: two hex digits of the subject's OU, upper case. */
    static Optional<String> role(X509Certificate certificate) {
        Matcher matcher = OU.matcher(
                certificate.getSubjectX500Principal().getName("RFC2253").toLowerCase(java.util.Locale.ROOT));
        return matcher.find()
                ? Optional.of(("0" + matcher.group(1))
                        .substring(matcher.group(1).length() - 1)
                        .toUpperCase(java.util.Locale.ROOT))
                : Optional.empty();
    }

    /** True for a P-256 public key. */
    static boolean p256(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof ECPublicKey key
                && key.getParams().getCurve().getField().getFieldSize() == FIELD_BITS;
    }

    /** True where the key usage contains digitalSignature. */
    static boolean signs(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage != null && usage[0];
    }

    /** True where the key usage contains keyAgreement. */
    static boolean agrees(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage != null && usage.length > 4 && usage[4];
    }

    /** The serial number octets of a hardware module name: the last eight bytes of the alternative name. */
    private static Optional<Eui64> hardwareModule(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        String marker = new String(HARDWARE_MODULE_NAME, StandardCharsets.ISO_8859_1);
        for (List<?> name : names) {
            if (name.size() > 1
                    && name.get(1) instanceof byte[] der
                    && new String(der, StandardCharsets.ISO_8859_1).contains(marker)
                    && der.length > 10
                    && der[der.length - 10] == 0x04
                    && der[der.length - 9] == 0x08) {
                return Optional.of(Eui64.parse(HexFormat.of().formatHex(der, der.length - 8, der.length)));
            }
        }
        return Optional.empty();
    }
}
