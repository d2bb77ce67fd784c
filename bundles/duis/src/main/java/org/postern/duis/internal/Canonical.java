package org.postern.duis.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamReader;

/**
 * Writes elements as Canonical XML 1.0 without comments, event by event: inclusive for a whole document (for the digest
 * of a Reference that has only the enveloped transform), or exclusive for a subtree (SignedInfo).
 */
final class Canonical {

    private record Attribute(String namespace, String prefix, String name, String value) {

        static final Comparator<Attribute> ORDER = Comparator.comparing(Attribute::namespace, Canonical::byCodePoint)
                .thenComparing(Attribute::name, Canonical::byCodePoint);
    }

    private final ByteSink out;
    private final boolean exclusive;
    /**
     * For each open element, the prefixes that it declared with their previous namespaces (null where there was none).
     */
    private final List<Map<String, String>> undo = new ArrayList<>();

    private final Map<String, String> rendered = new HashMap<>();
    private final List<String> open = new ArrayList<>();

    Canonical(ByteSink out, boolean exclusive) {
        this.out = out;
        this.exclusive = exclusive;
        rendered.put("", "");
    }

    void start(XMLStreamReader reader) {
        String prefix = orEmpty(reader.getPrefix());
        String name = prefix.isEmpty() ? reader.getLocalName() : prefix + ':' + reader.getLocalName();
        if (!exclusive && reader.getNamespaceCount() == 0 && reader.getAttributeCount() == 0) {
            // applies to nearly all elements: nothing to declare, nothing to sort
            opened(name, Map.of());
            return;
        }
        Map<String, String> declare = new TreeMap<>(Canonical::byCodePoint);
        List<Attribute> attributes = new ArrayList<>(reader.getAttributeCount());
        if (exclusive) {
            use(declare, prefix, orEmpty(reader.getNamespaceURI()));
        } else {
            for (int i = 0; i < reader.getNamespaceCount(); i++) {
                use(declare, orEmpty(reader.getNamespacePrefix(i)), orEmpty(reader.getNamespaceURI(i)));
            }
        }
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            Attribute attribute = new Attribute(
                    orEmpty(reader.getAttributeNamespace(i)),
                    orEmpty(reader.getAttributePrefix(i)),
                    reader.getAttributeLocalName(i),
                    reader.getAttributeValue(i));
            attributes.add(attribute);
            if (exclusive && !attribute.prefix().isEmpty()) {
                use(declare, attribute.prefix(), attribute.namespace());
            }
        }
        out.write('<');
        out.text(name);
        Map<String, String> before = new HashMap<>();
        declare.forEach((p, uri) -> {
            before.put(p, rendered.put(p, uri));
            out.ascii(p.isEmpty() ? " xmlns" : " xmlns:");
            out.text(p);
            value(uri);
        });
        attributes.sort(Attribute.ORDER);
        for (Attribute attribute : attributes) {
            out.write(' ');
            if (!attribute.prefix().isEmpty()) {
                out.text(attribute.prefix());
                out.write(':');
            }
            out.text(attribute.name());
            value(attribute.value());
        }
        out.write('>');
        undo.add(before);
        open.add(name);
    }

    private void opened(String name, Map<String, String> before) {
        out.write('<');
        out.text(name);
        out.write('>');
        undo.add(before);
        open.add(name);
    }

    private void use(Map<String, String> declare, String prefix, String uri) {
        if (!prefix.equals("xml") && !uri.equals(rendered.get(prefix))) {
            declare.put(prefix, uri);
        }
    }

    void end() {
        out.ascii("</");
        out.text(open.remove(open.size() - 1));
        out.write('>');
        undo.remove(undo.size() - 1).forEach((prefix, uri) -> {
            if (uri == null) {
                rendered.remove(prefix);
            } else {
                rendered.put(prefix, uri);
            }
        });
    }

    void text(String text) {
        escaped(out, text);
    }

    /**
     * Writes character data in the form of Canonical XML.
     *
     * @return false where it contains a character that XML does not permit
     */
    static boolean escaped(ByteSink out, String text) {
        boolean valid = true;
        for (int i = out.plain(text, 0); i < text.length(); i = out.plain(text, i)) {
            int c = text.codePointAt(i);
            switch (c) {
                case '&' -> out.ascii("&amp;");
                case '<' -> out.ascii("&lt;");
                case '>' -> out.ascii("&gt;");
                case '\r' -> out.ascii("&#xD;");
                default -> out.codePoint(c);
            }
            valid &= allowedInXml(c);
            i += Character.charCount(c);
        }
        return valid;
    }

    private void value(String value) {
        attributeValue(out, value);
    }

    /**
     * Writes {@code ="value"} in the form of Canonical XML.
     *
     * @return false where it contains a character that XML does not permit
     */
    static boolean attributeValue(ByteSink out, String value) {
        boolean valid = true;
        out.ascii("=\"");
        for (int i = out.plain(value, 0); i < value.length(); i = out.plain(value, i)) {
            int c = value.codePointAt(i);
            switch (c) {
                case '&' -> out.ascii("&amp;");
                case '<' -> out.ascii("&lt;");
                case '"' -> out.ascii("&quot;");
                case '\t' -> out.ascii("&#x9;");
                case '\n' -> out.ascii("&#xA;");
                case '\r' -> out.ascii("&#xD;");
                default -> out.codePoint(c);
            }
            valid &= allowedInXml(c);
            i += Character.charCount(c);
        }
        out.write('"');
        return valid;
    }

    /** Whether XML 1.0 permits the character. */
    private static boolean allowedInXml(int c) {
        return c >= 0x20 && c <= 0xD7FF
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Canonical XML orders by code point; the order of Java strings differs outside the basic multilingual plane. */
    private static int byCodePoint(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int left = a.codePointAt(i);
            int right = b.codePointAt(i);
            if (left != right) {
                return Integer.compare(left, right);
            }
            i += Character.charCount(left);
        }
        return Integer.compare(a.length(), b.length());
    }
}
