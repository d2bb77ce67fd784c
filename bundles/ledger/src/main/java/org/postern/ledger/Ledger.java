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
 * The durable life of every request, answer and delivery. A write returns only after its transaction is on disk;
 * concurrent writes share one transaction and one fsync. Safe between threads. Every method may throw
 * {@link LedgerException} UNAVAILABLE; then nothing of the write is on disk, or, where the connection broke during
 * commit, it may be: all writes are made to be repeated.
 */
public interface Ledger {

    /**
     * Puts a request on disk, admitted or refused. The same channel and correlation id with the same content give the
     * first one's id again.
     *
     * @throws LedgerException CORRELATION_REUSED where that correlation id came with another content, DUPLICATE for a
     *     RequestID that is there already
     */
    Admitted admit(NewRequest request);

    /**
     * Puts a top-up (service 2.2) on disk and, in the same transaction, its RequestID's counter into the prepayment
     * series of the meter, so that no later token has it again. As {@link #admit} otherwise.
     *
     * @param reserved true where the counter came from {@link Counters#nextPrepayment}; false for a token made
     *     elsewhere, whose counter has to be above the last one
     * @throws LedgerException COUNTER where the counter is none of n &lt;&lt; 32, COUNTER_BACKWARDS where it is not
     *     above the last one
     */
    Admitted admitTopUp(NewRequest request, boolean reserved);

    /**
     * Applies a unit of work.
     *
     * @return false where the request is not in one of the states the change asks for; nothing is changed then
     * @throws LedgerException ILLEGAL_TRANSITION, NOT_FOUND
     */
    boolean apply(Change change);

    /**
     * Applies a unit of work that nobody waits for: it is taken into the next transaction that somebody waits for, and
     * committed without one where none comes within some milliseconds. It is on disk no later than every write that is
     * handed in after it in the same lane. There are two: that of top-ups ({@link Change#first}), whose writes may be
     * on disk before earlier ones of the other, and that of all else, whose writes are not on disk before earlier ones
     * of top-ups. So what was made of the record of one request keeps its order; a change that was made of an id alone
     * is in the lane of all else, whatever its request.
     *
     * <p><b>It may be lost</b> when the process or the machine is killed before the future completes, with all that
     * follows from it. So it is only for what is done again without harm when it is found undone after a start, and of
     * which nobody outside was told. {@link AutoCloseable#close closing} the ledger writes all that was handed in.
     * Where the write fails, only the future tells. A full queue makes the caller wait for room, 10 s at most; on the
     * writer's own thread, and where the caller is interrupted, such a write fails at once.
     *
     * @return as {@link #apply} answers, or with its {@link LedgerException}; completed on the thread of the one writer
     *     after the commit. What follows directly must be short and may not wait for a write or a read: use the
     *     {@code Async} methods with an executor for all else
     */
    CompletableFuture<Boolean> applyBehind(Change change);

    /**
     * As {@link #applyBehind(Change)}, and another change in the same transaction where the first does not apply, so
     * that no close or full queue comes between the two.
     *
     * @param change marks no document as processed
     * @param otherwise the same
     * @return false where the first did not apply
     */
    CompletableFuture<Boolean> applyBehind(Change change, Change otherwise);

    /** Puts a document of the DCC on disk. */
    default InboundResult store(InboundDocument document) {
        return store(document, Lane.ROUTINE);
    }

    /**
     * As {@link #store(InboundDocument)}.
     *
     * @param lane of the request that it answers, where that is known
     */
    InboundResult store(InboundDocument document, Lane lane);

    /**
     * Keeps a document apart that contradicts itself: on disk as
     * {@link org.postern.catalogue.InboundState#QUARANTINED}, without effect, and not in the way of the document whose
     * identity it has. The same again is the same one.
     *
     * @throws LedgerException UNAVAILABLE
     */
    InboundResult quarantine(InboundDocument document);

    /**
     * Writes a copy of all that is committed into a file that does not exist yet, while others go on reading and
     * writing. SQLite only: for PostgreSQL its own tools make copies.
     *
     * @throws LedgerException UNAVAILABLE where it could not be written
     */
    void copyTo(Path target);

    /** When the newest request or document came in, by the clock of then; empty where there is none. */
    Optional<Instant> newest();

    /**
     * When this database was last put back from a copy, or counted although something was missing, by its clock of
     * then; empty where it never was. A request from before may have gone further than it tells.
     */
    Optional<Instant> restored();

    /**
     * Has ids and times come from that clock from now on; until then they come from the one it was opened with.
     *
     * @param clock the life cycle's, which does not follow a wall clock that jumps
     */
    void timeBy(Clock clock);

