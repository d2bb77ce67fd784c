package org.postern.duis.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;

/** The only form of signature of DUIS: it is written from a template, and any other form is refused when reading. */
public final class SignatureProfile {

    /** r and s, 32 bytes each. */
    public static final int SIGNATURE_BYTES = 64;

    static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
    static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    static final String SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private static final int DIGEST_BYTES = 32;
    private static final Pattern SERIAL = Pattern.compile("-?\\d{1,60}");

    private static final String UP_TO_DIGEST = "<ds:CanonicalizationMethod Algorithm=\"" + EXCLUSIVE
            + "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"" + ECDSA_SHA256
            + "\"></ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"" + ENVELOPED
            + "\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"" + SHA256
            + "\"></ds:DigestMethod><ds:DigestValue>";
    private static final String NAMESPACE = " xmlns:ds=\"" + DuisElement.SIGNATURE + "\"";
    /** SignedInfo in its exclusive canonical form, which declares the prefix, up to the digest. */
    private static final byte[] ALONE = ascii("<ds:SignedInfo" + NAMESPACE + ">" + UP_TO_DIGEST);
    /** A signature up to the digest. */
    private static final byte[] IN_PLACE = ascii("<ds:Signature" + NAMESPACE + "><ds:SignedInfo>" + UP_TO_DIGEST);

    private static final byte[] INFO_CLOSE = ascii("</ds:DigestValue></ds:Reference></ds:SignedInfo>");
    private static final byte[] TO_VALUE = ascii("</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>");
    private static final byte[] VALUE_CLOSE = ascii("</ds:SignatureValue>");
    private static final byte[] SIGNATURE_CLOSE = ascii("</ds:Signature>");

    private SignatureProfile() {}

    /** SHA-256 of the first {@code length} bytes. */
    public static byte[] sha256(byte[] bytes, int length) {
        MessageDigest digest = Sha256.start();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    /** The SignedInfo with this digest (base64), in exclusive canonical form, which the key signs. */
    public static byte[] signedInfo(byte[] digest) {
        return join(ALONE, digest, INFO_CLOSE);
    }

    /**
     * Inserts a signature into a document.
     *
     * @param document canonical, without a signature
     * @param length length of the document in bytes
     * @param end position of the end tag of its root, where the signature is inserted
     * @param digest base64
     * @param value base64
     * @param keyInfo result of {@link #keyInfo}
     */
    public static byte[] signed(byte[] document, int length, int end, byte[] digest, byte[] value, byte[] keyInfo) {
        byte[] signed = new byte
                [length
                        + IN_PLACE.length
                        + digest.length
                        + TO_VALUE.length
                        + value.length
                        + VALUE_CLOSE.length
                        + keyInfo.length
                        + SIGNATURE_CLOSE.length];
        System.arraycopy(document, 0, signed, 0, end);
        int at = put(signed, end, IN_PLACE, digest, TO_VALUE, value, VALUE_CLOSE, keyInfo, SIGNATURE_CLOSE);
        System.arraycopy(document, end, signed, at, length - end);
        return signed;
    }

    /** The KeyInfo element for a certificate. */
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
     * The content of a Signature element.
     *
     * @param digest 32 bytes
     * @param value 64 bytes
     */
    public record Read(byte[] digest, byte[] value, X500Principal issuer, BigInteger serial) {}

    /** Reads a Signature element. A form other than the profile is refused with PST-1023. */
    public static Read read(DuisElement signature) {
        List<DuisElement> parts = children(signature, "Signature", Map.of(), "SignedInfo", "SignatureValue", "KeyInfo");
        List<DuisElement> info = children(
                parts.get(0), "SignedInfo", Map.of(), "CanonicalizationMethod", "SignatureMethod", "Reference");
        algorithm(info.get(0), EXCLUSIVE);
        algorithm(info.get(1), ECDSA_SHA256);
        List<DuisElement> reference =
                children(info.get(2), "Reference", Map.of("URI", ""), "Transforms", "DigestMethod", "DigestValue");
        algorithm(
                children(reference.get(0), "Transforms", Map.of(), "Transform").get(0), ENVELOPED);
        algorithm(reference.get(1), SHA256);
        List<DuisElement> named = children(
                children(
                                children(parts.get(2), "KeyInfo", Map.of(), "X509Data")
                                        .get(0),
                                "X509Data",
                                Map.of(),
                                "X509IssuerSerial")
                        .get(0),
                "X509IssuerSerial",
                Map.of(),
                "X509IssuerName",
                "X509SerialNumber");
        BigInteger serial;
        try {
            serial = serial(unstripped(named.get(1)));
        } catch (NumberFormatException e) {
            throw profile("X509SerialNumber", "a decimal number");
        }
        X500Principal issuer;
        try {
            issuer = new X500Principal(leaf(named.get(0)));
        } catch (IllegalArgumentException e) {
            throw profile("X509IssuerName", "a distinguished name");
        }
        return new Read(base64(reference.get(2), DIGEST_BYTES), base64(parts.get(1), SIGNATURE_BYTES), issuer, serial);
    }

    /**
     * Parses the serial number of a certificate. White space is not permitted, as in the validator of the JDK.
     *
     * @throws NumberFormatException where it is not a number of at most 60 decimal digits
     */
    static BigInteger serial(String text) {
        if (!SERIAL.matcher(text).matches()) {
            throw new NumberFormatException("not a decimal number");
        }
        return new BigInteger(text);
    }

    private static List<DuisElement> children(
            DuisElement element, String name, Map<String, String> attributes, String... names) {
        boolean match = element.attributes().equals(attributes)
                && element.children().size() == names.length
                && element.text().isBlank();
        for (int i = 0; match && i < names.length; i++) {
            DuisElement child = element.children().get(i);
            match = child.name().equals(names[i]) && child.namespace().equals(DuisElement.SIGNATURE);
        }
        if (!match) {
            throw profile(
                    name,
                    "exactly " + String.join(", ", names) + (attributes.isEmpty() ? ", no attributes" : ", URI empty"));
        }
        return element.children();
    }

    private static void algorithm(DuisElement element, String algorithm) {
        if (!element.attributes().equals(Map.of("Algorithm", algorithm))
                || !element.children().isEmpty()
                || !element.text().isBlank()) {
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
        return unstripped(element).strip();
    }

    private static String unstripped(DuisElement element) {
        if (!element.children().isEmpty() || !element.attributes().isEmpty()) {
            throw profile(element.name(), "text only");
        }
        return element.text();
    }

    private static DuisException profile(String element, String rule) {
        return DocumentParser.refused(
                DuisFault.SIGNATURE_PROFILE,
                "Signature/" + element,
                rule,
                "another form of signature",
                "only the signature profile of DUIS is accepted");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        put(joined, 0, parts);
        return joined;
    }

    /**
     * Writes the parts one after the other.
     *
     * @return position after the last one
     */
    private static int put(byte[] target, int from, byte[]... parts) {
        int at = from;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, target, at, part.length);
            at += part.length;
        }
        return at;
    }
}
