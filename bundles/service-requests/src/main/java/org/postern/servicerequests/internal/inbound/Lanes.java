package org.postern.servicerequests.internal.inbound;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;

/** Determines the lane in which a document of the DCC is processed. */
final class Lanes {

    private Lanes() {}

    /**
     * The lane of the request that it answers; the interactive lane for an alert, and if the ledger does not answer.
     */
    static Lane of(Ledger ledger, Optional<RequestId> answers) {
        try {
            return answers.flatMap(ledger::findByRequestId)
                    .map(RequestRecord::lane)
                    .orElse(Lane.INTERACTIVE);
        } catch (PosternException e) {
            // the document is on disk, so a wrong lane only affects its priority
            return Lane.INTERACTIVE;
        }
    }
}
