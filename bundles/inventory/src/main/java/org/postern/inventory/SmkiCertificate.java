package org.postern.inventory;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.postern.catalogue.Eui64;
import org.postern.inventory.CertificateRefusal.Respect;
import org.postern.inventory.internal.CertificateReader;

/**
 * A certificate of the smart metering key infrastructure (SMKI), checked strictly (GBCS, certificate profiles): X.509
 * v3 in strict DER, EC P-256 with a point on the curve, ecdsa-with-SHA256, and the names and extensions of its kind.
 * Whether it can be trusted is not checked when it is read; see {@link #signedBy}. Immutable.
 */
public final class SmkiCertificate {

    /** The kind of subject. */
    public enum Kind {
        /** An organisation: subject with OU (role) and unique identifier (EUI-64). */
        ORGANISATION,
        /** A device: empty subject, EUI-64 in a hardware module name. */
        DEVICE,
        /** A certification authority. */
        AUTHORITY
    }

    /** The permitted use of the key, according to the exact value of the key usage extension. */
    public enum Usage {
        /** Exactly {@code 07 80}. */
        DIGITAL_SIGNATURE("digitalSignature"),
        /** Exactly {@code 03 08}. */
        KEY_AGREEMENT("keyAgreement"),
        /** keyCertSign, with or without cRLSign. */
        CERTIFICATE_SIGNING("keyCertSign"),
        /** Any other value, or several usages. */
        OTHER("another");

        private final String text;

        Usage(String text) {
            this.text = text;
        }

        /** Its name in X.509. */
        public String text() {
            return text;
        }
    }

    /**
     * The content of a certificate, as read by {@link CertificateReader}.
     *
     * @param role two hex digits of the subject's OU, upper case; organisations only
     * @param eui EUI-64; organisations and devices only
     * @param pathLength limit of the path length of an authority; empty without a limit
     */
    public record Contents(
            Kind kind,
            BigInteger serial,
            byte[] issuer,
            byte[] subject,
            Instant notBefore,
            Instant notAfter,
            byte[] publicKey,
            byte[] toBeSigned,
            byte[] signature,
            Usage usage,
            byte[] subjectKeyId,
            byte[] authorityKeyId,
            Optional<String> role,
            Optional<Eui64> eui,
            OptionalInt pathLength) {}

    private final byte[] encoded;
    private final Contents contents;
    private final X509Certificate certificate;

    private SmkiCertificate(byte[] encoded, Contents contents, X509Certificate certificate) {
        this.encoded = encoded;
        this.contents = contents;
        this.certificate = certificate;
    }

    /**
     * Reads one certificate.
     *
     * @param der the certificate and no further bytes; at most 8 KiB
     * @throws CertificateRefusal PST-8113 (form), PST-8114 (algorithm), PST-8115 (profile)
     */
    public static SmkiCertificate read(byte[] der) {
        byte[] own = Objects.requireNonNull(der, "der").clone();
        Contents contents = CertificateReader.read(own);
        try {
            return new SmkiCertificate(own, contents, (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(own)));
        } catch (GeneralSecurityException e) {
            throw new CertificateRefusal(Respect.FORM, "an X.509 v3 certificate", "the parser of the JDK refuses it");
        }
    }

    /** The kind of subject. */
    public Kind kind() {
        return contents.kind();
    }

    /** Remote party role of an organisation, two hex digits; empty for other kinds. */
    public Optional<String> role() {
        return contents.role();
    }

    /** EUI-64 of the organisation or device; empty for an authority. */
    public Optional<Eui64> eui() {
        return contents.eui();
    }

    /** The permitted use of its key. */
    public Usage usage() {
        return contents.usage();
    }

    /** Serial number in hex, upper case. */
    public String serial() {
        return contents.serial().toString(16).toUpperCase(Locale.ROOT);
    }

    /** Start of its validity. */
    public Instant notBefore() {
        return contents.notBefore();
    }

    /** End of its validity; this second is included. */
    public Instant notAfter() {
        return contents.notAfter();
    }

    /** True where it is valid at this time. */
    public boolean validAt(Instant time) {
        return !time.isBefore(notBefore()) && !time.isAfter(notAfter());
    }

    /** SubjectPublicKeyInfo in DER. */
    public byte[] publicKey() {
        return contents.publicKey().clone();
    }

    /** Maximum number of authorities between this one and the end of a certificate path; empty without a limit. */
    public OptionalInt pathLength() {
        return contents.pathLength();
    }

    /** True for an authority whose key may sign certificates. */
    public boolean certifies() {
        return kind() == Kind.AUTHORITY && usage() == Usage.CERTIFICATE_SIGNING;
    }

    /** True where issuer and subject are the same name. */
    public boolean selfIssued() {
        return Arrays.equals(contents.issuer(), contents.subject());
    }

    /** True where the issuer of this certificate is the subject of the other one, compared byte by byte. */
    public boolean namesAsIssuer(SmkiCertificate other) {
        return Arrays.equals(contents.issuer(), other.contents.subject());
    }

    /** True where the authority key identifier of this certificate is the subject key identifier of the other one. */
    public boolean pointsTo(SmkiCertificate other) {
        return contents.authorityKeyId().length > 0
                && Arrays.equals(contents.authorityKeyId(), other.contents.subjectKeyId());
    }

    /** True where the key of the other certificate verifies the signature of this one. */
    public boolean signedBy(SmkiCertificate other) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(other.certificate.getPublicKey());
            verifier.update(contents.toBeSigned());
            return verifier.verify(contents.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The certificate as a class of the JDK. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The encoded certificate. */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** Two certificates are equal where their bytes are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SmkiCertificate certificateThere && Arrays.equals(encoded, certificateThere.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** Kind, serial number, role and EUI, which may be logged. */
    @Override
    public String toString() {
        return kind().name().toLowerCase(Locale.ROOT) + " certificate " + serial()
                + role().map(r -> ", role " + r).orElse("")
                + eui().map(e -> ", " + e).orElse("");
    }

    /** Subject key identifier in hex, upper case; empty for none. */
    public String subjectKeyId() {
        return HexFormat.of().withUpperCase().formatHex(contents.subjectKeyId());
    }
}
