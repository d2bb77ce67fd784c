package org.postern.benchmarks;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A new key on P-256 with a certificate of its own, for one run.
 *
 * @param key the private key, of the platform's provider
 * @param certificate valid for a day
 */
record ThrowawayKey(PrivateKey key, X509Certificate certificate) {

    private static final long DAY_SECONDS = 86_400;

    static ThrowawayKey make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = Instant.now();
            X500Name name = new X500Name("CN=Z9,OU=07");
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(Long.MAX_VALUE),
                    Date.from(now),
                    Date.from(now.plusSeconds(DAY_SECONDS)),
                    name,
                    pair.getPublic());
            return new ThrowawayKey(
                    pair.getPrivate(),
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
