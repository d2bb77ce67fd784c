package org.postern.duis;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.XmlSignature;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/**
 * A signing party with a throwaway key, which signs with {@link DuisSigner} or with the JDK, and can verify with the
 * JDK.
 */
record Signatory(PrivateKey key, X509Certificate certificate) {

    static final EcProvider EC = EcProvider.fastest();

    static Signatory named(String subject, long serial) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=Z9,OU=07"),
                    BigInteger.valueOf(serial),
                    Date.from(now.minusSeconds(3600)),
                    Date.from(now.plusSeconds(86_400)),
                    new X500Name("CN=" + subject),
                    pair.getPublic());
            return new Signatory(
                    pair.getPrivate(),
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    DuisSigner signer() {
        PrivateKey ours = EC.privateKey(key.getEncoded());
        return new DuisSigner(certificate, info -> EC.sign(ours, info));
    }

    /** Signs as another implementation might: with DOM, keeping white space and prefixes. */
    byte[] signWithJdk(byte[] unsigned, String method) {
        return XmlSignature.sign(unsigned, key, certificate, method);
    }

    /** The result of the JDK's validator with secure validation. */
    boolean acceptedByJdk(byte[] signed) throws Exception {
        return acceptedByJdk(XmlSignature.dom(signed, false));
    }

    /** The same for a document that the JDK has already parsed. */
    boolean acceptedByJdk(Document document) throws Exception {
        Node signature = document.getElementsByTagNameNS(DuisElement.SIGNATURE, "Signature")
                .item(0);
        if (signature == null) {
            return false;
        }
        DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signature);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        return XMLSignatureFactory.getInstance("DOM")
                .unmarshalXMLSignature(context)
                .validate(context);
    }
}
