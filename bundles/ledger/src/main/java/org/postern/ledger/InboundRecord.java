package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;

/**
 * A stored document of the DCC.
 *
 * @param state what has become of it
 * @param cause remark on its processing; empty for none
 */
public record InboundRecord(String id, InboundIdentity identity, Optional<RequestId> requestId, String kind, String responseCode,
        String sha256, Instant receivedAt, String signer, InboundState state, String cause, byte[] body) {

    /** False for what is kept for people alone: put aside, or not proven to be the DCC's. */
    public boolean counts() {
        return state != InboundState.QUARANTINED && !signer.equals(InboundDocument.NOT_PROVEN);
    }
}
