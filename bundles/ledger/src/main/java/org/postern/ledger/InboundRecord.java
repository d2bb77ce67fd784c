package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * A stored document of the DCC.
 *
 * @param state {@code STORED}, {@code PROCESSED}, {@code QUARANTINED} or {@code EXCHANGED} for an answer in the same exchange
 * @param cause remark on its processing; empty for none
 */
public record InboundRecord(String id, String identity, Optional<String> requestId, String kind, String responseCode,
        String sha256, Instant receivedAt, String signer, String state, String cause, byte[] body) {
}
