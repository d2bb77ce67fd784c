package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.RequestId;

/**
 * A document of the DCC as it is stored.
 *
 * @param identity what makes it the same document again
 * @param requestId RequestID it answers
 * @param kind kind of its body
 * @param responseCode the DCC's code
 * @param body the exact bytes received
 * @param receivedAt when
 * @param signer who signed it, issuer and serial or EUI; for people
 * @param content digest of what it says without its signature, hex: two documents of one identity and content are the
 *     same, however often they were signed and sent anew; empty where only the same bytes are the same
 * @param remark what a person should know of it, one line; empty for nothing
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

    /** The signer of what is kept although nobody has proven whose it is. */
    public static final String NOT_PROVEN = "not proven";

    /** A document that is the same only where its bytes are, and of which there is nothing to remark. */
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
