package org.postern.duis;

import java.util.Objects;
import org.postern.duis.internal.DocumentParser;
import org.postern.duis.internal.RequestMapping;
import org.postern.duis.internal.ResponseMapping;

/**
 * Reads DUIS documents from bytes that may be hostile: no DTD, no entities but the five of XML, no processing
 * instructions, UTF-8 only, limits on size, depth, elements and attributes, and the structure of DUIS without help of
 * its schema.
 *
 * <p>A signature is neither checked nor trusted here: what this class reads is what somebody wrote. Use
 * {@link DuisVerifier} for what arrives from the DCC. Safe for many threads.
 */
public final class DuisReader {

    private final DocumentParser parser;

    public DuisReader(DuisLimits limits) {
        this.parser = new DocumentParser(Objects.requireNonNull(limits, "limits"));
    }

    /**
     * Reads a request; a signature on it (a template's place-holder, for example) is left aside.
     *
     * @throws DuisException PST-1010 to PST-1019, naming the element
     */
    public DuisRequest readRequest(byte[] document) {
        return DocumentParser.read(parser.root(document), RequestMapping::request);
    }

    /**
     * Reads as much of a response as is known here, as {@link DuisVerifier#verifyResponse} does; a signature on it is
     * left aside. For documents that were verified when they came.
     *
     * @throws DuisException PST-1010 to PST-1014 for what is no XML that is allowed
     */
    public DuisResponse readKnown(byte[] document) {
        return ResponseMapping.known(parser.root(document));
    }

    /**
     * Reads a response of DUIS 5.4; a signature on it is left aside.
     *
     * @throws DuisException PST-1010 to PST-1019, naming the element
     */
    public DuisResponse readResponse(byte[] document) {
        return DocumentParser.read(parser.root(document), ResponseMapping::response);
    }
}
