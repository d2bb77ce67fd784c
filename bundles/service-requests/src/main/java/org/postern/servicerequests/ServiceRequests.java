package org.postern.servicerequests;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The life cycle of a Service Request. Plain and blocking; safe for many threads at once. No method throws for bad
 * input; what cannot be done now is put on disk with the time of the next attempt.
 */
public interface ServiceRequests {

    /** Checks a submission, numbers it and puts it on disk; returns when it is there. */
    Admission admit(Submission submission);

    /**
     * Carries a request one or more steps forward, as far as it goes without waiting. Again, or too early, or for a
     * request that has ended, is no harm.
     *
     * @param id durable id
     */
    void step(String id);

    /**
     * Takes a document of the DCC: verifies it and puts it on disk; returns when it is there.
     *
     * @param document the exact bytes
     * @param peerCertificate subject of the TLS client certificate
     */
    CallbackVerdict receive(byte[] document, String peerCertificate);

    /**
     * Processes a stored document: reads the GBCS message inside, advances its request, fills the outbox. Again is no
     * harm.
     *
     * @param inboundId id in the ledger
     */
    void process(String inboundId);

    /**
     * Withdraws a request that has not been sent.
     *
     * @return false where it is too late
     */
    boolean cancel(String id, String by);

    /**
     * Takes a request back as far as that is possible: one that has not been sent is withdrawn; for a future-dated one
     * that the DCC or a device keeps, the same request dated never is handed in for its User, and ends it when it is
     * confirmed.
     *
     * @param id durable id
     * @param by who wishes it
     */
    Withdrawal withdraw(String id, String by);

    /** Why the time of day is not trusted, so that nothing is ended for being late; empty where it is. */
    Optional<String> clockDoubt();

    /**
     * Says that the machine's clock is right.
     *
     * @param by who says so
     */
    void confirmTime(String by);

    /** The last comparison of states with work in hand; one is made each minute. Empty before the first. */
    Optional<Sweep> lastSweep();

    /** What the queues between the steps hold now, by step and lane; steps without a queue are left out. */
    List<WorkQueue.Depth> depths();

    /** Offers everything unfinished to the queues again; called by itself at start and when a queue appears. */
    Rebuilt rebuild();

    /**
     * One comparison of the ledger with the work in hand.
     *
     * @param at when it was made, by the clock of the life cycle
     * @param due what the ledger says is to be done, whoever is at it
     * @param found of these, what was in nobody's hands and was offered again
     */
    record Sweep(Instant at, Rebuilt due, Rebuilt found) {}

    /**
     * A number of each kind of work.
     *
     * @param steps requests whose next step is ours
     * @param documents documents to process
     * @param deliveries entries of the outbox
     */
    record Rebuilt(int steps, int documents, int deliveries) {

        /** All kinds together. */
        public int all() {
            return steps + documents + deliveries;
        }
    }
}
