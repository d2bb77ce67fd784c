package org.postern.duis.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisElement;

/**
 * The result of one pass over a document.
 *
 * @param root the root without its enveloped signatures: exactly the content of the digest
 * @param digest SHA-256 of the inclusive canonical form of that root; null unless it was requested
 * @param signatures the signatures that are children of the root, in document order
 * @param contentAfterSignature whether an element or text follows the first signature within the root
 */
public record ParsedDocument(
        DuisElement root,
        byte @Nullable [] digest,
        List<EnvelopedSignature> signatures,
        boolean contentAfterSignature) {

    /**
     * A signature of the document.
     *
     * @param element the Signature element
     * @param signedInfo exclusive canonical form of its SignedInfo child; null where there is none, or more than one
     */
    public record EnvelopedSignature(DuisElement element, byte @Nullable [] signedInfo) {}
}
