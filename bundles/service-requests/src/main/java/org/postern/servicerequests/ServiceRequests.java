package org.postern.servicerequests;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The life cycle of a Service Request. All methods are synchronous and safe for use by several threads. No method
 * throws for invalid input; work that cannot be done now is stored with the time of the next attempt.
 */
public interface ServiceRequests {

    /** Checks a submission, numbers it and stores it; returns when it is on disk. */
    Admission admit(Submission submission);

    /**
     * Advances a request by one or more steps, as far as possible without waiting. Idempotent: a call that is repeated,
     * too early or for a request that has ended has no effect.
     *
     * @param id durable id
     */
    void step(String id);

    /**
     * Receives a document from the DCC: verifies and stores it; returns when it is on disk.
     *
     * @param document the exact bytes
     * @param peerCertificate subject of the TLS client certificate
     */
    CallbackVerdict receive(byte[] document, String peerCertificate);

    /**
     * Processes a stored document: reads the GBCS message in it, advances its request, and adds the result to the
     * outbox. Idempotent.
     *
     * @param inboundId id in the ledger
     */
    void process(String inboundId);

    /**
     * Withdraws a request that has not been sent.
     *
     * @return false if it is too late
     */
    boolean cancel(String id, String by);

    /**
     * Withdraws a request as far as possible. A request that has not been sent is withdrawn. For a future-dated request
     * that the DCC or a device stores, a cancelling request (execution time in the year 3000) is submitted for its
     * User; the request ends when the cancellation is confirmed.
     *
     * @param id durable id
     * @param by who requests the withdrawal
     */
    Withdrawal withdraw(String id, String by);

    /** Why the time of day is not trusted, so that no request is ended because it is late; empty if it is trusted. */
    Optional<String> clockDoubt();

    /**
     * Confirms that the system clock is right.
     *
     * @param by who confirms it
     */
    void confirmTime(String by);

    /**
     * The last comparison of stored states with the work in memory; one is made every minute. Empty before the first.
     */
    Optional<Sweep> lastSweep();

    /** The present lengths of the queues between the steps, by step and lane; steps without a queue are left out. */
    List<WorkQueue.Depth> depths();

    /**
     * Offers all unfinished work to the queues again. This also happens automatically at start and when a queue
     * appears.
     */
    Rebuilt rebuild();

    /**
     * One comparison of the ledger with the work in memory.
     *
     * @param at when it was made, by the clock of the life cycle
     * @param due the number of pending items according to the ledger, including those in progress
     * @param found the number of these that were neither queued nor in progress, and were offered again
     */
    record Sweep(Instant at, Rebuilt due, Rebuilt found) {}

    /**
     * Numbers of pending items by kind of work.
     *
     * @param steps requests whose next step Postern has to take
     * @param documents documents to process
     * @param deliveries entries of the outbox
     */
    record Rebuilt(int steps, int documents, int deliveries) {

        /** The total of all kinds. */
        public int all() {
            return steps + documents + deliveries;
        }
    }
}
