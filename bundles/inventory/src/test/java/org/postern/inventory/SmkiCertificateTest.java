package org.postern.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Eui64;
import org.postern.inventory.CertificateRefusal.Respect;
import org.postern.inventory.internal.Der;
import org.postern.testkit.Rtds;

/** Certificates that conform to the profile are read; deviations are refused with the violated rule. */
class SmkiCertificateTest {

    private static final byte[] EUI = {(byte) 0x90, (byte) 0xB3, (byte) 0xD5, 0x1F, 0x30, 0x01, 0, 0};
    private static final byte[] KEY_ID = {0x41, 2, 3, 4, 5, 6, 7, 8};
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

    private X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.OU, "02")
            .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(EUI))
            .build();
    private String curve = "secp256r1";
    private String algorithm = "SHA256withECDSA";
    private KeyUsage usage = new KeyUsage(KeyUsage.digitalSignature);
    private boolean usageCritical = true;
    private byte[] subjectKeyId = KEY_ID;
    private boolean authorityKeyId = true;
    private boolean policies = true;
    private ASN1ObjectIdentifier more;

    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private byte[] made() throws Exception {
        KeyPair pair = pair(curve);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=Z1,OU=07"),
                BigInteger.valueOf(4711),
                Date.from(Instant.parse("2025-01-01T00:00:00Z")),
                Date.from(Instant.parse("2035-01-01T00:00:00Z")),
                subject,
                pair.getPublic());
        if (usage != null) {
            builder.addExtension(Extension.keyUsage, usageCritical, usage);
        }
        if (subjectKeyId != null) {
            builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(subjectKeyId));
        }
        if (authorityKeyId) {
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(KEY_ID));
        }
        if (policies) {
            builder.addExtension(
                    Extension.certificatePolicies,
                    true,
                    new CertificatePolicies(new PolicyInformation(new ASN1ObjectIdentifier("2.999.1"))));
        }
        if (more != null) {
            builder.addExtension(more, true, new DERBitString(EUI));
        }
        return builder.build(new JcaContentSignerBuilder(algorithm)
                        .build(pair(algorithm.contains("384") ? "secp384r1" : "secp256r1")
                                .getPrivate()))
                .getEncoded();
    }

    private static CertificateRefusal refusal(byte[] der) {
        return catchThrowableOfType(CertificateRefusal.class, () -> SmkiCertificate.read(der));
    }

    @Test
    void aCertificateOfAnOrganisationIsRead() throws Exception {
        SmkiCertificate certificate = SmkiCertificate.read(made());

        assertThat(certificate.kind()).isEqualTo(SmkiCertificate.Kind.ORGANISATION);
        assertThat(certificate.role()).contains("02");
        assertThat(certificate.eui()).contains(Eui64.parse("90B3D51F30010000"));
        assertThat(certificate.usage()).isEqualTo(SmkiCertificate.Usage.DIGITAL_SIGNATURE);
        assertThat(certificate.serial()).isEqualTo("1267");
        assertThat(certificate.subjectKeyId()).isEqualTo("4102030405060708");
        assertThat(certificate.validAt(Instant.parse("2025-01-01T00:00:00Z"))).isTrue();
        assertThat(certificate.validAt(Instant.parse("2024-12-31T23:59:59Z"))).isFalse();
        assertThat(certificate.validAt(Instant.parse("2035-01-01T00:00:01Z"))).isFalse();
        assertThat(certificate.certifies()).isFalse();
        assertThat(certificate.toString()).contains("1267").doesNotContain("CN=");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "curve,                ALGORITHM, P-256",
        "signature algorithm,  ALGORITHM, ecdsa-with-SHA256",
        "two usages,           '',        ''",
        "usage not critical,   PROFILE,   key usage",
        "no usage,             PROFILE,   key usage",
        "no key identifier,    PROFILE,   subject key identifier",
        "long key identifier,  PROFILE,   of 8 bytes",
        "no authority key,     PROFILE,   authority key identifier",
        "no policies,          PROFILE,   policies",
        "unknown critical,     PROFILE,   critical extension",
        "no role,              PROFILE,   one OU",
        "two roles,            PROFILE,   one OU",
        "role as a word,       PROFILE,   two hex digits",
        "no identifier,        PROFILE,   x500UniqueIdentifier",
        "short identifier,     PROFILE,   64 bits",
        "no subject,           PROFILE,   alternative name"
    })
    void deviationsFromTheProfileAreRefused(String what, String respect, String rule) throws Exception {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        switch (what) {
            case "curve" -> curve = "secp384r1";
            case "signature algorithm" -> algorithm = "SHA384withECDSA";
            case "two usages" -> usage = new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyAgreement);
            case "usage not critical" -> usageCritical = false;
            case "no usage" -> usage = null;
            case "no key identifier" -> subjectKeyId = null;
            case "long key identifier" -> subjectKeyId = new byte[20];
            case "no authority key" -> authorityKeyId = false;
            case "no policies" -> policies = false;
            case "unknown critical" -> more = new ASN1ObjectIdentifier("2.5.29.36");
            case "no role" ->
                subject = name.addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(EUI))
                        .build();
            case "two roles" ->
                subject = name.addRDN(BCStyle.OU, "02")
                        .addRDN(BCStyle.OU, "03")
                        .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(EUI))
                        .build();
            case "role as a word" ->
                subject = name.addRDN(BCStyle.OU, "Supplier")
                        .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(EUI))
                        .build();
            case "no identifier" -> subject = name.addRDN(BCStyle.OU, "02").build();
            case "short identifier" ->
                subject = name.addRDN(BCStyle.OU, "02")
                        .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(Arrays.copyOf(EUI, 7)))
                        .build();
            default -> subject = name.build();
        }
        byte[] der = made();
        if (respect.isEmpty()) {
            assertThat(SmkiCertificate.read(der).usage()).isEqualTo(SmkiCertificate.Usage.OTHER);
            return;
        }
        CertificateRefusal refusal = refusal(der);
        assertThat(refusal.respect()).isEqualTo(Respect.valueOf(respect));
        assertThat(refusal.fault().rule()).contains(rule);
    }

    @Test
    void aPointThatIsNotOnTheCurveIsRefused() throws Exception {
        byte[] der = made();
        byte[] point = Arrays.copyOfRange(SmkiCertificate.read(der).publicKey(), 27, 91);
        int at = indexOf(der, point);
        der[at + 63] ^= 1;

        assertThat(refusal(der).respect()).isEqualTo(Respect.ALGORITHM);
        assertThat(refusal(der).fault().rule()).contains("point of the curve");
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    /** Whichever byte is changed or removed, the result is a certificate or a refusal with a fault code. */
    @Test
    void aChangedByteNeverCausesAnotherException() throws Exception {
        byte[] der = made();
        int read = 0;
        int refused = 0;
        for (int i = 0; i < der.length; i++) {
            for (int change : new int[] {0x01, 0x80, 0xFF}) {
                byte[] other = der.clone();
                other[i] ^= (byte) change;
                try {
                    SmkiCertificate.read(other);
                    read++;
                } catch (CertificateRefusal e) {
                    refused++;
                }
            }
            assertThat(refusal(Arrays.copyOf(der, i)).respect()).isEqualTo(Respect.FORM);
        }
        assertThat(refusal(Arrays.copyOf(der, der.length + 1)).respect()).isEqualTo(Respect.FORM);
        assertThat(read + refused).isEqualTo(3 * der.length);
        assertThat(refused)
                .as("tags, lengths, algorithms and the point do not bear a change")
                .isGreaterThan(der.length / 2);
    }

    // hand-written deviations from strict DER: {description, hex}
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "indefinite length, 30800000",
        "long length, 30810100",
        "length with a leading zero, 3082000100",
        "padded number, 02020001",
        "padded negative, 0202FF80",
        "empty number, 0200",
        "FALSE, 010100",
        "TRUE as 1, 010101",
        "unused bits set, 03020781",
        "too many unused, 03020800",
        "no bits but unused, 030107",
        "null with content, 050100",
        "cut identifier, 06022A86",
        "padded identifier, 06022A80",
        "set out of order, 3106020102020101",
        "time with an offset, 170B30313031303130303030",
        "trailing bytes, 050005",
        "high tag, 1F0100",
        "cut, 3003"
    })
    void otherEncodingsThanStrictDerAreRefused(String what, String hex) {
        assertThat(catchThrowableOfType(
                        Der.NotDer.class,
                        () -> Der.read(java.util.HexFormat.of().parseHex(hex))))
                .as(what)
                .isNotNull();
    }

    @Test
    void everyReferenceCertificateIsRead() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var list = Files.list(Rtds.required().keystore())) {
            list.filter(f -> f.toString().endsWith(".pem")).forEach(files::add);
        }
        int read = 0;
        List<String> refused = new ArrayList<>();
        for (Path file : files) {
            Matcher pem = PEM.matcher(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                continue;
            }
            try {
                SmkiCertificate certificate =
                        SmkiCertificate.read(Base64.getMimeDecoder().decode(pem.group(1)));
                boolean device = file.getFileName().toString().startsWith("00db");
                assertThat(certificate.kind())
                        .isEqualTo(device ? SmkiCertificate.Kind.DEVICE : SmkiCertificate.Kind.ORGANISATION);
                if (device) {
                    assertThat(certificate.eui().map(Eui64::fileName))
                            .isEqualTo(Optional.of(file.getFileName().toString().substring(0, 16)));
                }
                read++;
            } catch (CertificateRefusal e) {
                refused.add(file.getFileName() + " " + e.fault());
            }
        }
        assertThat(read).isGreaterThan(400);
        // the given load controller's own two were made by another tool and have no authority key identifier; two
        // devices' have a
        // signature whose second number is padded with a zero byte, which is not DER
        assertThat(refused.stream().sorted().map(line -> line.substring(0, 32)).toList())
                .containsExactly(
                        "00db123456789023-ka.pem PST-8113",
                        "00db12345678909b-ds.pem PST-8113",
                        "90b3d51f30010008-ds.pem PST-8115",
                        "90b3d51f30010008-ka.pem PST-8115");
    }
}
