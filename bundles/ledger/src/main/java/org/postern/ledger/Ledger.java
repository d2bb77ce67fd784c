package org.postern.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;

/**
 * Durable storage of every request, answer and delivery. A write returns only after its transaction is on disk;
 * concurrent writes share one transaction and one fsync. Safe for use by several threads. Every method may throw
 * {@link LedgerException} UNAVAILABLE. Then the write is not on disk, or, if the connection broke during the commit, it
 * may be: every write can be repeated safely.
 */
public interface Ledger {

    /**
     * Stores a request, admitted or refused. If the channel, correlation id and content are those of a stored request,
     * the id of that request is returned.
     *
     * @throws LedgerException CORRELATION_REUSED if that correlation id was used with different content, DUPLICATE if
     *     the RequestID is stored already
     */
    Admitted admit(NewRequest request);

    /**
     * Stores a top-up (service 2.2) and, in the same transaction, records the counter of its RequestID in the
     * prepayment series of the meter, so that no later token uses it again. Otherwise the same as {@link #admit}.
     *
     * @param reserved true if the counter came from {@link Counters#nextPrepayment}; false for a token that was made
     *     elsewhere, whose counter must be above the last one
     * @throws LedgerException COUNTER if the counter is not of the form n &lt;&lt; 32, COUNTER_BACKWARDS if it is not
     *     above the last one
     */
    Admitted admitTopUp(NewRequest request, boolean reserved);

    /**
     * Applies a unit of work.
     *
     * @return false if the request is not in one of the states that the change requires; then nothing is changed
     * @throws LedgerException ILLEGAL_TRANSITION, NOT_FOUND
     */
    boolean apply(Change change);

    /**
     * Applies a unit of work asynchronously. It joins the next transaction that a caller waits for, or is committed on
     * its own if there is none within some milliseconds. It is on disk no later than any write that is submitted after
     * it in the same lane. There are two lanes: the prepayment lane ({@link Change#prepaymentLane}), whose writes may
     * be committed before earlier writes of the ordinary lane, and the ordinary lane, whose writes are never committed
     * before earlier writes of the prepayment lane. So changes that are made from the record of one request keep their
     * order; a change that was made from an id is always in the ordinary lane.
     *
     * <p><b>It may be lost</b> together with later writes that depend on it if the process or the machine is killed
     * before the future completes. Use it only for work that is idempotent, that is repeated when it is found undone
     * after a start, and that has not been acknowledged to anybody outside. {@link AutoCloseable#close Closing} the
     * ledger writes everything that was submitted. A failure of the write is reported only by the future. If the queue
     * is full, the caller waits for room for at most 10 s; on the writer's own thread, and if the caller is
     * interrupted, such a write fails immediately.
     *
     * @return completes with the result of {@link #apply} or its {@link LedgerException}, on the writer's thread after
     *     the commit. A dependent stage that runs on that thread must be short and must not wait for a write or a
     *     query: use the {@code Async} methods with an executor for anything else
     */
    CompletableFuture<Boolean> applyAsync(Change change);

    /**
     * The same as {@link #applyAsync(Change)}; if the change does not apply, another change is applied in the same
     * transaction, so that neither a close nor a full queue can occur between the two.
     *
     * @param change must not mark a document as processed
     * @param otherwise the change to apply instead; must not mark a document as processed either
     * @return false if the first change did not apply
     */
    CompletableFuture<Boolean> applyAsync(Change change, Change otherwise);

    /** Stores a document from the DCC. */
    default InboundResult store(InboundDocument document) {
        return store(document, Lane.ROUTINE);
    }

    /**
     * The same as {@link #store(InboundDocument)}, in the given lane.
     *
     * @param lane lane of the request that it answers, if that is known
     */
    InboundResult store(InboundDocument document, Lane lane);

    /**
     * Stores a document that contradicts itself as {@link org.postern.catalogue.InboundState#QUARANTINED}. It has no
     * effect and does not block the document whose identity it carries. Idempotent.
     *
     * @throws LedgerException UNAVAILABLE
     */
    InboundResult quarantine(InboundDocument document);

    /**
     * Writes a copy of all committed data to a file that does not exist yet, while other threads continue to read and
     * write. SQLite only; PostgreSQL is copied with its own tools.
     *
     * @throws LedgerException UNAVAILABLE if it could not be written
     */
    void copyTo(Path target);

    /** When the newest request or document was received, by the clock at that time; empty if there is none. */
    Optional<Instant> newest();

    /**
     * When this database was last restored from a copy, or accepted by an operator although data was missing, by the
     * clock at that time; empty if it never was. A request from before that time may have progressed further than the
     * database shows.
     */
    Optional<Instant> restored();

