package org.postern.duis.internal;

import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;

/**
 * A first linear pass over the bytes, which refuses document types and excessively long tags. The parser compares every
 * attribute of a tag with every other, so a tag with half a million attributes would take minutes.
 */
final class TagScan {

    /** Far above the length of any tag of DUIS, including namespace declarations. */
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

    /** Refuses a tag with more than {@link #MAX_TAG_BYTES} after its opening bracket. */
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
                "the tag is longer",
                "ask the sender to correct it");
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
