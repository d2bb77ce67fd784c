package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * A document of the DCC as it is stored.
 *
 * @param identity     what makes it the same document again: ResponseID, kind, response code, instruction number
 * @param requestId    RequestID it answers
 * @param kind         kind of its body
 * @param responseCode the DCC's code
 * @param body         the exact bytes received
 * @param receivedAt   when
 * @param signer       who signed it, issuer and serial or EUI; for people
 */
public record InboundDocument(String identity, Optional<String> requestId, String kind, String responseCode, byte[] body,
        Instant receivedAt, String signer) {
}
