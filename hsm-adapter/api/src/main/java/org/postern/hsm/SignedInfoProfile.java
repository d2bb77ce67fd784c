package org.postern.hsm;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one form of SignedInfo that an XML key signs: the DUIS signature profile in canonical form (exclusive C14N), with
 * nothing free in it but the prefix and the digest. Stricter than parsing the element, and no parser has to be trusted.
 */
final class SignedInfoProfile {

    private static final int LIMIT = 2000;

    // prefix and digest are cut out first; what remains must equal the template with the same prefix put in
    private static final Pattern START = Pattern.compile("<(?:([A-Za-z][A-Za-z0-9]{0,15}):)?SignedInfo ");
    private static final Pattern DIGEST = Pattern.compile("(?<=DigestValue>)[A-Za-z0-9+/]{43}=(?=</)");

    private static final String TEMPLATE = "<{p}SignedInfo xmlns{x}=\"http://www.w3.org/2000/09/xmldsig#\">"
            + "<{p}CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></{p}CanonicalizationMethod>"
            + "<{p}SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></{p}SignatureMethod>"
            + "<{p}Reference URI=\"\"><{p}Transforms>"
            + "<{p}Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></{p}Transform>"
            + "</{p}Transforms><{p}DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></{p}DigestMethod>"
            + "<{p}DigestValue>*</{p}DigestValue></{p}Reference></{p}SignedInfo>";

    private static final String WITHOUT_PREFIX = template("");
    private static final String WITH_DS = template("ds");

    private SignedInfoProfile() {
    }

    static boolean matches(byte[] bytes) {
        if (bytes == null || bytes.length > LIMIT) {
            return false;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher start = START.matcher(text);
        Matcher digest = DIGEST.matcher(text);
        if (!start.lookingAt() || !digest.find()) {
            return false;
        }
        String prefix = start.group(1) == null ? "" : start.group(1);
        String expected = prefix.isEmpty() ? WITHOUT_PREFIX : prefix.equals("ds") ? WITH_DS : template(prefix);
        int at = expected.indexOf('*');
        return digest.start() == at && text.length() - digest.end() == expected.length() - at - 1 && text.startsWith(expected.substring(0, at))
                && text.endsWith(expected.substring(at + 1));
    }

    private static String template(String prefix) {
        return TEMPLATE.replace("{p}", prefix.isEmpty() ? "" : prefix + ":").replace("{x}", prefix.isEmpty() ? "" : ":" + prefix);
    }
}