    /**
     * Takes ids and times from that clock from now on, instead of the clock that the ledger was opened with.
     *
     * @param clock the clock of the life cycle, which does not follow jumps of the wall clock
     */
    void useClock(Clock clock);

    /** The counters, which are stored in the same database. */
    Counters counters();

    /** A request by durable id. */
    Optional<RequestRecord> find(String id);

    /** A request with its documents, by durable id. */
    Optional<StoredRequest> stored(String id);

    /** A request with its documents, by RequestID. */
    Optional<StoredRequest> storedByRequestId(RequestId requestId);

    /** A request by RequestID. */
    Optional<RequestRecord> findByRequestId(RequestId requestId);

    /** A request by channel and the caller's correlation id; refused requests are not found this way. */
    Optional<RequestRecord> findByCorrelation(Channel channel, String correlationId);

    /**
     * True if another request of the same originator, device and service with a lower counter is in progress: admitted,
     * sent or acknowledged, without an outcome yet.
     */
    boolean earlierInProgress(RequestRecord request);

    /** The documents of a request. */
    Optional<RequestDocuments> documents(String id);

    /** All transitions of a request, oldest first. */
    List<Transition> path(String id);

    /** The evidence why its Pre-Command was or was not signed. */
    Optional<Evidence> evidence(String id);

    /** The outcomes of the instructions of a future-dated command, by number. */
    List<Instruction> instructions(String id);

    /** Events of a request that did not change its state, oldest first. */
    List<Remark> remarks(String id);

    /** Future-dated requests and their cancellations for that device and service in any state, newest first. */
    List<RequestRecord> futureDated(Eui64 device, String service, int limit);

    /** Requests, newest first. */
    List<RequestRecord> requests(RequestFilter filter);

    /** The number of requests in each state; states without requests are left out. */
    Map<RequestState, Long> counts();

    /** A stored document by id. */
    Optional<InboundRecord> inbound(String id);

    /** The documents that answer a RequestID, oldest first. */
    List<InboundRecord> inboundOf(RequestId requestId);

    /** The number of inbound documents in each state. */
    Map<InboundState, Long> inboundCounts();

    /** An outbox entry by id, pending or delivered. */
    Optional<OutboxEntry> delivery(String id);

    /** All outbox entries of a request, pending and delivered. */
    List<OutboxEntry> deliveriesOf(String request);

    /**
     * Marks a delivery as made; the request's state becomes DELIVERED if no other delivery of it is pending.
     * Idempotent.
     *
     * @return false if it was marked already
     */
    boolean delivered(String id);

    /**
     * The same as {@link #delivered}, asynchronously. If the process is killed before the mark is on disk, the delivery
     * is made again. See {@link #applyAsync}.
     *
     * @param lane the lane of the delivery
     */
    CompletableFuture<Boolean> deliveredAsync(String id, Lane lane);

    /** Records a failed attempt to deliver; the entry stays pending and is due again at that time. */
    default void deliveryFailed(String id, Instant retryAt) {
        deliveryFailed(id, retryAt, Optional.empty());
    }

    /**
     * The same as {@link #deliveryFailed(String, Instant)}, with a remark. Does not read the stored documents of the
     * entry, which may be damaged.
     *
     * @param remark a line for people, added to the request of the delivery if it has one
     */
    void deliveryFailed(String id, Instant retryAt, Optional<String> remark);

    /** The number of deliveries in each state. */
    Map<DeliveryState, Long> outboxCounts();

    /**
     * Requests whose next step Postern has to take, with ids after the given one, in order of id; used to rebuild the
     * dispatch queue.
     *
     * @param now requests whose next attempt is due later than this are left out
     */
    List<PendingWork> stepsOutstanding(Instant now, String after, int limit);

    /** Stored documents that wait to be processed, with ids after the given one, in order of id. */
    List<PendingWork> processingOutstanding(String after, int limit);

    /** Pending deliveries with ids after the given one, in order of id; those due later than now are left out. */
    List<PendingWork> deliveriesOutstanding(Instant now, String after, int limit);

    /**
     * Requests whose next attempt is due or overdue, in order of time and id.
     *
     * @param until the latest time
     * @param after the last entry of the previous page; empty for the first page
     */
    List<DueWork> retriesDue(Instant until, Optional<DueWork> after, int limit);

    /**
     * The clock was set back: planned attempts of requests and deliveries are moved earlier by the same amount.
     *
     * @param now the present time after the correction
     * @param by how much the clock was set back
     */
    void clockPutBack(Instant now, Duration by);

    /**
     * Requests that the DCC or a device has accepted and whose answer is overdue: ACKNOWLEDGED, ACCEPTED_BY_DEVICE,
     * PARTIALLY_ACTIONED.
     */
    List<PendingWork> overdue(Instant now, int limit);
}
