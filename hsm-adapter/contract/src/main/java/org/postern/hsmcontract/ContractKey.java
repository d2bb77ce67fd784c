package org.postern.hsmcontract;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyPurpose;

/**
 * A new key with a certificate that has the form of an organisation certificate (GBCS, certificate profiles).
 *
 * @param binding its entry in the settings of the vault
 * @param privateKey a JDK key
 * @param certificate signed with the key itself, under the issuer name that the caller chose
 */
public record ContractKey(KeyBinding binding, PrivateKey privateKey, X509Certificate certificate) {

    /** Issuer of ordinary contract keys; it is not one of the test PKIs that production mode refuses. */
    public static final String ISSUER = "CN=Some Issuing Authority";

    private static final AtomicLong SERIAL = new AtomicLong(1000);

    /** A key with this purpose for this party; the name of its entry is the alias. */
    public static ContractKey of(String alias, KeyPurpose purpose, Eui64 eui) {
        return of(alias, purpose, eui, ISSUER);
    }

    /** The same with another issuer name. */
    public static ContractKey of(String alias, KeyPurpose purpose, Eui64 eui, String issuer) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new ContractKey(
                    new KeyBinding(alias, purpose, alias, eui),
                    pair.getPrivate(),
                    certificate(pair, purpose.signing(), eui, issuer));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key under another alias and purpose, as an administrator might configure it by mistake. */
    public ContractKey as(String alias, KeyPurpose purpose) {
        return new ContractKey(new KeyBinding(alias, purpose, binding.entry(), binding.eui()), privateKey, certificate);
    }

    private static X509Certificate certificate(KeyPair pair, boolean signing, Eui64 eui, String issuer)
            throws OperatorCreationException, CertIOException, GeneralSecurityException {
        Instant now = Instant.now();
        X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.OU, "02")
                .addRDN(
                        new ASN1ObjectIdentifier("2.5.4.45"),
                        new DERBitString(HexFormat.of().parseHex(eui.hex())))
                .build();
        var builder = new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(SERIAL.incrementAndGet()),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(30))),
                        subject,
                        pair.getPublic())
                .addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(signing ? KeyUsage.digitalSignature : KeyUsage.keyAgreement));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }
}
