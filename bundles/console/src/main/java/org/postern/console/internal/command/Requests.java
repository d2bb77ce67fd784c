package org.postern.console.internal.command;

import java.util.Optional;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.console.internal.ConsoleFault;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;

/** Finds the request that a command names. */
final class Requests {

    private Requests() {}

    /** By durable id or RequestID. */
    static RequestRecord find(Ledger ledger, String id) {
        return ledger.find(id)
                .or(() -> parse(id).flatMap(ledger::findByRequestId))
                .orElseThrow(() -> fault("a request of the ledger", "no such request"));
    }

    private static Optional<RequestId> parse(String id) {
        try {
            return Optional.of(RequestId.parse(id));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    static PosternException fault(String rule, String cause) {
        return new PosternException(ConsoleFault.NO_SUCH_REQUEST.fault("ID", rule, cause));
    }
}
