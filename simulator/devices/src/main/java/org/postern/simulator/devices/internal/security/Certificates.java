package org.postern.simulator.devices.internal.security;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;

/** What devices read in certificates (GBCS, certificate profiles). */
public final class Certificates {

    private static final String KEY_ID = "2.5.29.14";
    private static final int OTHER_NAME = 0;
    private static final int EUI = 8;
    private static final int MAX_STEPS = 4;

    private Certificates() {}

    /** DER of a certificate that was read. */
    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read encodes", e);
        }
    }

    /** The certificate, where the bytes are one. */
    public static Optional<X509Certificate> read(Bytes der) {
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toArray())));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /** The anchor that an organisation's certificate makes; empty where it names no party. */
    static Optional<TrustAnchors.Anchor> anchor(X509Certificate certificate) {
        return organisation(certificate).map(party -> new TrustAnchors.Anchor(certificate, party, keyId(certificate)));
    }

    /** Eight bytes of subject key identifier; zeros where there are none. */
    static Bytes keyId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(KEY_ID);
        if (extension == null || extension.length < EUI) {
            return Bytes.of(new byte[EUI]);
        }
        return Bytes.of(extension).slice(extension.length - EUI, EUI);
    }

    private static Optional<Eui64> organisation(X509Certificate certificate) {
        var names = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
                .getRDNs(BCStyle.UNIQUE_IDENTIFIER);
        if (names.length == 0
                || !(names[0].getFirst().getValue() instanceof ASN1BitString bits)
                || bits.getBytes().length != EUI) {
            return Optional.empty();
        }
        return Optional.of(eui(bits.getBytes()));
    }

    /** The device that a device certificate is for. */
    public static Optional<Eui64> device(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(OTHER_NAME) && name.get(1) instanceof byte[] der) {
                    ASN1TaggedObject tagged =
                            (ASN1TaggedObject) ASN1Sequence.getInstance(der).getObjectAt(1);
                    ASN1Sequence module = ASN1Sequence.getInstance(innermost(tagged));
                    return Optional.of(eui(
                            ASN1OctetString.getInstance(module.getObjectAt(1)).getOctets()));
                }
            }
        } catch (CertificateException
                | IllegalArgumentException
                | ClassCastException
                | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Some libraries wrap the other name's value in one explicit tag more than others. */
    private static Object innermost(ASN1TaggedObject tagged) {
        Object object = tagged.getExplicitBaseObject();
        return object instanceof ASN1TaggedObject inner ? inner.getExplicitBaseObject() : object;
    }

    private static Eui64 eui(byte[] bytes) {
        return new Eui64(Bytes.of(bytes).number(0, EUI));
    }

    /** True where the certificate may be used so: digital signature, key agreement or signing of certificates. */
    static boolean usable(X509Certificate certificate, TrustAnchors.Use use) {
        boolean[] bits = certificate.getKeyUsage();
        return bits != null
                && bits[
                        switch (use) {
                            case SIGNING -> 0;
                            case CERTIFICATES -> 5;
                            case AGREEMENT, TOP_UP -> 4;
                        }];
    }

    /**
     * True where the certificate leads to the root.
     *
     * @param path certificates that came with it, in any order
     * @param at time of the check; empty where times do not matter
     */
    static boolean leadsTo(
            X509Certificate root, X509Certificate certificate, List<X509Certificate> path, Optional<Instant> at) {
        X509Certificate here = certificate;
        for (int step = 0; step < MAX_STEPS; step++) {
            if (at.isPresent() && !valid(here, at.get())) {
                return false;
            }
            if (signedBy(here, root.getPublicKey())) {
                return true;
            }
            X509Certificate current = here;
            Optional<X509Certificate> issuer = path.stream()
                    .filter(p -> !p.equals(current)
                            && usable(p, TrustAnchors.Use.CERTIFICATES)
                            && signedBy(current, p.getPublicKey()))
                    .findFirst();
            if (issuer.isEmpty()) {
                return false;
            }
            here = issuer.get();
        }
        return false;
    }

    private static boolean valid(X509Certificate certificate, Instant at) {
        Date date = Date.from(at);
        return !date.before(certificate.getNotBefore()) && !date.after(certificate.getNotAfter());
    }

    static boolean signedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
