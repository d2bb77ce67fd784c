package org.postern.parsecorrelate.internal.mmc;

import org.postern.parsecorrelate.MmcDocument;
import org.postern.parsecorrelate.MmcElement;

/** Writes an element tree as XML text: one prefix, declared once at the root. */
public final class XmlWriter {

    private static final String PREFIX = "ra:";

    private final StringBuilder out = new StringBuilder(4096);

    private XmlWriter() {
    }

    /** The document with its declaration. */
    public static String write(MmcElement root) {
        XmlWriter w = new XmlWriter();
        w.out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        w.element(root, true);
        return w.out.toString();
    }

    /** True where nothing has to be escaped, which is nearly always. */
    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7E || c == '&' || c == '<' || c == '>' || c == '"') {
                return false;
            }
        }
        return true;
    }

    private void element(MmcElement e, boolean root) {
        out.append('<').append(PREFIX).append(e.name());
        if (root) {
            out.append(" xmlns:ra=\"").append(MmcDocument.NAMESPACE).append('"');
        }
        if (!e.attributes().isEmpty()) {
            e.attributes().forEach((name, value) -> {
                out.append(' ').append(name).append("=\"");
                escape(value);
                out.append('"');
            });
        }
        if (e.children().isEmpty() && e.text().isEmpty()) {
            out.append("/>");
            return;
        }
        out.append('>');
        escape(e.text());
        for (MmcElement child : e.children()) {
            element(child, false);
        }
        out.append("</").append(PREFIX).append(e.name()).append('>');
    }

    private void escape(String text) {
        if (plain(text)) {
            out.append(text);
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                case '\n', '\t' -> out.append("&#").append((int) c).append(';');
                default -> {
                    if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        // XML 1.0 has no way to write other control characters, lone surrogates, FFFE and FFFF
                        out.append(c < 0x20 || Character.isSurrogate(c) || c >= 0xFFFE ? '\uFFFD' : c);
                    }
                }
            }
        }
    }
}
