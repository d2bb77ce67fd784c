package org.postern.duis.internal;

import java.util.Objects;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.internal.ParsedDocument.EnvelopedSignature;

/**
 * A document with exactly one signature, of the right form and at the right position. It is not verified yet.
 *
 * @param root the root without the signature: exactly the content of the digest
 * @param digest SHA-256 of the inclusive canonical form of that root
 * @param signature content of the signature
 * @param signedInfo exclusive canonical form of its SignedInfo
 */
public record SignedDocument(DuisElement root, byte[] digest, SignatureProfile.Read signature, byte[] signedInfo) {

    /**
     * Checks the number, position and form of the signatures of a parsed document.
     *
     * @throws DuisException PST-1020 no signature, PST-1021 more than one, PST-1022 signature misplaced, PST-1023 other
     *     signature profile
     */
    static SignedDocument of(ParsedDocument parsed) {
        if (parsed.signatures().isEmpty()) {
            throw DocumentParser.refused(
                    DuisFault.NO_SIGNATURE,
                    "Signature",
                    "every document is signed",
                    "no signature on the root",
                    "unsigned documents are never accepted");
        }
        if (parsed.signatures().size() > 1 || DocumentParser.read(parsed.root(), root -> strayIn(root, ""))) {
            throw DocumentParser.refused(
                    DuisFault.SEVERAL_SIGNATURES,
                    "Signature",
                    "exactly one signature",
                    "more than one",
                    "ask the sender to correct it");
        }
        if (parsed.contentAfterSignature()) {
            throw DocumentParser.refused(
                    DuisFault.SIGNATURE_MISPLACED,
                    "Signature",
                    "the signature is the last child of the root",
                    "something follows it",
                    "ask the sender to correct it");
        }
        EnvelopedSignature found = parsed.signatures().get(0);
        return new SignedDocument(
                parsed.root(),
                Objects.requireNonNull(parsed.digest(), "the digest was requested"),
                DocumentParser.read(found.element(), SignatureProfile::read),
                Objects.requireNonNull(found.signedInfo(), "the profile requires exactly one"));
    }

    /** A signature deeper in the tree is permitted only within the elements that a SMETS1 service provider signs. */
    private static boolean strayIn(DuisElement element, String parent) {
        if (element.namespace().equals(DuisElement.SIGNATURE)
                && element.name().equals("Signature")
                && !parent.equals("SMETS1SignedResponse")
                && !parent.equals("S1SPAlert")) {
            return true;
        }
        for (DuisElement child : element.children()) {
            if (strayIn(child, element.name())) {
                return true;
            }
        }
        return false;
    }
}
