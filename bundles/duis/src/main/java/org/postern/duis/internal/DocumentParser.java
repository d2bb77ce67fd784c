package org.postern.duis.internal;

import com.fasterxml.aalto.AaltoInputProperties;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.io.Stax2ByteArraySource;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;
import org.postern.duis.internal.ParsedDocument.EnvelopedSignature;

/**
 * One pass over a document's bytes: well-formedness, limits, the tree, and (where asked) the digest that an enveloped
 * signature covers, so that nothing can be read that was not digested.
 *
 * <p>Aalto keeps the names it has seen, for the next document too, and looks them up in time that grows with their
 * number. So the different names of a document are limited, and a factory that has seen too many, or has met a document
 * that was refused, is thrown away.
 */
public final class DocumentParser {

    /** Different names, prefixes included, in one document; a real one has fewer than a hundred. */
    static final int MAX_NAMES = 512;
    /** Different names that one factory may remember. */
    private static final int MAX_REMEMBERED = 4 * MAX_NAMES;

    private final DuisLimits limits;
    private final PlainReader plain;
    private volatile Factory factory = new Factory();

    /** Aalto's factory with the names that it remembers. */
    private static final class Factory {
        private final InputFactoryImpl aalto = newFactory();
        private final Map<String, Set<String>> names = new ConcurrentHashMap<>();

        private int remembered() {
            return names.values().stream().mapToInt(Set::size).sum();
        }
    }

    public DocumentParser(DuisLimits limits) {
        this.limits = limits;
        this.plain = new PlainReader(limits);
    }

    private static InputFactoryImpl newFactory() {
        InputFactoryImpl factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(AaltoInputProperties.P_RETAIN_ATTRIBUTE_GENERAL_ENTITIES, false);
        return factory;
    }

    /**
     * The root without its enveloped signatures.
     *
     * @throws DuisException PST-1010 to PST-1014
     */
    public DuisElement root(byte[] document) {
        checkSize(document.length, limits);
        DuisElement root = plain.root(document);
        return root == null ? parse(document, false).root() : root;
    }

    /**
     * A signed document, its signature not verified yet.
     *
     * @throws DuisException PST-1010 to PST-1014 for the document, PST-1020 to PST-1023 for the form of its signature
     */
    public SignedDocument signed(byte[] document) {
        checkSize(document.length, limits);
        SignedDocument signed = plain.signed(document);
        return signed == null ? SignedDocument.of(parse(document, true)) : signed;
    }

    /** The whole document by the rules alone, without the short way for plain ones. */
    ParsedDocument parse(byte[] document, boolean digest) {
        checkSize(document.length, limits);
        TagScan.check(document);
        Factory used = factory;
        XMLStreamReader reader = null;
        try {
            reader = used.aalto.createXMLStreamReader(new Stax2ByteArraySource(document, 0, document.length));
            Pass pass = new Pass(reader, digest);
            ParsedDocument parsed = pass.run();
            pass.names.forEach((prefix, locals) -> used.names
                    .computeIfAbsent(prefix, p -> ConcurrentHashMap.newKeySet())
                    .addAll(locals));
            if (used.remembered() > MAX_REMEMBERED) {
                factory = new Factory();
            }
            return parsed;
        } catch (XMLStreamException e) {
            factory = new Factory();
            throw notWellFormed(e);
        } catch (DuisException e) {
            factory = new Factory();
            throw e;
        } catch (RuntimeException e) {
            // Whatever hostile bytes make the parser throw becomes a typed refusal.
            factory = new Factory();
            throw notWellFormed(e);
        } finally {
            if (reader != null) {
                try {
                    reader.close();
                } catch (XMLStreamException | RuntimeException e) {
                    // Closing trips too where the encoding was not to the parser's taste; the verdict stands already.
                    factory = new Factory();
                }
            }
        }
    }

    /**
     * A step of reading that follows the parser. It depends on the document alone, so whatever it throws that has no
     * number says that this document cannot be read, now or later, and becomes a refusal here.
     *
     * @throws DuisException what the step throws, or PST-1013
     */
    public static <T> T read(DuisElement element, Function<DuisElement, T> step) {
        try {
            return step.apply(element);
        } catch (PosternException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new DuisException(
                    DuisFault.NOT_WELL_FORMED.fault(
                            "document",
                            "a document of DUIS",
                            "it cannot be read: " + e.getClass().getSimpleName()),
                    e);
        }
    }

    private static DuisException notWellFormed(Exception e) {
        String where = e instanceof XMLStreamException x && x.getLocation() != null
                ? "line " + x.getLocation().getLineNumber() + " column "
                        + x.getLocation().getColumnNumber()
                : "document";
        return new DuisException(
                DuisFault.NOT_WELL_FORMED.fault(where, "well-formed XML 1.0 with namespaces", "not well-formed"));
    }

