package org.postern.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;

/**
 * A stored document from the DCC.
 *
 * @param state how far it has been processed
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

    /** The record of a document that has just been stored under that id. */
    public static InboundRecord stored(String id, InboundDocument document) {
        return new InboundRecord(
                id,
                document.identity(),
                document.requestId(),
                TextLimit.KIND.truncated(document.kind()),
                TextLimit.RESPONSE_CODE.truncated(document.responseCode()),
                Sha256.hex(document.body()),
                document.receivedAt().truncatedTo(ChronoUnit.MILLIS),
                TextLimit.SIGNER.truncated(document.signer()),
                InboundState.STORED,
                TextLimit.CAUSE.truncated(document.remark()),
                document.body());
    }

    /**
     * False for a document that is stored only for people to inspect: it is quarantined, or not proven to be from the
     * DCC.
     */
    public boolean effective() {
        return state != InboundState.QUARANTINED && !signer.equals(InboundDocument.NOT_PROVEN);
    }
}
