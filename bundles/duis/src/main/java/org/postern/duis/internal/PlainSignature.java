package org.postern.duis.internal;

import static org.postern.duis.internal.PlainReader.ascii;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;
import org.postern.duis.DuisElement;

/**
 * Reads a signature that is octet for octet the template of the profile. Only the white space between its parts, the
 * form of empty elements and the place where the prefix is declared may differ, since SignedInfo has the same canonical
 * form in each case.
 */
final class PlainSignature {

    /**
     * Of a signature: number of elements, maximum depth (that of the root of the document is 1), and number of
     * different names including prefixes.
     */
    static final int ELEMENTS = 15;

    static final int DEPTH = 6;
    static final int NAMES = 18;

    private static final int DIGEST_CHARACTERS = 44;
    private static final int VALUE_CHARACTERS = 88;
    private static final int MAX_CACHED_NAMES = 256;
    private static final int MAX_NAME_LENGTH = 1024;

    private static final byte[] DECLARED = ascii(" xmlns:ds=\"" + DuisElement.SIGNATURE + "\">");
    private static final byte[] DECLARED_BEFORE = ascii(">");
    /** As in the reference requests: a declaration that is not used. */
    private static final byte[] DECLARED_UNUSED = ascii(" xmlns=\"" + DuisElement.SIGNATURE + "\">");

    private static final byte[][] TO_DIGEST = {
        ascii("<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" + SignatureProfile.EXCLUSIVE + "\""),
        ascii("<ds:SignatureMethod Algorithm=\"" + SignatureProfile.ECDSA_SHA256 + "\""),
        ascii("<ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"" + SignatureProfile.ENVELOPED + "\""),
        ascii("</ds:Transforms><ds:DigestMethod Algorithm=\"" + SignatureProfile.SHA256 + "\""),
    };
    /** The end of the last element of each of these parts. */
    private static final byte[][] ENDS = {
        ascii("></ds:CanonicalizationMethod>"),
        ascii("></ds:SignatureMethod>"),
        ascii("></ds:Transform>"),
        ascii("></ds:DigestMethod>")
    };

    private static final byte[] EMPTY_END = ascii("/>");
    private static final byte[] DIGEST = ascii("<ds:DigestValue>");
    private static final byte[] DIGEST_END = ascii("</ds:DigestValue></ds:Reference></ds:SignedInfo>");
    private static final byte[] VALUE = ascii("<ds:SignatureValue>");
    private static final byte[] VALUE_END = ascii("</ds:SignatureValue>");
    private static final byte[] RETURN = ascii("&#13;");
    private static final byte[][] TO_ISSUER = {
        ascii("<ds:KeyInfo>"), ascii("<ds:X509Data>"), ascii("<ds:X509IssuerSerial>"), ascii("<ds:X509IssuerName>")
    };
    private static final byte[] ISSUER_END = ascii("</ds:X509IssuerName>");
    private static final byte[] SERIAL = ascii("<ds:X509SerialNumber>");
    private static final byte[] SERIAL_END = ascii("</ds:X509SerialNumber>");
    private static final byte[][] TO_END = {
        ascii("</ds:X509IssuerSerial>"), ascii("</ds:X509Data>"), ascii("</ds:KeyInfo>"), ascii("</ds:Signature>")
    };

    /** The issuer and the serial number that identify a certificate. */
    private record CertificateName(X500Principal issuer, BigInteger serial) {}

    /** A signature that was read; {@code digestAt} is the position of the digest in the document. */
    record Found(byte[] document, int digestAt, byte[] value, X500Principal issuer, BigInteger serial) {

        /** Whether it contains this digest, which is given in base64. */
        boolean states(byte[] digest) {
            return Arrays.equals(document, digestAt, digestAt + DIGEST_CHARACTERS, digest, 0, digest.length);
        }

        SignatureProfile.Read read(byte[] digest) {
            return new SignatureProfile.Read(digest, value, issuer, serial);
        }
    }

    /** A cache of parsed certificate names, because parsing one costs more than reading the whole document. */
    private final Map<String, CertificateName> certificateNames = new ConcurrentHashMap<>();

    /**
     * Reads a signature, after {@code <ds:Signature} has been read.
     *
     * @param declared whether the root declares the prefix of the signature namespace
     */
    Found read(PlainText in, boolean declared) {
        if (!in.skips(DECLARED) && !(declared && (in.skips(DECLARED_BEFORE) || in.skips(DECLARED_UNUSED)))) {
            throw NotPlain.INSTANCE;
        }
        in.skipBlanks();
        for (int i = 0; i < TO_DIGEST.length; i++) {
            in.expect(TO_DIGEST[i]);
            if (!in.skips(EMPTY_END)) {
                in.expect(ENDS[i]);
            }
        }
        in.expect(DIGEST);
        int digestAt = in.at();
        in.skipText();
        if (in.at() - digestAt != DIGEST_CHARACTERS) {
            throw NotPlain.INSTANCE;
        }
        in.expect(DIGEST_END);
        in.skipBlanks();
        in.expect(VALUE);
        byte[] value = value(in);
        in.expect(VALUE_END);
        CertificateName certificate = certificate(in);
        return new Found(in.octets(), digestAt, value, certificate.issuer(), certificate.serial());
    }

    private static byte[] value(PlainText in) {
        byte[] text = new byte[VALUE_CHARACTERS];
        int length = 0;
        while (in.peek() != '<') {
            int c = in.peek();
            if (c == '&') {
                in.expect(RETURN);
            } else if (c == '\n' || c == ' ' || c == '\t') {
                in.skip(1);
            } else if (length == VALUE_CHARACTERS) {
                throw NotPlain.INSTANCE;
            } else {
                text[length++] = (byte) c;
                in.skip(1);
            }
        }
        try {
            byte[] value = Base64.getDecoder().decode(text);
            if (length == VALUE_CHARACTERS && value.length == SignatureProfile.SIGNATURE_BYTES) {
                return value;
            }
        } catch (IllegalArgumentException notBase64) {
            // left to the parser, like every document that is not plain
        }
        throw NotPlain.INSTANCE;
    }

    private CertificateName certificate(PlainText in) {
        for (byte[] opening : TO_ISSUER) {
            in.skipBlanks();
            in.expect(opening);
        }
        int issuerAt = in.at();
        in.skipText();
        int issuerEnd = in.at();
        in.expect(ISSUER_END);
        in.skipBlanks();
        in.expect(SERIAL);
        int serialAt = in.at();
        in.skipText();
        int serialEnd = in.at();
        in.expect(SERIAL_END);
        for (byte[] end : TO_END) {
            in.skipBlanks();
            in.expect(end);
        }
        return certificateName(text(in, issuerAt, issuerEnd), text(in, serialAt, serialEnd));
    }

    private static String text(PlainText in, int from, int to) {
        return new String(in.octets(), from, to - from, StandardCharsets.US_ASCII);
    }

    private CertificateName certificateName(String issuer, String serial) {
        if (issuer.length() + serial.length() > MAX_NAME_LENGTH) {
            throw NotPlain.INSTANCE;
        }
        String key = serial + '<' + issuer;
        CertificateName known = certificateNames.get(key);
        if (known == null) {
            try {
                known = new CertificateName(new X500Principal(issuer.strip()), SignatureProfile.serial(serial));
            } catch (IllegalArgumentException noName) {
                throw NotPlain.INSTANCE;
            }
            if (certificateNames.size() >= MAX_CACHED_NAMES) {
                certificateNames.clear();
            }
            certificateNames.put(key, known);
        }
        return known;
    }
}
