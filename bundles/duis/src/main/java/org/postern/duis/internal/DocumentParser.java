package org.postern.duis.internal;

import com.fasterxml.aalto.AaltoInputProperties;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.io.Stax2ByteArraySource;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;

/**
 * Reads a document in one pass over its bytes. The pass checks well-formedness and limits, and creates the tree and, on
 * request, the digest that an enveloped signature covers; so everything in the tree is covered by the digest.
 *
 * <p>Aalto stores the names of all documents, and the time to look a name up grows with their number. Therefore the
 * number of different names in a document is limited, and a factory is discarded when it has stored too many names or
 * has read a document that was refused.
 */
public final class DocumentParser {

    /**
     * Maximum number of different names, including prefixes, in one document; real documents have fewer than a hundred.
     */
    static final int MAX_NAMES = 512;
    /** Maximum number of different names that one factory may store. */
    private static final int MAX_STORED_NAMES = 4 * MAX_NAMES;

    private final DuisLimits limits;
    private final PlainReader plain;
    private volatile Factory factory = new Factory();

    /** A factory of Aalto with the names that it has stored. */
    private static final class Factory {
        private final InputFactoryImpl aalto = newFactory();
        private final Map<String, Set<String>> names = new ConcurrentHashMap<>();

        private int storedNames() {
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
     * Reads the root, without its enveloped signatures.
     *
     * @throws DuisException PST-1010 to PST-1014
     */
    public DuisElement root(byte[] document) {
        checkSize(document.length, limits);
        DuisElement root = plain.root(document);
        return root == null ? parse(document, false).root() : root;
    }

    /**
     * Reads a signed document; its signature is not verified yet.
     *
     * @throws DuisException PST-1010 to PST-1014 for the document, PST-1020 to PST-1023 for the form of its signature
     */
    public SignedDocument signed(byte[] document) {
        checkSize(document.length, limits);
        SignedDocument signed = plain.signed(document);
        return signed == null ? SignedDocument.of(parse(document, true)) : signed;
    }

    /** Reads the document with the general parser, without the fast path for plain documents. */
    ParsedDocument parse(byte[] document, boolean digest) {
        checkSize(document.length, limits);
        TagScan.check(document);
        Factory used = factory;
        XMLStreamReader reader = null;
        try {
            reader = used.aalto.createXMLStreamReader(new Stax2ByteArraySource(document, 0, document.length));
            DocumentPass pass = new DocumentPass(reader, limits, digest);
            ParsedDocument parsed = pass.run();
            pass.names()
                    .forEach((prefix, locals) -> used.names
                            .computeIfAbsent(prefix, p -> ConcurrentHashMap.newKeySet())
                            .addAll(locals));
            if (used.storedNames() > MAX_STORED_NAMES) {
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
            // any exception of the parser, caused by malicious bytes, becomes a refusal with a fault code
            factory = new Factory();
            throw notWellFormed(e);
        } finally {
            if (reader != null) {
                try {
                    reader.close();
                } catch (XMLStreamException | RuntimeException e) {
                    // closing fails as well where the parser does not support the encoding; the result is already
                    // determined
                    factory = new Factory();
                }
            }
        }
    }

    /**
     * Runs a step of reading that follows the parser. Its result depends only on the document, so an exception without
     * a fault code means that this document can never be read, and becomes a refusal.
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
                            "the document cannot be read: " + e.getClass().getSimpleName()),
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
                    "raise the size limit of the interface if such documents are expected");
        }
    }

    /**
     * Whether an element is within the limits. Unlike {@link #checkPlace} it does not need the path, which is costly to
     * create.
     */
    static boolean within(int number, int depth, int attributes, DuisLimits limits) {
        return number <= limits.maxElements() && depth <= limits.maxDepth() && attributes <= limits.maxAttributes();
    }

    /**
     * Checks one element against the limits.
     *
     * @param number number of elements up to and including this one
     * @param depth depth of the element; that of the root is 1
     * @param attributes attributes and namespace declarations on it
     * @param path path of its parent
     * @param name its local name
     */
    static void checkPlace(int number, int depth, int attributes, String path, String name, DuisLimits limits) {
        if (number > limits.maxElements()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path,
                    "at most " + limits.maxElements() + " elements",
                    "there are more",
                    "split the document");
        }
        if (depth > limits.maxDepth()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path,
                    "at most " + limits.maxDepth() + " elements deep",
                    "the document is deeper",
                    "ask the sender to correct it");
        }
        if (attributes > limits.maxAttributes()) {
            throw refused(
                    DuisFault.DOCUMENT_TOO_COMPLEX,
                    path + "/" + name,
                    "at most " + limits.maxAttributes() + " attributes",
                    "there are more",
                    "ask the sender to correct it");
        }
    }
}
