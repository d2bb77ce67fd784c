package org.postern.duis.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;

/** Serialises a tree straight into canonical form: one prefix for each known namespace, declared where first needed. */
public final class CanonicalWriter {

    private static final Map<String, String> PREFIXES = Map.of(DuisElement.DUIS, "sr", DuisElement.MMC, "ra",
            DuisElement.SIGNATURE, "ds");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private static final DuisLimits NONE = new DuisLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE,
            Integer.MAX_VALUE);

    private final ByteSink out = ByteSink.collecting();
    private final DuisLimits limits;
    private int elements;
    private int depth;

    private CanonicalWriter(DuisLimits limits) {
        this.limits = limits;
    }

    /** The tree below and including that root. */
    public static CanonicalWriter of(DuisElement root) {
        CanonicalWriter writer = new CanonicalWriter(NONE);
        writer.element(root, "", "");
        return writer;
    }

    /**
     * The same, held to what {@link DocumentParser} holds a document to that it reads.
     *
     * @throws org.postern.duis.DuisException PST-1010 and PST-1011 as for a document that is read
     */
    public static CanonicalWriter of(DuisElement root, DuisLimits limits) {
        CanonicalWriter writer = new CanonicalWriter(limits);
        writer.element(root, "", "");
        byte[] written = writer.toArray();
        DocumentParser.checkSize(written, limits);
        TagScan.check(written);
        return writer;
    }

    /** @param declared prefixes in scope, each in colons */
    private void element(DuisElement element, String declared, String path) {
        String prefix = PREFIXES.get(element.namespace());
        if (prefix == null || !NAME.matcher(element.name()).matches()) {
            throw DocumentParser.refused(DuisFault.FOREIGN_NAME, path + element.name(),
                    "an element of DUIS, of MMC or of a signature",
                    "another namespace, or not a name", "correct the request's body");
        }
        boolean declares = !declared.contains(':' + prefix + ':');
        depth++;
        DocumentParser.checkPlace(++elements, depth, element.attributes().size() + (declares ? 1 : 0),
                path, element.name(), limits);
        String name = prefix + ':' + element.name();
        String scope = declared;
        out.write('<');
        out.ascii(name);
        if (declares) {
            out.ascii(" xmlns:" + prefix);
            Canonical.attributeValue(out, element.namespace());
            scope = declared + ':' + prefix + ':';
        }
        for (Map.Entry<String, String> attribute : new TreeMap<>(element.attributes()).entrySet()) {
            if (!NAME.matcher(attribute.getKey()).matches() || attribute.getKey().startsWith("xmlns")) {
                throw DocumentParser.refused(DuisFault.FOREIGN_NAME, path + element.name() + "/@",
                        "the name of an attribute",
                        "something else", "correct the request's body");
            }
            out.write(' ');
            out.ascii(attribute.getKey());
            characters(attribute.getValue(), path + element.name());
            Canonical.attributeValue(out, attribute.getValue());
        }
        out.write('>');
        characters(element.text(), path + element.name());
        Canonical.escaped(out, element.text());
        for (DuisElement child : element.children()) {
            element(child, scope, path + element.name() + '/');
        }
        out.ascii("</");
        out.ascii(name);
        out.write('>');
        depth--;
    }

    /** Characters that XML 1.0 cannot carry would make a document that nobody can read. */
    private static void characters(String text, String path) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean good = c >= 0x20 && c <= 0xD7FF || c == '\t' || c == '\n' || c == '\r' || c >= 0xE000 && c <= 0xFFFD
                    || c >= 0x10000;
            if (!good) {
                throw DocumentParser.refused(DuisFault.INVALID_VALUE, path, "characters that XML can carry",
                        "a control character or half a pair",
                        "remove it");
            }
            i += Character.charCount(c);
        }
    }

    /** The document's octets. */
    public byte[] toArray() {
        return out.toArray();
    }
}
