package org.postern.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Makes enveloped signatures with the JDK's XML Signature, as an implementation that is independent of Postern's. */
public final class XmlSignature {

    /** ECDSA with SHA-256 (RFC 6931, 2.3.6). */
    public static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

    private XmlSignature() {}

    /**
     * Signs a document with ECDSA and SHA-256.
     *
     * @throws IllegalArgumentException if it is not XML, or has no canonical form
     */
    public static byte[] sign(byte[] unsigned, PrivateKey key, X509Certificate certificate) {
        return sign(unsigned, key, certificate, ECDSA_SHA256);
    }

    /**
     * Signs a document; a signature that it already has is replaced.
     *
     * @param certificate named in the signature by issuer and serial number
     * @param method algorithm, as XML Signature names it
     * @throws IllegalArgumentException if it is not XML, or has no canonical form
     */
    public static byte[] sign(byte[] unsigned, PrivateKey key, X509Certificate certificate, String method) {
        try {
            Document document = dom(unsigned, false);
            Node placeholder = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature")
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
        } catch (XMLSignatureException e) {
            throw new IllegalArgumentException("cannot be signed", e);
        } catch (GeneralSecurityException | MarshalException | TransformerException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Parses a document into the JDK's DOM.
     *
     * @param coalesced whether CDATA sections become text, as in Canonical XML; without that the JDK does not find a
     *     signature's value in them
     * @throws IllegalArgumentException if it is not XML
     */
    public static Document dom(byte[] xml, boolean coalesced) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setCoalescing(coalesced);
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(xml));
        } catch (SAXException | java.io.IOException e) {
            throw new IllegalArgumentException("not XML", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
