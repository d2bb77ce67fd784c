package org.postern.duis.internal;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;

/** The one form of signature that DUIS uses: written from a template, read with no tolerance. */
public final class SignatureProfile {

    /** r and s, 32 bytes each. */
    public static final int SIGNATURE_BYTES = 64;

    private static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    private static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    private static final String SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private static final int DIGEST_BYTES = 32;

    private static final byte[] SIGNATURE_OPEN = ascii("<ds:Signature xmlns:ds=\"" + DuisElement.SIGNATURE + "\">");
    private static final byte[] INFO_OPEN_ALONE = ascii("<ds:SignedInfo xmlns:ds=\"" + DuisElement.SIGNATURE + "\">");
    private static final byte[] INFO_OPEN = ascii("<ds:SignedInfo>");
    private static final byte[] INFO_UP_TO_DIGEST = ascii("<ds:CanonicalizationMethod Algorithm=\"" + EXCLUSIVE
            + "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"" + ECDSA_SHA256
            + "\"></ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"" + ENVELOPED
            + "\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"" + SHA256
            + "\"></ds:DigestMethod><ds:DigestValue>");
    private static final byte[] INFO_CLOSE = ascii("</ds:DigestValue></ds:Reference></ds:SignedInfo>");
    private static final byte[] VALUE_OPEN = ascii("<ds:SignatureValue>");
    private static final byte[] VALUE_CLOSE = ascii("</ds:SignatureValue>");
    private static final byte[] SIGNATURE_CLOSE = ascii("</ds:Signature>");

    private SignatureProfile() {
    }

    /** SHA-256 of the bytes. */
    public static byte[] sha256(byte[] bytes) {
        return ByteSink.sha256().digest(bytes);
    }

    /**
     * SignedInfo around a digest.
     *
     * @param digest base64
     * @param alone  true for its exclusive canonical form, which declares the prefix; false for its place in a document
     */
    public static byte[] signedInfo(byte[] digest, boolean alone) {
        return join(alone ? INFO_OPEN_ALONE : INFO_OPEN, INFO_UP_TO_DIGEST, digest, INFO_CLOSE);
    }

    /** The whole Signature element; digest and value are base64. */
    public static byte[] signature(byte[] digest, byte[] value, byte[] keyInfo) {
        return join(SIGNATURE_OPEN, signedInfo(digest, false), VALUE_OPEN, value, VALUE_CLOSE, keyInfo, SIGNATURE_CLOSE);
    }

    /** KeyInfo that names a certificate. */
    public static byte[] keyInfo(String issuer, BigInteger serial) {
        ByteSink out = ByteSink.collecting();
        out.ascii("<ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>");
        Canonical.escaped(out, issuer);
        out.ascii("</ds:X509IssuerName><ds:X509SerialNumber>");
        out.ascii(serial.toString());
        out.ascii("</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></ds:KeyInfo>");
        return out.toArray();
    }

    /**
     * A signature as read.
     *
     * @param digest 32 bytes
     * @param value  64 bytes
     */
    public record Read(byte[] digest, byte[] value, X500Principal issuer, BigInteger serial) {
    }

    /** Takes a Signature element apart; anything but the profile is PST-1023. */
    public static Read read(DuisElement signature) {
        List<DuisElement> parts = children(signature, "Signature", Map.of(), "SignedInfo", "SignatureValue", "KeyInfo");
        List<DuisElement> info = children(parts.get(0), "SignedInfo", Map.of(), "CanonicalizationMethod", "SignatureMethod", "Reference");
        algorithm(info.get(0), EXCLUSIVE);
        algorithm(info.get(1), ECDSA_SHA256);
        List<DuisElement> reference = children(info.get(2), "Reference", Map.of("URI", ""), "Transforms", "DigestMethod", "DigestValue");
        algorithm(children(reference.get(0), "Transforms", Map.of(), "Transform").get(0), ENVELOPED);
        algorithm(reference.get(1), SHA256);
        List<DuisElement> named = children(children(children(parts.get(2), "KeyInfo", Map.of(), "X509Data").get(0), "X509Data",
                Map.of(), "X509IssuerSerial").get(0), "X509IssuerSerial", Map.of(), "X509IssuerName", "X509SerialNumber");
        String serial = leaf(named.get(1));
        if (!serial.matches("-?\\d{1,60}")) {
            throw profile("X509SerialNumber", "a decimal number");
        }
        X500Principal issuer;
        try {
            issuer = new X500Principal(leaf(named.get(0)));
        } catch (IllegalArgumentException e) {
            throw profile("X509IssuerName", "a distinguished name");
        }
        return new Read(base64(reference.get(2), DIGEST_BYTES), base64(parts.get(1), SIGNATURE_BYTES), issuer, new BigInteger(serial));
    }

    private static List<DuisElement> children(DuisElement element, String name, Map<String, String> attributes, String... names) {
        boolean match = element.attributes().equals(attributes) && element.children().size() == names.length
                && element.text().isBlank();
        for (int i = 0; match && i < names.length; i++) {
            DuisElement child = element.children().get(i);
            match = child.name().equals(names[i]) && child.namespace().equals(DuisElement.SIGNATURE);
        }
        if (!match) {
            throw profile(name, "exactly " + String.join(", ", names) + (attributes.isEmpty() ? ", no attributes" : ", URI empty"));
        }
        return element.children();
    }

    private static void algorithm(DuisElement element, String algorithm) {
        if (!element.attributes().equals(Map.of("Algorithm", algorithm)) || !element.children().isEmpty() || !element.text().isBlank()) {
            throw profile(element.name(), algorithm + " and nothing inside");
        }
    }

    private static byte[] base64(DuisElement element, int length) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(leaf(element).replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            throw profile(element.name(), "base64");
        }
        if (bytes.length != length) {
            throw profile(element.name(), length + " bytes");
        }
        return bytes;
    }

    private static String leaf(DuisElement element) {
        if (!element.children().isEmpty() || !element.attributes().isEmpty()) {
            throw profile(element.name(), "text only");
        }
        return element.text().strip();
    }

    private static DuisException profile(String element, String rule) {
        return DocumentParser.refused(DuisFault.SIGNATURE_PROFILE, "Signature/" + element, rule,
                "another form of signature",
                "only the signature profile of DUIS is accepted");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
