package org.postern.parsecorrelate.internal.mmc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.postern.parsecorrelate.MmcDocument;
import org.postern.parsecorrelate.MmcElement;

/** Writes an element tree as XML text with one prefix that is declared at the root. */
public final class XmlWriter {

    private static final byte[] DECLARATION = octets("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    private static final byte[] NAMESPACE = octets(" xmlns:ra=\"" + MmcDocument.NAMESPACE + "\"");
    private static final byte[] START = octets("<ra:");
    private static final byte[] END = octets("</ra:");
    private static final byte[] EMPTY = octets("/>");
    private static final byte[] EQUALS = octets("=\"");
    /** Initial size of the buffer, enough for most documents. */
    private static final int USUAL_SIZE = 4000;
    /** ASCII characters that are written unchanged. */
    private static final boolean[] PLAIN = new boolean[0x80];

    static {
        Arrays.fill(PLAIN, 0x20, 0x7F, true);
        for (char c : new char[] {'&', '<', '>', '"'}) {
            PLAIN[c] = false;
        }
    }

    private final BiConsumer<String, String> attributes = this::attribute;
    private byte[] out = new byte[USUAL_SIZE];
    private int length;

    private XmlWriter() {}

    /** The document with its declaration, in UTF-8. */
    public static byte[] write(MmcElement root) {
        XmlWriter w = new XmlWriter();
        w.put(DECLARATION);
        w.element(root, true);
        return Arrays.copyOf(w.out, w.length);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void room(int more) {
        if (more > out.length - length) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
        }
    }

    private void put(byte[] octets) {
        room(octets.length);
        System.arraycopy(octets, 0, out, length, octets.length);
        length += octets.length;
    }

    private void put(char ascii) {
        room(1);
        out[length++] = (byte) ascii;
    }

    /**
     * Writes text that is ASCII without characters to be escaped, which is nearly all text; returns false and writes
     * nothing for other text.
     */
    private boolean plain(String text) {
        int size = text.length();
        room(size);
        byte[] target = out;
        int at = length;
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                return false;
            }
            target[at + i] = (byte) c;
        }
        length = at + size;
        return true;
    }

    private void element(MmcElement e, boolean root) {
        byte[] name = octets(e.name());
        put(START);
        put(name);
        if (root) {
            put(NAMESPACE);
        }
        if (!e.attributes().isEmpty()) {
            e.attributes().forEach(attributes);
        }
        List<MmcElement> children = e.children();
        if (children.isEmpty() && e.text().isEmpty()) {
            put(EMPTY);
            return;
        }
        put('>');
        escape(e.text());
        for (int i = 0; i < children.size(); i++) {
            element(children.get(i), false);
        }
        put(END);
        put(name);
        put('>');
    }

    private void attribute(String name, String value) {
        put(' ');
        put(octets(name));
        put(EQUALS);
        escape(value);
        put('"');
    }

    private void escape(String text) {
        if (plain(text)) {
            return;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\r' -> escaped.append("&#13;");
                case '\n', '\t' -> escaped.append("&#").append((int) c).append(';');
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        escaped.append(c).append(text.charAt(++i));
                    } else {
                        // XML 1.0 cannot represent other control characters, lone surrogates, FFFE and FFFF
                        escaped.append(c < 0x20 || Character.isSurrogate(c) || c >= 0xFFFE ? '\uFFFD' : c);
                    }
                }
            }
        }
        put(octets(escaped.toString()));
    }
}
