package org.postern.simulator.pki.internal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.postern.catalogue.Eui64;
import org.postern.simulator.pki.KeySource;

/**
 * Makes P-256 keys and X.509 certificates in the forms of the GBCS certificate profiles. Every issuer's name carries
 * {@link #MARKER}, by which a vault in production mode knows and refuses what was made here.
 */
final class CertificateMaker {

    /** Organisational unit in the issuer name of every certificate that the simulator makes. */
    static final String MARKER = "Postern Throwaway PKI";

    private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");
    /** Arc for documentation and private tests; names no real product and no real policy. */
    private static final ASN1ObjectIdentifier TEST_ARC = new ASN1ObjectIdentifier("2.999.1");

    private static final Date NEVER = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

    /** A key and its certificate. */
    record Credential(PrivateKey key, X509Certificate certificate) {}

    private final KeySource source;
    private final Instant now;

    CertificateMaker(KeySource source, Instant now) {
        this.source = source;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A self-signed root of ten years. */
    Credential root(String commonName, String role) {
        X500Name name = authority(commonName, role);
        KeyPair pair = source.pair(commonName);
        return new Credential(
                pair.getPrivate(), sign(caBuilder(name, name, pair.getPublic(), pair.getPublic()), pair.getPrivate()));
    }

    /** An authority below another. */
    Credential intermediate(Credential issuer, String commonName, String role) {
        KeyPair pair = source.pair(commonName);
        return new Credential(
                pair.getPrivate(),
                sign(
                        caBuilder(
                                subject(issuer),
                                authority(commonName, role),
                                pair.getPublic(),
                                issuer.certificate().getPublicKey()),
                        issuer.key()));
    }

    /**
     * A certificate of an organisation.
     *
     * @param role remote party role, two hex digits
     * @param keyUsage bits of {@link KeyUsage}
     */
    Credential organisation(Credential issuer, String commonName, String role, Eui64 eui, int keyUsage) {
        KeyPair pair = source.pair(commonName + " " + keyUsage);
        return new Credential(
                pair.getPrivate(), organisation(issuer, commonName, role, eui, keyUsage, pair.getPublic()));
    }

    /** The same for a key that another party made. */
    X509Certificate organisation(
            Credential issuer, String commonName, String role, Eui64 eui, int keyUsage, PublicKey key) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .addRDN(BCStyle.OU, role)
                .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(eui.toBytes()))
                .build();
        return sign(
                builder(
                        subject(issuer),
                        name,
                        Date.from(now.plus(3650, ChronoUnit.DAYS)),
                        key,
                        issuer.certificate().getPublicKey(),
                        keyUsage),
                issuer.key());
    }

    /** A certificate of a device: no subject, its EUI-64 as serial number of a hardware module name. */
    Credential device(Credential issuer, Eui64 eui, int keyUsage) {
        KeyPair pair = source.pair(eui.hex() + " " + keyUsage);
        return new Credential(pair.getPrivate(), device(issuer, eui, keyUsage, pair.getPublic()));
    }

    /** The same for a key that the device made. */
    X509Certificate device(Credential issuer, Eui64 eui, int keyUsage, PublicKey key) {
        X509v3CertificateBuilder builder = builder(
                subject(issuer),
                new X500Name(new RDN[0]),
                NEVER,
                key,
                issuer.certificate().getPublicKey(),
                keyUsage);
        ASN1EncodableVector module = new ASN1EncodableVector();
        module.add(TEST_ARC);
        module.add(new DEROctetString(eui.toBytes()));
        ASN1EncodableVector other = new ASN1EncodableVector();
        other.add(HARDWARE_MODULE_NAME);
        other.add(new DERTaggedObject(true, 0, new DERSequence(module)));
        extend(
                builder,
                Extension.subjectAlternativeName,
                true,
                new GeneralNames(new GeneralName(GeneralName.otherName, new DERSequence(other))));
        return sign(builder, issuer.key());
    }

    /** A certificate for TLS on this machine, as server and client. */
    Credential transport(Credential issuer, String commonName) {
        KeyPair pair = source.pair(commonName);
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
        X509v3CertificateBuilder builder = builder(
                subject(issuer),
                name,
                Date.from(now.plus(825, ChronoUnit.DAYS)),
                pair.getPublic(),
                issuer.certificate().getPublicKey(),
                KeyUsage.digitalSignature);
        extend(builder, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        extend(builder, Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        }));
        return new Credential(pair.getPrivate(), sign(builder, issuer.key()));
    }

    private static X500Name authority(String commonName, String role) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.OU, MARKER)
                .addRDN(BCStyle.OU, role)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X500Name subject(Credential issuer) {
        return X500Name.getInstance(
                issuer.certificate().getSubjectX500Principal().getEncoded());
    }

    private X509v3CertificateBuilder caBuilder(X500Name issuer, X500Name name, PublicKey key, PublicKey issuerKey) {
        X509v3CertificateBuilder builder = builder(
                issuer,
                name,
                Date.from(now.plus(3650, ChronoUnit.DAYS)),
                key,
                issuerKey,
                KeyUsage.keyCertSign | KeyUsage.cRLSign);
        extend(builder, Extension.basicConstraints, true, new BasicConstraints(true));
        return builder;
    }

    private X509v3CertificateBuilder builder(
            X500Name issuer, X500Name name, Date until, PublicKey key, PublicKey issuerKey, int usage) {
        // one day back: the clocks of two machines never agree
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                source.serial(HexFormat.of().formatHex(keyId(key))),
                Date.from(now.minus(1, ChronoUnit.DAYS)),
                until,
                name,
                key);
        extend(builder, Extension.keyUsage, true, new KeyUsage(usage));
        extend(builder, Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(key)));
        extend(builder, Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuerKey)));
        extend(builder, Extension.certificatePolicies, true, new CertificatePolicies(new PolicyInformation(TEST_ARC)));
        return builder;
    }

    private static void extend(
            X509v3CertificateBuilder builder,
            ASN1ObjectIdentifier id,
            boolean critical,
            org.bouncycastle.asn1.ASN1Encodable value) {
        try {
            builder.addExtension(id, critical, value);
        } catch (IOException e) {
            throw new IllegalStateException("an extension that was just built encodes", e);
        }
    }

    /** Eight bytes: 0100 and the low 60 bits of the SHA-1 of the key. */
    private static byte[] keyId(PublicKey key) {
        try {
            byte[] spki = key.getEncoded();
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest(Arrays.copyOfRange(spki, spki.length - 65, spki.length));
            byte[] id = Arrays.copyOfRange(hash, hash.length - 8, hash.length);
            id[0] = (byte) (0x40 | id[0] & 0x0F);
            return id;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(new CertificateSigner(source, key)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was just made is one", e);
        }
    }
}
