package org.postern.duis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.postern.ecprovider.EcProvider;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/** Someone with a throwaway key, who signs with our signer or with the JDK's, and can ask the JDK to verify. */
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

    /** Signs as another implementation would: DOM in, DOM out, white space and prefixes as they come. */
    byte[] signWithJdk(byte[] unsigned, String method) throws Exception {
        Document document = dom(unsigned);
        Node placeholder = document.getElementsByTagNameNS(DuisElement.SIGNATURE, "Signature")
                .item(0);
        if (placeholder != null) {
            placeholder.getParentNode().removeChild(placeholder);
        }
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        var reference = factory.newReference(
                "",
                factory.newDigestMethod(DigestMethod.SHA256, null),
                List.of(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null)),
                null,
                null);
        var info = factory.newSignedInfo(
                factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                factory.newSignatureMethod(method, null),
                List.of(reference));
        KeyInfoFactory keyInfo = factory.getKeyInfoFactory();
        var named = keyInfo.newX509Data(List.of(keyInfo.newX509IssuerSerial(
                certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber())));
        DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
        context.setDefaultNamespacePrefix("ds");
        factory.newXMLSignature(info, keyInfo.newKeyInfo(List.of(named))).sign(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    /** What the JDK's validator, with secure validation, says. */
    boolean acceptedByJdk(byte[] signed) throws Exception {
        return acceptedByJdk(dom(signed));
    }

    /** The same of a document that the JDK has parsed already. */
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

    private static Document dom(byte[] xml) throws Exception {
        return dom(xml, false);
    }

    /**
     * The JDK's tree.
     *
     * @param coalesced whether CDATA sections are text, as they are to Canonical XML; the JDK does not look for a
     *     signature's value in them otherwise
     */
    static Document dom(byte[] xml, boolean coalesced) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setCoalescing(coalesced);
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new ByteArrayInputStream(xml));
    }
}
