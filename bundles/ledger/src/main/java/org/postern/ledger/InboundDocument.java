package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.RequestId;

/**
 * A document received from the DCC, as it is stored.
 *
 * @param identity identifies repeated deliveries of the same document
 * @param requestId RequestID of the request that it answers
 * @param kind kind of its body
 * @param responseCode the DCC's code
 * @param body the exact bytes received
 * @param receivedAt when it was received
 * @param signer who signed it, issuer and serial or EUI; for people to read
 * @param content digest of the document without its signature, hex: two documents with the same identity and content
 *     are the same document even if each was signed and sent separately; empty if only identical bytes count as the
 *     same document
 * @param remark a note for people, one line; empty if there is none
 */
public record InboundDocument(
        InboundIdentity identity,
        Optional<RequestId> requestId,
        String kind,
        String responseCode,
        byte[] body,
        Instant receivedAt,
        String signer,
        String content,
        String remark) {

    /** The signer of a document that is stored although its sender has not been proven. */
    public static final String NOT_PROVEN = "not proven";

    /** A document without a remark that counts as the same document only if its bytes are identical. */
    public InboundDocument(
            InboundIdentity identity,
            Optional<RequestId> requestId,
            String kind,
            String responseCode,
            byte[] body,
            Instant receivedAt,
            String signer) {
        this(identity, requestId, kind, responseCode, body, receivedAt, signer, "", "");
    }
}
