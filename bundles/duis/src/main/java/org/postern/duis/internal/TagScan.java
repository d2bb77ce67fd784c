package org.postern.duis.internal;

import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;

/**
 * A first look at the bytes, in one linear pass: refuses document types, and tags too long to be honest. The parser
 * compares every attribute of a tag with every other, so that half a million of them would keep it busy for minutes.
 */
final class TagScan {

    /** No tag of DUIS comes near it, namespace declarations included. */
    static final int MAX_TAG_BYTES = 16 * 1024;

    private TagScan() {}

    static void check(byte[] xml) {
        for (int i = 0; i < xml.length; i++) {
            if (xml[i] != '<') {
                continue;
            }
            if (starts(xml, i, "<!--")) {
                i = skip(xml, i + 4, "-->");
            } else if (starts(xml, i, "<![CDATA[")) {
                i = skip(xml, i + 9, "]]>");
            } else if (starts(xml, i, "<!")) {
                throw DocumentParser.refused(
                        DuisFault.FORBIDDEN_MARKUP,
                        "DOCTYPE",
                        "no document type, no entities",
                        "a document type",
                        "send the document without it");
            } else {
                i = tag(xml, i);
            }
        }
    }

    private static int tag(byte[] xml, int from) {
        byte quote = 0;
        for (int i = from + 1; i < xml.length; i++) {
            checkLength(i + 1 - from);
            if (quote != 0) {
                quote = xml[i] == quote ? 0 : quote;
            } else if (xml[i] == '"' || xml[i] == '\'') {
                quote = xml[i];
            } else if (xml[i] == '>') {
                return i;
            }
        }
        return xml.length;
    }

    /** Refuses a tag of more than that many bytes after its opening bracket. */
    static void checkLength(int tag) {
        if (tag - 1 > MAX_TAG_BYTES) {
            throw tooLong();
        }
    }

    private static DuisException tooLong() {
        return DocumentParser.refused(
                DuisFault.DOCUMENT_TOO_COMPLEX,
                "document",
                "a tag of at most " + MAX_TAG_BYTES + " bytes",
                "a longer one",
                "have the sender correct it");
    }

    private static int skip(byte[] xml, int from, String end) {
        for (int i = from; i + end.length() <= xml.length; i++) {
            if (starts(xml, i, end)) {
                return i + end.length() - 1;
            }
        }
        return xml.length;
    }

    private static boolean starts(byte[] xml, int at, String text) {
        if (at + text.length() > xml.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (xml[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
