package org.postern.hsm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The only form of SignedInfo that an XML key signs: the DUIS signature profile in canonical form (exclusive C14N), in
 * which only the prefix and the digest may vary. The bytes are compared with a template, which is stricter than parsing
 * the element and does not depend on a parser.
 */
final class SignedInfoProfile {

    private static final int DIGEST_LENGTH = 44;
    private static final int PREFIX_LIMIT = 16;

    private static final String TEMPLATE = "<{p}SignedInfo xmlns{x}=\"http://www.w3.org/2000/09/xmldsig#\">"
            + "<{p}CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></{p}CanonicalizationMethod>"
            + "<{p}SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></{p}SignatureMethod>"
            + "<{p}Reference URI=\"\"><{p}Transforms>"
            + "<{p}Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></{p}Transform>"
            + "</{p}Transforms><{p}DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></{p}DigestMethod>"
            + "<{p}DigestValue>*</{p}DigestValue></{p}Reference></{p}SignedInfo>";

    private static final Form WITHOUT_PREFIX = Form.of("");
    private static final Form WITH_DS = Form.of("ds");

    /** The bytes before and after the digest. */
    private record Form(byte[] head, byte[] tail) {

        static Form of(String prefix) {
            String whole = TEMPLATE.replace("{p}", prefix.isEmpty() ? "" : prefix + ":")
                    .replace("{x}", prefix.isEmpty() ? "" : ":" + prefix);
            int digest = whole.indexOf('*');
            return new Form(
                    whole.substring(0, digest).getBytes(StandardCharsets.US_ASCII),
                    whole.substring(digest + 1).getBytes(StandardCharsets.US_ASCII));
        }

        boolean matches(byte[] bytes) {
            int from = head.length;
            int to = from + DIGEST_LENGTH;
            return bytes.length == to + tail.length
                    && Arrays.equals(bytes, 0, from, head, 0, from)
                    && Arrays.equals(bytes, to, bytes.length, tail, 0, tail.length)
                    && isDigest(bytes, from, to);
        }

        private static boolean isDigest(byte[] bytes, int from, int to) {
            for (int i = from; i < to - 1; i++) {
                byte b = bytes[i];
                if (!(b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/')) {
                    return false;
                }
            }
            return bytes[to - 1] == '=';
        }
    }

    private SignedInfoProfile() {}

    static boolean matches(byte[] bytes) {
        if (bytes == null) {
            return false;
        }
        return WITH_DS.matches(bytes)
                || WITHOUT_PREFIX.matches(bytes)
                || Form.of(prefix(bytes)).matches(bytes);
    }

    /** The name before the first colon. Where that cannot be a prefix: {@code none}, which does not match. */
    private static String prefix(byte[] bytes) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 1; i < Math.min(bytes.length, PREFIX_LIMIT + 2); i++) {
            char c = (char) (bytes[i] & 0x7F);
            if (c == ':') {
                return prefix.toString();
            }
            if (!(c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || !prefix.isEmpty() && c >= '0' && c <= '9')) {
                break;
            }
            prefix.append(c);
        }
        return "none";
    }
}
