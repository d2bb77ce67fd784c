package org.postern.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;

/**
 * A stored document of the DCC.
 *
 * @param state what has become of it
 * @param cause remark on its processing; empty for none
 */
public record InboundRecord(
        String id,
        InboundIdentity identity,
        Optional<RequestId> requestId,
        String kind,
        String responseCode,
        String sha256,
        Instant receivedAt,
        String signer,
        InboundState state,
        String cause,
        byte[] body) {

    /** A document as it is once it is stored under that id. */
    public static InboundRecord stored(String id, InboundDocument document) {
        return new InboundRecord(
                id,
                document.identity(),
                document.requestId(),
                TextLimit.KIND.fitted(document.kind()),
                TextLimit.RESPONSE_CODE.fitted(document.responseCode()),
                Sha256.hex(document.body()),
                document.receivedAt().truncatedTo(ChronoUnit.MILLIS),
                TextLimit.SIGNER.fitted(document.signer()),
                InboundState.STORED,
                TextLimit.CAUSE.fitted(document.remark()),
                document.body());
    }

    /** False for what is kept for people alone: put aside, or not proven to be the DCC's. */
    public boolean counts() {
        return state != InboundState.QUARANTINED && !signer.equals(InboundDocument.NOT_PROVEN);
    }
}