    /** The counters, kept on the same disk. */
    Counters counters();

    /** A request by durable id. */
    Optional<RequestRecord> find(String id);

    /** A request with its documents, by durable id. */
    Optional<StoredRequest> stored(String id);

    /** A request with its documents, by RequestID. */
    Optional<StoredRequest> storedByRequestId(RequestId requestId);

    /** A request by RequestID. */
    Optional<RequestRecord> findByRequestId(RequestId requestId);

    /** A request by channel and the caller's correlation id; refused ones are not found so. */
    Optional<RequestRecord> findByCorrelation(Channel channel, String correlationId);

    /**
     * True where another request of the same originator, device and service, under a lower counter, is on its way:
     * admitted, sent or acknowledged, without an outcome yet.
     */
    boolean earlierOnItsWay(RequestRecord request);

    /** The documents of a request. */
    Optional<RequestDocuments> documents(String id);

    /** The whole path of a request, oldest first. */
    List<Transition> path(String id);

    /** Why its Pre-Command was signed or was not. */
    Optional<Evidence> evidence(String id);

    /** The outcomes of the instructions of a future-dated command, by number. */
    List<Instruction> instructions(String id);

    /** Events of a request that changed no state, oldest first. */
    List<Remark> remarks(String id);

    /**
     * Future-dated requests and their cancellations for that device and service, whatever their state, the newest
     * first.
     */
    List<RequestRecord> dated(Eui64 device, String service, int limit);

    /** Requests, the newest first. */
    List<RequestRecord> requests(RequestFilter filter);

    /** How many requests are in each state; states without any are left out. */
    Map<RequestState, Long> counts();

    /** A stored document. */
    Optional<InboundRecord> inbound(String id);

    /** The documents that answer a RequestID, oldest first. */
    List<InboundRecord> inboundOf(RequestId requestId);

    /** How many inbound documents are in each state. */
    Map<InboundState, Long> inboundCounts();

    /** Something to deliver, or delivered. */
    Optional<OutboxEntry> delivery(String id);

    /** What was or will be delivered for a request. */
    List<OutboxEntry> deliveriesOf(String request);

    /**
     * Marks a delivery as made; the request's state becomes DELIVERED where it was the last one outstanding. Again is
     * no harm.
     *
     * @return false where it was marked already
     */
    boolean delivered(String id);

    /**
     * As {@link #delivered}, for a mark that nobody waits for; lost in a kill, the delivery is made again. See
     * {@link #applyBehind}.
     *
     * @param lane that it was delivered in
     */
    CompletableFuture<Boolean> deliveredBehind(String id, Lane lane);

    /** Marks a delivery as failed; it stays pending and is due again at that time. */
    default void deliveryFailed(String id, Instant retryAt) {
        deliveryFailed(id, retryAt, Optional.empty());
    }

    /**
     * As {@link #deliveryFailed(String, Instant)}; nothing of the entry is read that may be damaged.
     *
     * @param remark a line for people, noted with the request that the delivery is of, where it is of one
     */
    void deliveryFailed(String id, Instant retryAt, Optional<String> remark);

    /** How many deliveries are in each state. */
    Map<DeliveryState, Long> outboxCounts();

    /**
     * Requests whose next step is ours, by id after the given one: what rebuilds the dispatch queue.
     *
     * @param now retries due later than this are left out
     */
    List<PendingWork> stepsOutstanding(Instant now, String after, int limit);

    /** Stored documents that wait to be processed, by id after the given one. */
    List<PendingWork> processingOutstanding(String after, int limit);

    /** Deliveries that wait, by id after the given one; those due later than now are left out. */
    List<PendingWork> deliveriesOutstanding(Instant now, String after, int limit);

    /**
     * Requests whose next attempt is due, however long ago, by time and id.
     *
     * @param until the latest time
     * @param after the last one of the page before; empty for the first page
     */
    List<DueWork> retriesDue(Instant until, Optional<DueWork> after, int limit);

    /**
     * The clock was put back: what waits for a later attempt, steps and deliveries, waits for one that is as much
     * earlier.
     *
     * @param now the time as it is now
     * @param by how much the clock was put back
     */
    void clockPutBack(Instant now, Duration by);

    /**
     * Requests that the DCC or a device has taken and whose answer is due: ACKNOWLEDGED, ACCEPTED_BY_DEVICE,
     * PARTIALLY_ACTIONED.
     */
    List<PendingWork> overdue(Instant now, int limit);
}
