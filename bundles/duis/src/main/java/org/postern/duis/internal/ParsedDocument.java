package org.postern.duis.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.duis.DuisElement;

/**
 * A document as read in one pass.
 *
 * @param root the root without its enveloped signatures: exactly what the digest was made of
 * @param digest SHA-256 of the inclusive canonical form of that root; null unless asked for
 * @param signatures the signatures that are children of the root, in document order
 * @param afterwards true where an element or text follows the first signature inside the root
 */
public record ParsedDocument(
        DuisElement root, byte @Nullable [] digest, List<EnvelopedSignature> signatures, boolean afterwards) {

    /**
     * A signature as found.
     *
     * @param element the whole element
     * @param signedInfo exclusive canonical form of its SignedInfo child; null where it has none or more than one
     */
    public record EnvelopedSignature(DuisElement element, byte @Nullable [] signedInfo) {}
}
