package org.postern.duis.internal;

import static org.postern.duis.internal.DocumentParser.MAX_NAMES;
import static org.postern.duis.internal.DocumentParser.checkPlace;
import static org.postern.duis.internal.DocumentParser.refused;
import static org.postern.duis.internal.DocumentParser.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;
import org.postern.duis.internal.ParsedDocument.EnvelopedSignature;

/**
 * One pass over the events of the XML parser: checks limits and forbidden markup, creates the tree, and computes the
 * digest that an enveloped signature covers. An instance reads one document.
 */
final class DocumentPass {
    private static final class Open {
        private final String namespace;
        private final String name;
        private final Map<String, String> attributes;
        private final List<DuisElement> children = new ArrayList<>();
        private String text = "";
        /** Used instead of {@link #text} when the text is delivered in several pieces. */
        private @Nullable StringBuilder pieces;

        private Open(String namespace, String name, Map<String, String> attributes) {
            this.namespace = namespace;
            this.name = name;
            this.attributes = attributes;
        }

        private void add(String more) {
            if (pieces == null && text.isEmpty()) {
                text = more;
                return;
            }
            if (pieces == null) {
                pieces = new StringBuilder(text);
            }
            pieces.append(more);
        }

        private String text() {
            return pieces == null ? text : pieces.toString();
        }
    }

    private final DuisLimits limits;
    private final XMLStreamReader reader;
    private final @Nullable ByteSink digest;
    private final @Nullable Canonical body;
    private final List<Open> stack = new ArrayList<>();
    /** Local names by prefix. */
    private final Map<String, Set<String>> names = new HashMap<>();

    private int nameCount;
    private final List<EnvelopedSignature> signatures = new ArrayList<>();
    private boolean contentAfterSignature;
    private int elements;
    private @Nullable DuisElement root;
    /** True inside the enveloped signature. */
    private boolean inSignature;
    /**
     * Writes the canonical form of the SignedInfo that is being read; null outside. Below: its bytes, and the number of
     * SignedInfo elements.
     */
    private @Nullable Canonical signedInfo;

    private @Nullable ByteSink signedInfoBytes;
    private int signedInfos;

    DocumentPass(XMLStreamReader reader, DuisLimits limits, boolean digesting) {
        this.limits = limits;
        this.reader = reader;
        this.digest = digesting ? ByteSink.digesting() : null;
        this.body = digest == null ? null : new Canonical(digest, false);
    }

    /** Local names of the document, by prefix. */
    Map<String, Set<String>> names() {
        return names;
    }

