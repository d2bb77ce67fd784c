package org.postern.servicerequests.internal.inbound;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;

/** In which lane a document of the DCC is processed. */
final class Lanes {

    private Lanes() {}

    /** The lane of the request that it answers; of an alert, and where the ledger cannot say, that of people. */
    static Lane of(Ledger ledger, Optional<RequestId> answers) {
        try {
            return answers.flatMap(ledger::findByRequestId)
                    .map(RequestRecord::lane)
                    .orElse(Lane.INTERACTIVE);
        } catch (PosternException e) {
            // the document is on disk: nobody waits for its lane
            return Lane.INTERACTIVE;
        }
    }
}
