package org.postern.duis;

import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * A document with a valid signature, and its signer. The caller has to check whether this signer may sign such a
 * document (the Transform key for a Pre-Command, the Access Control Broker for other responses, a User for requests).
 *
 * @param document the document; the digest of the signature covers all its fields
 * @param signer the certificate that the signature names
 * @param content SHA-256 in hex of the content of the document, excluding its signature and the time at which it was
 *     sent (see {@link DuisVerifier#verifyResponse}); empty for a request
 */
public record VerifiedDuis<T>(T document, X509Certificate signer, String content) {

    public VerifiedDuis {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(signer, "signer");
        Objects.requireNonNull(content, "content");
    }

    /** A document without a digest of its content. */
    public VerifiedDuis(T document, X509Certificate signer) {
        this(document, signer, "");
    }
}
