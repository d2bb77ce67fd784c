package org.postern.duis.internal;

import java.util.Objects;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.internal.ParsedDocument.EnvelopedSignature;

/**
 * A document with the one signature of the profile, in its place. Nothing is verified yet.
 *
 * @param root the root without the signature: exactly what the digest was made of
 * @param digest SHA-256 of the inclusive canonical form of that root
 * @param signature what the signature states
 * @param signedInfo exclusive canonical form of its SignedInfo
 */
public record SignedDocument(DuisElement root, byte[] digest, SignatureProfile.Read signature, byte[] signedInfo) {

    /**
     * A parsed document, held to the rules of signatures.
     *
     * @throws DuisException PST-1020 no signature, PST-1021 more than one, PST-1022 not in its place, PST-1023 not the
     *     profile
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
                    "have the sender correct it");
        }
        if (parsed.afterwards()) {
            throw DocumentParser.refused(
                    DuisFault.SIGNATURE_MISPLACED,
                    "Signature",
                    "the signature is the last child of the root",
                    "something follows it",
                    "have the sender correct it");
        }
        EnvelopedSignature found = parsed.signatures().get(0);
        return new SignedDocument(
                parsed.root(),
                Objects.requireNonNull(parsed.digest(), "asked for where signatures are read"),
                DocumentParser.read(found.element(), SignatureProfile::read),
                Objects.requireNonNull(found.signedInfo(), "the profile has exactly one"));
    }

    /** A signature inside the tree is legal only in what a SMETS1 service provider has signed. */
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
