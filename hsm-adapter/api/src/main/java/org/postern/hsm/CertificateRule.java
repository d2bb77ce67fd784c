package org.postern.hsm;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.Eui64;

/**
 * What the certificate of a key has to contain so that the key can be used as the settings state (GBCS, certificate
 * profiles).
 */
final class CertificateRule {

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_AGREEMENT = 4;

    // x500UniqueIdentifier, a BIT STRING of one byte of unused bits (zero) and the EUI
    private static final Pattern UNIQUE_ID =
            Pattern.compile("(?:^|[,+])\\s*2\\.5\\.4\\.45=#030900([0-9a-fA-F]{16})(?:[,+]|$)");

    private CertificateRule() {}

    static void check(KeyBinding binding, X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[binding.purpose().signing() ? DIGITAL_SIGNATURE : KEY_AGREEMENT]) {
            throw bad(
                    binding,
                    "the key usage of the certificate permits " + binding.purpose(),
                    "the key usage does not permit it");
        }
        Matcher id = UNIQUE_ID.matcher(certificate.getSubjectX500Principal().getName());
        if (id.find()) {
            Eui64 eui = new Eui64(
                    ByteBuffer.wrap(HexFormat.of().parseHex(id.group(1))).getLong());
            if (!eui.equals(binding.eui())) {
                throw bad(
                        binding,
                        "the certificate belongs to the configured EUI " + binding.eui(),
                        "it belongs to " + eui);
            }
        }
    }

    private static KeyVaultException bad(KeyBinding binding, String rule, String cause) {
        return new KeyVaultException(
                KeyVaultException.Kind.BAD_SETTING,
                binding.alias(),
                rule,
                cause,
                "correct the setting keys, or use another key");
    }
}
