package org.postern.duis.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;

/**
 * Serialises a tree in canonical form, with one prefix for each known namespace, which is declared where it is first
 * needed.
 */
public final class CanonicalWriter {

    /**
     * A namespace with its serialised parts.
     *
     * @param uri URI of the namespace
     * @param start {@code <prefix:}
     * @param end {@code </prefix:}
     * @param declaration {@code xmlns:prefix="uri"}
     * @param bit its bit in a set of namespaces
     */
    private record KnownNamespace(String uri, byte[] start, byte[] end, byte[] declaration, int bit) {

        private static KnownNamespace of(String uri, String prefix, int bit) {
            return new KnownNamespace(
                    uri,
                    PlainReader.ascii('<' + prefix + ':'),
                    PlainReader.ascii("</" + prefix + ':'),
                    PlainReader.ascii(" xmlns:" + prefix + "=\"" + uri + '"'),
                    bit);
        }
    }

    private static final KnownNamespace[] KNOWN_NAMESPACES = {
        KnownNamespace.of(DuisElement.DUIS, "sr", 1),
        KnownNamespace.of(DuisElement.MMC, "ra", 2),
        KnownNamespace.of(DuisElement.SIGNATURE, "ds", 4)
    };

    private static final DuisLimits UNLIMITED =
            new DuisLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final ByteSink out = ByteSink.collecting();
    private final DuisLimits limits;
    /** The open elements, for the path in a refusal. */
    private DuisElement[] open = new DuisElement[16];

    private int elements;
    private int depth;
    private int longestTag;

    private CanonicalWriter(DuisLimits limits) {
        this.limits = limits;
    }

    /** Writes the tree with this root. */
    public static CanonicalWriter of(DuisElement root) {
        CanonicalWriter writer = new CanonicalWriter(UNLIMITED);
        writer.element(root, 0);
        return writer;
    }

    /**
     * Writes the tree with this root, and checks the limits that {@link DocumentParser} applies to a document that it
     * reads.
     *
     * @throws DuisException PST-1010 and PST-1011, as for a document that is read
     */
    public static CanonicalWriter of(DuisElement root, DuisLimits limits) {
        CanonicalWriter writer = new CanonicalWriter(limits);
        writer.element(root, 0);
        DocumentParser.checkSize(writer.length(), limits);
        // only tags contain a '<': the document cannot contain a document type, and the lengths of its tags are known
        // from writing
        TagScan.checkLength(writer.longestTag);
        return writer;
    }

    /** @param declared the bits of the namespaces whose prefixes are in scope */
    private void element(DuisElement element, int declared) {
        if (depth == open.length) {
            open = Arrays.copyOf(open, 2 * depth);
        }
        open[depth++] = element;
        KnownNamespace namespace = namespace(element);
        boolean declares = (declared & namespace.bit()) == 0;
        int start = out.length();
        out.octets(namespace.start());
        int name = out.length();
        if (!out.name(element.name())) {
            throw foreign(element);
        }
        int nameEnd = out.length();
        int attributes = element.attributes().size() + (declares ? 1 : 0);
        if (!DocumentParser.within(++elements, depth, attributes, limits)) {
            DocumentParser.checkPlace(elements, depth, attributes, path(depth - 1), element.name(), limits);
        }
        if (declares) {
            out.octets(namespace.declaration());
        }
        if (!element.attributes().isEmpty()) {
            attributes(element);
        }
        out.write('>');
        longestTag = Math.max(longestTag, out.length() - start);
        if (!element.text().isEmpty() && !Canonical.escaped(out, element.text())) {
            throw unwritable();
        }
        List<DuisElement> children = element.children();
        for (int i = 0; i < children.size(); i++) {
            element(children.get(i), declared | namespace.bit());
        }
        out.octets(namespace.end());
        out.repeat(name, nameEnd);
        out.write('>');
        depth--;
    }

    private KnownNamespace namespace(DuisElement element) {
        for (KnownNamespace namespace : KNOWN_NAMESPACES) {
            if (namespace.uri().equals(element.namespace())) {
                return namespace;
            }
        }
        throw foreign(element);
    }

    private DuisException foreign(DuisElement element) {
        return DocumentParser.refused(
                DuisFault.FOREIGN_NAME,
                path(depth - 1) + element.name(),
                "an element of DUIS, of MMC or of a signature",
                "another namespace, or an invalid name",
                "correct the request's body");
    }

    private void attributes(DuisElement element) {
        Map<String, String> sorted =
                element.attributes().size() == 1 ? element.attributes() : new TreeMap<>(element.attributes());
        for (Map.Entry<String, String> attribute : sorted.entrySet()) {
            out.write(' ');
            if (!out.name(attribute.getKey()) || attribute.getKey().startsWith("xmlns")) {
                throw DocumentParser.refused(
                        DuisFault.FOREIGN_NAME,
                        path(depth - 1) + element.name() + "/@",
                        "a valid name of an attribute",
                        "an invalid name",
                        "correct the request's body");
            }
            if (!Canonical.attributeValue(out, attribute.getValue())) {
                throw unwritable();
            }
        }
    }

    /** A document with characters that XML 1.0 does not permit could not be read again. */
    private DuisException unwritable() {
        String place = path(depth);
        return DocumentParser.refused(
                DuisFault.INVALID_VALUE,
                place.substring(0, place.length() - 1),
                "characters that XML permits",
                "a control character or an unpaired surrogate",
                "remove it");
    }

    /** The names of this number of open elements, each followed by a slash. */
    private String path(int length) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < length; i++) {
            path.append(open[i].name()).append('/');
        }
        return path.toString();
    }

    /** Length of the document in octets. */
    public int length() {
        return out.length();
    }

    /**
     * The buffer itself: the octets of the document, followed by unused octets. The writer must not be used afterwards.
     */
    public byte[] shared() {
        return out.shared();
    }
}
