package org.postern.hsm;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;

/**
 * A key with its certificate whose raw operations can be made to fail. The arrays that it returned last are accessible,
 * so that a test can check whether they were wiped.
 */
final class TestKey implements AbstractKeyVault.RawKey {

    static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    static final EcProvider EC = EcProvider.fastest();
    static final int ANY_USE = -1;

    final KeyBinding binding;
    final KeyPair pair;
    final X509Certificate certificate;
    /** Thrown by the next operations, if set. */
    KeyVaultException failure;
    /** Applied to the results of the next operations, if set. */
    java.util.function.UnaryOperator<byte[]> change = bytes -> bytes;

    int operations;
    byte[] given;

    private TestKey(KeyBinding binding, KeyPair pair, X509Certificate certificate) {
        this.binding = binding;
        this.pair = pair;
        this.certificate = certificate;
    }

    static TestKey of(String alias, KeyPurpose purpose) {
        return of(alias, purpose, "secp256r1", "CN=Some Issuing Authority", usage(purpose), SUPPLIER);
    }

    static int usage(KeyPurpose purpose) {
        return purpose.signing() ? KeyUsage.digitalSignature : KeyUsage.keyAgreement;
    }

    /**
     * @param usage key usage bits of the certificate, or {@link #ANY_USE} for a certificate without that extension
     * @param party party whose identifier is in the subject of the certificate; null for none
     */
    static TestKey of(String alias, KeyPurpose purpose, String curve, String issuer, int usage, Eui64 party) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            KeyPair pair = generator.generateKeyPair();
            X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.OU, "02");
            if (party != null) {
                subject.addRDN(
                        new ASN1ObjectIdentifier("2.5.4.45"),
                        new DERBitString(HexFormat.of().parseHex(party.hex())));
            }
            Instant now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    BigInteger.valueOf(4711),
                    Date.from(now.minus(Duration.ofDays(1))),
                    Date.from(now.plus(Duration.ofDays(30))),
                    subject.build(),
                    pair.getPublic());
            if (usage != ANY_USE) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            }
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
            return new TestKey(new KeyBinding(alias, purpose, alias, SUPPLIER), pair, certificate);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key and certificate under another alias and purpose. */
    TestKey as(String alias, KeyPurpose purpose) {
        return new TestKey(new KeyBinding(alias, purpose, alias, binding.eui()), pair, certificate);
    }

    AbstractKeyVault.FoundKey found() {
        return new AbstractKeyVault.FoundKey(binding, certificate, this);
    }

    PublicKey publicKey() {
        return EC.publicKey(certificate);
    }

    @Override
    public byte[] sign(byte[] input, int offset, int length) {
        requirePurpose(true);
        return give(() -> EC.sign(EC.privateKey(pair.getPrivate().getEncoded()), input, offset, length));
    }

    @Override
    public byte[] agree(PublicKey peer) {
        requirePurpose(false);
        return give(() -> EC.agree(EC.privateKey(pair.getPrivate().getEncoded()), peer));
    }

    private void requirePurpose(boolean signing) {
        if (binding.purpose().signing() != signing) {
            throw new IllegalStateException("a key of " + binding.purpose() + " was used for something else");
        }
    }

    private byte[] give(java.util.function.Supplier<byte[]> right) {
        operations++;
        if (failure != null) {
            throw failure;
        }
        given = change.apply(right.get());
        return given;
    }
}
