package org.postern.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/** Signs documents with the platform's XML signatures: line breaks, empty-element tags and prefixes as they come. */
final class PlatformSigner {

    private static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

    private PlatformSigner() {}

    /** The document with a signature in the place of its place-holder. */
    static byte[] sign(byte[] template, ThrowawayKey key) throws Exception {
        DocumentBuilderFactory builder = DocumentBuilderFactory.newInstance();
        builder.setNamespaceAware(true);
        Document document = builder.newDocumentBuilder().parse(new ByteArrayInputStream(template));
        Node placeholder = document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")
                .item(0);
        placeholder.getParentNode().removeChild(placeholder);
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        var transforms = List.of(factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
        var reference =
                factory.newReference("", factory.newDigestMethod(DigestMethod.SHA256, null), transforms, null, null);
        var exclusive =
                factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null);
        var info = factory.newSignedInfo(exclusive, factory.newSignatureMethod(ECDSA_SHA256, null), List.of(reference));
        var keyInfo = factory.getKeyInfoFactory();
        var issuer = keyInfo.newX509IssuerSerial(
                key.certificate().getIssuerX500Principal().getName(),
                key.certificate().getSerialNumber());
        DOMSignContext context = new DOMSignContext(key.key(), document.getDocumentElement());
        context.setDefaultNamespacePrefix("ds");
        factory.newXMLSignature(info, keyInfo.newKeyInfo(List.of(keyInfo.newX509Data(List.of(issuer)))))
                .sign(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }
}
