package org.postern.duis.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;

/** Serialises a tree straight into canonical form: one prefix for each known namespace, declared where first needed. */
public final class CanonicalWriter {

    /**
     * A namespace as it is written.
     *
     * @param uri what it is
     * @param start {@code <prefix:}
     * @param end {@code </prefix:}
     * @param declaration {@code xmlns:prefix="uri"}
     * @param bit its own in a set of namespaces
     */
    private record Space(String uri, byte[] start, byte[] end, byte[] declaration, int bit) {

        private static Space of(String uri, String prefix, int bit) {
            return new Space(
                    uri,
                    PlainReader.ascii('<' + prefix + ':'),
                    PlainReader.ascii("</" + prefix + ':'),
                    PlainReader.ascii(" xmlns:" + prefix + "=\"" + uri + '"'),
                    bit);
        }
    }

    private static final Space[] SPACES = {
        Space.of(DuisElement.DUIS, "sr", 1),
        Space.of(DuisElement.MMC, "ra", 2),
        Space.of(DuisElement.SIGNATURE, "ds", 4)
    };

    private static final DuisLimits NONE =
            new DuisLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final ByteSink out = ByteSink.collecting();
    private final DuisLimits limits;
    /** The elements that are open, for the name of the place where something is refused. */
    private DuisElement[] open = new DuisElement[16];

    private int elements;
    private int depth;
    private int longestTag;

    private CanonicalWriter(DuisLimits limits) {
        this.limits = limits;
    }

    /** The tree below and including that root. */
    public static CanonicalWriter of(DuisElement root) {
        CanonicalWriter writer = new CanonicalWriter(NONE);
        writer.element(root, 0);
        return writer;
    }

    /**
     * The same, held to what {@link DocumentParser} holds a document to that it reads.
     *
     * @throws DuisException PST-1010 and PST-1011 as for a document that is read
     */
    public static CanonicalWriter of(DuisElement root, DuisLimits limits) {
        CanonicalWriter writer = new CanonicalWriter(limits);
        writer.element(root, 0);
        DocumentParser.checkSize(writer.length(), limits);
        // a '<' is written by tags alone: no document type can be in it, and its tags are as long as they were written
        TagScan.checkLength(writer.longestTag);
        return writer;
    }

    /** @param declared the bits of the namespaces whose prefixes are in scope */
    private void element(DuisElement element, int declared) {
        if (depth == open.length) {
            open = Arrays.copyOf(open, 2 * depth);
        }
        open[depth++] = element;
        Space space = space(element);
        boolean declares = (declared & space.bit()) == 0;
        int start = out.length();
        out.octets(space.start());
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
            out.octets(space.declaration());
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
            element(children.get(i), declared | space.bit());
        }
        out.octets(space.end());
        out.again(name, nameEnd);
        out.write('>');
        depth--;
    }

    private Space space(DuisElement element) {
        for (Space space : SPACES) {
            if (space.uri().equals(element.namespace())) {
                return space;
            }
        }
        throw foreign(element);
    }

    private DuisException foreign(DuisElement element) {
        return DocumentParser.refused(
                DuisFault.FOREIGN_NAME,
                path(depth - 1) + element.name(),
                "an element of DUIS, of MMC or of a signature",
                "another namespace, or not a name",
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
                        "the name of an attribute",
                        "something else",
                        "correct the request's body");
            }
            if (!Canonical.attributeValue(out, attribute.getValue())) {
                throw unwritable();
            }
        }
    }

    /** Characters that XML 1.0 cannot carry would make a document that nobody can read. */
    private DuisException unwritable() {
        String place = path(depth);
        return DocumentParser.refused(
                DuisFault.INVALID_VALUE,
                place.substring(0, place.length() - 1),
                "characters that XML can carry",
                "a control character or half a pair",
                "remove it");
    }

    /** The names of that many open elements, a slash behind each. */
    private String path(int length) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < length; i++) {
            path.append(open[i].name()).append('/');
        }
        return path.toString();
    }

    /** How many octets the document has. */
    public int length() {
        return out.length();
    }

    /**
     * The document's octets, and room behind them: what is in it belongs to the caller, nothing is written any more.
     */
    public byte[] shared() {
        return out.shared();
    }
}
