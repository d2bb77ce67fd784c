package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.RequestId;

/**
 * A document of the DCC as it is stored.
 *
 * @param identity     what makes it the same document again
 * @param requestId    RequestID it answers
 * @param kind         kind of its body
 * @param responseCode the DCC's code
 * @param body         the exact bytes received
 * @param receivedAt   when
 * @param signer       who signed it, issuer and serial or EUI; for people
 */
public record InboundDocument(InboundIdentity identity, Optional<RequestId> requestId, String kind, String responseCode, byte[] body,
        Instant receivedAt, String signer) {
}