    ParsedDocument run() throws XMLStreamException {
        declaration();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> start();
                case XMLStreamConstants.END_ELEMENT -> end();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text(reader.getText());
                case XMLStreamConstants.DTD ->
                    throw refused(
                            DuisFault.FORBIDDEN_MARKUP,
                            "DOCTYPE",
                            "no document type, no entities",
                            "a document type",
                            "send the document without it");
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw refused(
                            DuisFault.FORBIDDEN_MARKUP,
                            path(),
                            "no document type, no entities",
                            "an entity reference",
                            "write the character itself");
                case XMLStreamConstants.PROCESSING_INSTRUCTION ->
                    throw refused(
                            DuisFault.FORBIDDEN_MARKUP,
                            path(),
                            "no processing instructions",
                            "a processing instruction",
                            "send the document without it");
                default -> {
                    // comments and the end of the document need no processing
                }
            }
        }
        if (root == null) {
            throw refused(
                    DuisFault.NOT_WELL_FORMED,
                    "document",
                    "well-formed XML 1.0 with namespaces",
                    "the document contains no element",
                    "send a DUIS document");
        }
        return new ParsedDocument(
                root, digest == null ? null : digest.digestValue(), List.copyOf(signatures), contentAfterSignature);
    }

    private void declaration() {
        String declared = reader.getCharacterEncodingScheme();
        String used = reader.getEncoding();
        if (!utf8(declared) || !utf8(used)) {
            throw refused(
                    DuisFault.NOT_WELL_FORMED,
                    "XML declaration",
                    "UTF-8",
                    "another encoding",
                    "send the document in UTF-8");
        }
        if (reader.getVersion() != null && !reader.getVersion().equals("1.0")) {
            throw refused(
                    DuisFault.NOT_WELL_FORMED,
                    "XML declaration",
                    "XML 1.0",
                    "another version",
                    "send the document as XML 1.0");
        }
    }

    private boolean utf8(@Nullable String encoding) {
        return encoding == null || encoding.toUpperCase(Locale.ROOT).matches("UTF-?8|US-ASCII|ASCII");
    }

    private void start() {
        int count = reader.getAttributeCount() + reader.getNamespaceCount();
        if (!within(++elements, stack.size() + 1, count, limits)) {
            checkPlace(elements, stack.size() + 1, count, path(), reader.getLocalName(), limits);
        }
        countNames();
        namespaces();
        String namespace = reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
        String name = reader.getLocalName();
        boolean childOfRoot = stack.size() == 1;
        if (childOfRoot && namespace.equals(DuisElement.SIGNATURE) && name.equals("Signature")) {
            inSignature = true;
            signedInfos = 0;
            signedInfoBytes = null;
        } else if (childOfRoot && !signatures.isEmpty()) {
            contentAfterSignature = true;
        }
        if (inSignature) {
            if (stack.size() == 2 && namespace.equals(DuisElement.SIGNATURE) && name.equals("SignedInfo")) {
                signedInfos++;
                signedInfoBytes = ByteSink.collecting();
                signedInfo = new Canonical(signedInfoBytes, true);
            }
            if (signedInfo != null) {
                signedInfo.start(reader);
            }
        } else if (body != null) {
            body.start(reader);
        }
        stack.add(new Open(namespace, name, attributes()));
    }

    /** Refuses declarations that Namespaces in XML forbids. Aalto accepts them; the parser of the JDK refuses them. */
    private void namespaces() {
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            String prefix = reader.getNamespacePrefix(i) == null ? "" : reader.getNamespacePrefix(i);
            String uri = reader.getNamespaceURI(i) == null ? "" : reader.getNamespaceURI(i);
            boolean undeclared = !prefix.isEmpty() && uri.isEmpty();
            boolean reserved = prefix.equals(XMLConstants.XMLNS_ATTRIBUTE)
                    || uri.equals(XMLConstants.XMLNS_ATTRIBUTE_NS_URI)
                    || prefix.equals(XMLConstants.XML_NS_PREFIX) != uri.equals(XMLConstants.XML_NS_URI);
            if (undeclared || reserved) {
                throw refused(
                        DuisFault.NOT_WELL_FORMED,
                        path() + "/" + reader.getLocalName(),
                        "well-formed XML 1.0 with namespaces",
                        "a prefix without a namespace, or a reserved prefix that is declared again",
                        "ask the sender to correct it");
            }
        }
    }

    private void countNames() {
        countNames(reader.getPrefix(), reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            countNames(reader.getAttributePrefix(i), reader.getAttributeLocalName(i));
        }
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            countNames("xmlns", reader.getNamespacePrefix(i));
        }
        if (nameCount > MAX_NAMES) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    "document",
                    "at most " + MAX_NAMES + " different names",
                    "there are more",
                    "ask the sender to correct it");
        }
    }

    private void countNames(@Nullable String prefix, @Nullable String local) {
        if (names.computeIfAbsent(prefix == null ? "" : prefix, p -> new HashSet<>())
                .add(local == null ? "" : local)) {
            nameCount++;
        }
    }

    private Map<String, String> attributes() {
        int count = reader.getAttributeCount();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String namespace = reader.getAttributeNamespace(i);
            if (namespace == null || namespace.isEmpty()) {
                attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
        }
        return attributes;
    }

    private void end() {
        if (inSignature) {
            if (signedInfo != null) {
                signedInfo.end();
                if (stack.size() == 3) {
                    signedInfo = null;
                }
            }
        } else if (body != null) {
            body.end();
        }
        Open open = stack.remove(stack.size() - 1);
        boolean leaf = open.children.isEmpty();
        String text = open.text();
        if (!leaf && !text.isBlank()) {
            throw refused(
                    DuisFault.UNEXPECTED_TEXT,
                    path() + "/" + open.name,
                    "no text between elements",
                    "text",
                    "ask the sender to correct it");
        }
        DuisElement element =
                new DuisElement(open.namespace, open.name, open.attributes, open.children, leaf ? text : "");
        if (stack.isEmpty()) {
            root = element;
        } else if (inSignature && stack.size() == 1) {
            inSignature = false;
            ByteSink one = signedInfos == 1 ? signedInfoBytes : null;
            signatures.add(new EnvelopedSignature(element, one == null ? null : one.toArray()));
        } else {
            stack.get(stack.size() - 1).children.add(element);
        }
    }

    private void text(String text) {
        if (stack.isEmpty()) {
            return;
        }
        if (inSignature) {
            if (signedInfo != null) {
                signedInfo.text(text);
            }
        } else if (body != null) {
            body.text(text);
        }
        if (stack.size() == 1 && !signatures.isEmpty() && !text.isBlank()) {
            contentAfterSignature = true;
        }
        Open open = stack.get(stack.size() - 1);
        // white space between elements is dropped; a comment may split the text of a leaf
        if (open.children.isEmpty() || !text.isBlank()) {
            open.add(text);
        }
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        stack.forEach(open -> path.append(path.length() == 0 ? "" : "/").append(open.name));
        return path.length() == 0 ? "document" : path.toString();
    }
}
