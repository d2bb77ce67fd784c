package org.postern.servicerequests.internal.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.function.UnaryOperator;
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
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.catalogue.Eui64;
import org.postern.inventory.SmkiCertificate;

/** Certificates by the SMKI profile, and by any deviation from it that a test asks for. */
final class TestPki {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ASN1ObjectIdentifier POLICY = new ASN1ObjectIdentifier("2.999.1");
    private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

    private TestPki() {}

    /** A certificate and its key. */
    record Made(KeyPair keys, byte[] der, X500Name subject) {

        SmkiCertificate certificate() {
            return SmkiCertificate.read(der);
        }

        String base64() {
            return Base64.getEncoder().encodeToString(der);
        }
    }

    /** What is to be made; each step changes one thing. */
    static final class Spec implements Cloneable {
        private KeyPair keys;
        private X500Name subject;
        private String organisation;
        private Eui64 eui;
        private boolean device;
        private boolean authority;
        private int pathLength = -1;
        private int usage;
        private Made issuer;
        private KeyPair signer;
        private X500Name issuerName;
        private byte[] authorityKey;
        private boolean withSubjectKey = true;
        private String algorithm = "SHA256withECDSA";
        private Instant from;
        private Instant until;

        private Spec(Instant now) {
            this.from = now.minus(Duration.ofDays(10));
            this.until = now.plus(Duration.ofDays(3650));
        }

        private Spec with(UnaryOperator<Spec> change) {
            try {
                return change.apply((Spec) clone());
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        Spec role(String role) {
            return with(s -> {
                s.organisation = role;
                return s;
            });
        }

        Spec eui(Eui64 other) {
            return with(s -> {
                s.eui = other;
                return s;
            });
        }

        Spec device() {
            return with(s -> {
                s.device = true;
                return s;
            });
        }

        Spec usage(int bits) {
            return with(s -> {
                s.usage = bits;
                return s;
            });
        }

        Spec keys(KeyPair pair) {
            return with(s -> {
                s.keys = pair;
                return s;
            });
        }

        Spec pathLength(int length) {
            return with(s -> {
                s.pathLength = length;
                return s;
            });
        }

        Spec issuer(Made other) {
            return with(s -> {
                s.issuer = other;
                return s;
            });
        }

        /** Signed by another key than the issuer's. */
        Spec signer(KeyPair pair) {
            return with(s -> {
                s.signer = pair;
                return s;
            });
        }

        Spec issuerName(String name) {
            return with(s -> {
                s.issuerName = new X500Name(name);
                return s;
            });
        }

        Spec authorityKey(byte[] id) {
            return with(s -> {
                s.authorityKey = id;
                return s;
            });
        }

        Spec withoutSubjectKey() {
            return with(s -> {
                s.withSubjectKey = false;
                return s;
            });
        }

        Spec algorithm(String name) {
            return with(s -> {
                s.algorithm = name;
                return s;
            });
        }

        Spec valid(Instant begin, Instant end) {
            return with(s -> {
                s.from = begin;
                s.until = end;
                return s;
            });
        }

        Made make() {
            try {
                return made();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }

        private Made made() throws IOException, OperatorCreationException {
            KeyPair pair = keys == null ? pair("secp256r1") : keys;
            X500Name name = subject != null
                    ? subject
                    : device
                            ? new X500Name(new RDN[0])
                            : new X500NameBuilder(BCStyle.INSTANCE)
                                    .addRDN(BCStyle.OU, organisation)
                                    .addRDN(BCStyle.UNIQUE_IDENTIFIER, new DERBitString(eui.toBytes()))
                                    .build();
            X500Name issuedBy = issuerName != null ? issuerName : issuer == null ? name : issuer.subject();
            KeyPair issuerKeys = issuer == null ? pair : issuer.keys();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuedBy,
                    new BigInteger(120, RANDOM).setBit(120),
                    Date.from(from),
                    Date.from(until),
                    name,
                    pair.getPublic());
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (withSubjectKey) {
                builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(pair)));
            }
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new AuthorityKeyIdentifier(authorityKey != null ? authorityKey : keyId(issuerKeys)));
            builder.addExtension(
                    Extension.certificatePolicies, true, new CertificatePolicies(new PolicyInformation(POLICY)));
            if (authority) {
                builder.addExtension(
                        Extension.basicConstraints,
                        true,
                        pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength));
            }
            if (device) {
                builder.addExtension(Extension.subjectAlternativeName, true, hardwareModule());
            }
            return new Made(
                    pair,
                    builder.build(new JcaContentSignerBuilder(algorithm)
                                    .build((signer == null ? issuerKeys : signer).getPrivate()))
                            .getEncoded(),
                    name);
        }

        private GeneralNames hardwareModule() {
            ASN1EncodableVector module = new ASN1EncodableVector();
            module.add(POLICY);
            module.add(new DEROctetString(eui.toBytes()));
            ASN1EncodableVector other = new ASN1EncodableVector();
            other.add(HARDWARE_MODULE_NAME);
            other.add(new DERTaggedObject(true, 0, new DERSequence(module)));
            return new GeneralNames(new GeneralName(GeneralName.otherName, new DERSequence(other)));
        }
    }

    static Spec root(Instant now, String name) {
        Spec spec = new Spec(now);
        spec.subject = new X500Name(name);
        spec.authority = true;
        spec.usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
        return spec;
    }

    static Spec authority(Instant now, String name, Made issuer) {
        return root(now, name).issuer(issuer);
    }

    static Spec organisation(Instant now, Made issuer, String role, Eui64 eui, int usage) {
        return new Spec(now).issuer(issuer).role(role).eui(eui).usage(usage);
    }

    static Spec device(Instant now, Made issuer, Eui64 eui, int usage) {
        return new Spec(now).issuer(issuer).device().eui(eui).usage(usage);
    }

    static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] keyId(KeyPair pair) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest(pair.getPublic().getEncoded());
            return Arrays.copyOfRange(hash, 12, 20);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