    static DuisException refused(DuisFault kind, String field, String rule, String cause, String action) {
        return new DuisException(kind.fault(field, rule, cause, action));
    }

    static void checkSize(int length, DuisLimits limits) {
        if (length > limits.maxBytes()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_LARGE,
                    "document",
                    "at most " + limits.maxBytes() + " bytes",
                    length + " bytes",
                    "raise the interface's size limit if such documents are meant to come");
        }
    }

    /** Whether {@link #checkPlace} has nothing to refuse: for those to whom the name of the place costs something. */
    static boolean within(int number, int depth, int attributes, DuisLimits limits) {
        return number <= limits.maxElements() && depth <= limits.maxDepth() && attributes <= limits.maxAttributes();
    }

    /**
     * Holds one element to the limits.
     *
     * @param number how many elements there are with this one
     * @param depth how deep it stands, the root at 1
     * @param attributes attributes and namespace declarations on it
     * @param path where it stands
     * @param name its local name
     */
    static void checkPlace(int number, int depth, int attributes, String path, String name, DuisLimits limits) {
        if (number > limits.maxElements()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path,
                    "at most " + limits.maxElements() + " elements",
                    "more",
                    "split the document");
        }
        if (depth > limits.maxDepth()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path,
                    "at most " + limits.maxDepth() + " elements deep",
                    "deeper",
                    "have the sender correct it");
        }
        if (attributes > limits.maxAttributes()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path + "/" + name,
                    "at most " + limits.maxAttributes() + " attributes",
                    "more",
                    "have the sender correct it");
        }
    }

    private static final class Open {
        private final String namespace;
        private final String name;
        private final Map<String, String> attributes;
        private final List<DuisElement> children = new ArrayList<>();
        private String text = "";
        /** Takes over from {@link #text} when a value comes in more than one piece. */
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

    private final class Pass {

        private final XMLStreamReader reader;
        private final @Nullable ByteSink digest;
        private final @Nullable Canonical body;
        private final List<Open> stack = new ArrayList<>();
        /** Local names by prefix. */
        private final Map<String, Set<String>> names = new HashMap<>();

        private int nameCount;
        private final List<EnvelopedSignature> signatures = new ArrayList<>();
        private boolean afterwards;
        private int elements;
        private @Nullable DuisElement root;
        /** True inside the enveloped signature. */
        private boolean inSignature;
        /** Canonical form of the SignedInfo being read, null outside; its bytes; how many there were. */
        private @Nullable Canonical signedInfo;

        private @Nullable ByteSink signedInfoBytes;
        private int signedInfos;

        private Pass(XMLStreamReader reader, boolean digesting) {
            this.reader = reader;
            this.digest = digesting ? ByteSink.digesting() : null;
            this.body = digest == null ? null : new Canonical(digest, false);
        }

        private ParsedDocument run() throws XMLStreamException {
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
                        // comments and the document's end carry nothing
                    }
                }
            }
            if (root == null) {
                throw refused(
                        DuisFault.NOT_WELL_FORMED,
                        "document",
                        "well-formed XML 1.0 with namespaces",
                        "no element in it",
                        "send a DUIS document");
            }
            return new ParsedDocument(
                    root, digest == null ? null : digest.digestValue(), List.copyOf(signatures), afterwards);
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
            remember();
            namespaces();
            String namespace = reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
            String name = reader.getLocalName();
            boolean childOfRoot = stack.size() == 1;
            if (childOfRoot && namespace.equals(DuisElement.SIGNATURE) && name.equals("Signature")) {
                inSignature = true;
                signedInfos = 0;
                signedInfoBytes = null;
            } else if (childOfRoot && !signatures.isEmpty()) {
                afterwards = true;
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

        /** Declarations that namespaces in XML do not have and the parser lets pass; the platform's refuses them. */
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
                            "a prefix that is bound to nothing, or a reserved one bound anew",
                            "have the sender correct it");
                }
            }
        }

        private void remember() {
            remember(reader.getPrefix(), reader.getLocalName());
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                remember(reader.getAttributePrefix(i), reader.getAttributeLocalName(i));
            }
            for (int i = 0; i < reader.getNamespaceCount(); i++) {
                remember("xmlns", reader.getNamespacePrefix(i));
            }
            if (nameCount > MAX_NAMES) {
                throw refused(
                        DuisFault.DOCUMENT_TOO_COMPLEX,
                        "document",
                        "at most " + MAX_NAMES + " different names",
                        "more",
                        "have the sender correct it");
            }
        }

        private void remember(@Nullable String prefix, @Nullable String local) {
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
                        "have the sender correct it");
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
                afterwards = true;
            }
            Open open = stack.get(stack.size() - 1);
            // White space between elements is not kept; a comment may split a leaf's text.
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
}
