package org.postern.duis;

import java.util.Objects;
import org.postern.duis.internal.DocumentParser;
import org.postern.duis.internal.RequestMapping;
import org.postern.duis.internal.ResponseMapping;

/**
 * Reads DUIS documents from bytes that may be malicious. It permits no DTD, no entities except the five of XML, no
 * processing instructions and no encoding except UTF-8, limits the size, depth, elements and attributes, and checks the
 * structure of DUIS without the official schema.
 *
 * <p>Signatures are not verified here, so the origin of what this class reads is unknown. Use {@link DuisVerifier} for
 * documents from the DCC. Thread-safe.
 */
public final class DuisReader {

    private final DocumentParser parser;

    public DuisReader(DuisLimits limits) {
        this.parser = new DocumentParser(Objects.requireNonNull(limits, "limits"));
    }

    /**
     * Reads a request. A signature, such as the placeholder of a template, is ignored.
     *
     * @throws DuisException PST-1010 to PST-1019, naming the element
     */
    public DuisRequest readRequest(byte[] document) {
        return DocumentParser.read(parser.root(document), RequestMapping::request);
    }

    /**
     * Reads a response as far as it can be interpreted, as {@link DuisVerifier#verifyResponse} does. A signature is
     * ignored. For documents that were verified when they were received.
     *
     * @throws DuisException PST-1010 to PST-1014 where it is not permitted XML
     */
    public DuisResponse readKnown(byte[] document) {
        return ResponseMapping.known(parser.root(document));
    }

    /**
     * Reads a response of DUIS 5.4. A signature is ignored.
     *
     * @throws DuisException PST-1010 to PST-1019, naming the element
     */
    public DuisResponse readResponse(byte[] document) {
        return DocumentParser.read(parser.root(document), ResponseMapping::response);
    }
}
