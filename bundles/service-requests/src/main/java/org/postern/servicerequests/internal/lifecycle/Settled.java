package org.postern.servicerequests.internal.lifecycle;

import java.util.concurrent.CompletableFuture;
import org.postern.duis.Bytes;

/** What is left to do after a document's effect was written. */
sealed interface Settled {

    /** Nothing. */
    Settled DONE = new Done();

    /** Nothing is left to do. */
    record Done() implements Settled {}

    /**
     * Nothing, once that write is on disk; nobody waits for it.
     *
     * @param write fails where it is not known to be on disk
     */
    record Behind(CompletableFuture<Boolean> write) implements Settled {}

    /**
     * A Pre-Command came in the exchange, to be correlated.
     *
     * @param preCommand the Pre-Command
     */
    record Correlate(Bytes preCommand) implements Settled {}

    /**
     * The DCC asks to have the same sent again.
     *
     * @param cause one line for people
     */
    record Again(String cause) implements Settled {}

    /**
     * What came in the exchange is no answer to the request: it is as if none had come.
     *
     * @param cause one line for people
     */
    record NoAnswer(String cause) implements Settled {}
}
