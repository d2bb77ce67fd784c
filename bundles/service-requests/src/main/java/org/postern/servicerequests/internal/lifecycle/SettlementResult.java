package org.postern.servicerequests.internal.lifecycle;

import java.util.concurrent.CompletableFuture;
import org.postern.duis.Bytes;

/** What remains to be done after the effect of a document was written. */
sealed interface SettlementResult {

    /** Nothing remains. */
    SettlementResult DONE = new Done();

    /** Nothing remains to be done. */
    record Done() implements SettlementResult {}

    /**
     * The effect is being written asynchronously; nothing else remains.
     *
     * @param write fails if the write may not be on disk
     */
    record Writing(CompletableFuture<Boolean> write) implements SettlementResult {}

    /**
     * A Pre-Command was received in the exchange and must be correlated.
     *
     * @param preCommand the Pre-Command
     */
    record Correlate(Bytes preCommand) implements SettlementResult {}

    /**
     * The DCC asks to send the request again.
     *
     * @param cause one line for display
     */
    record SendAgain(String cause) implements SettlementResult {}

    /**
     * The document in the exchange is not an answer to the request; the exchange counts as unanswered.
     *
     * @param cause one line for display
     */
    record NoAnswer(String cause) implements SettlementResult {}
}
