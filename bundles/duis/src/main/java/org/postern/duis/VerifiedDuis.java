package org.postern.duis;

import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * A document whose signature is good, and by whom. Whether that signer may sign such a document (Transform key for a
 * Pre-Command, Access Control Broker for the rest, a User for requests) is for the caller to check.
 *
 * @param document every field of it was covered by the digest
 * @param signer the certificate the signature names
 * @param content SHA-256 in hex of what the document says, without its signature and without when it was sent (see
 *     {@link DuisVerifier#verifyResponse}); empty for a request
 */
public record VerifiedDuis<T>(T document, X509Certificate signer, String content) {

    public VerifiedDuis {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(signer, "signer");
        Objects.requireNonNull(content, "content");
    }

    /** A document whose content is not compared with others. */
    public VerifiedDuis(T document, X509Certificate signer) {
        this(document, signer, "");
    }
}
