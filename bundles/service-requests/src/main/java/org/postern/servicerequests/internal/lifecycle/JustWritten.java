package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.ledger.Change;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;

/**
 * What this process has just written, for the step that comes next, so that it is neither read nor parsed again. The
 * ledger has all of it: what is not here is read there. A record may be stale, since another node or an operator may
 * have changed the request meanwhile: it is only good for a change that is made of it
 * ({@link Change#of(RequestRecord)}), for which the ledger looks again where the record no longer holds. Documents
 * never change. Bounded; safe for many threads.
 */
public final class JustWritten {

    private static final long MOST_REQUESTS = 24L << 20;
    private static final long MOST_DOCUMENTS = 8L << 20;
    /** What the objects of a parsed document take for each of its bytes, about. */
    private static final int TREE = 4;

    private static final int RECORD = 1000;
    private static final byte[] NONE = new byte[0];

    private final Kept<String, Written> admitted;
    private final Kept<RequestId, Written> sent;
    private final Kept<String, Received> documents;
    private final Kept<String, OutboxEntry> deliveries;

    /**
     * A request.
     *
     * @param stored as it was written
     * @param document our unsigned document, parsed; empty where it is to be read from the disk
     */
    record Written(StoredRequest stored, Optional<DuisRequest> document) {

        private long weight() {
            RequestDocuments all = stored.documents();
            return RECORD
                    + all.original().length
                    + (1L + TREE) * all.document().map(bytes -> bytes.length).orElse(0)
                    + all.wire().map(bytes -> bytes.length).orElse(0)
                    + all.preCommand().map(bytes -> bytes.length).orElse(0);
        }
    }

    /**
     * A document of the DCC.
     *
     * @param record as it was stored
     * @param response what it says; every field was covered by its signature
     */
    public record Received(InboundRecord record, DuisResponse response) {

        private long weight() {
            return RECORD + (1L + TREE) * record.body().length;
        }
    }

    /** @param nanos a monotonic clock in nanoseconds */
    JustWritten(LongSupplier nanos) {
        admitted = new Kept<>(MOST_REQUESTS, Written::weight, nanos);
        sent = new Kept<>(MOST_REQUESTS, Written::weight, nanos);
        documents = new Kept<>(MOST_DOCUMENTS, Received::weight, nanos);
        deliveries = new Kept<>(
                MOST_DOCUMENTS,
                entry -> RECORD
                        + entry.body().length
                        + entry.json().map(String::length).orElse(0),
                nanos);
    }

    /**
     * A request was admitted.
     *
     * @param document what its unsigned document was written of; empty where the bytes of the ledger are to be read, as
     *     for a critical request, whose Pre-Command is held to them
     */
    public void admitted(StoredRequest stored, Optional<DuisRequest> document) {
        admitted.put(stored.record().id(), new Written(stored, document));
    }

    /** The request of that durable id as it was admitted; it is kept no longer. */
    Optional<Written> admitted(String id) {
        return admitted.take(id);
    }

    /** A signed request is about to be sent: kept is what its answer is held to. */
    void sending(StoredRequest stored, Optional<DuisRequest> document) {
        RequestDocuments all = stored.documents();
        stored.record()
                .requestId()
                .ifPresent(id -> sent.put(
                        id,
                        new Written(
                                new StoredRequest(
                                        stored.record(),
                                        new RequestDocuments(
                                                NONE,
                                                all.document(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                all.preCommand(),
                                                Optional.empty())),
                                document)));
    }

    /** The request of that RequestID as it was last written on its way. */
    Optional<Written> sent(RequestId id) {
        return sent.get(id);
    }

    /** The record of the request of that RequestID as it was last written on its way. */
    public Optional<RequestRecord> record(RequestId id) {
        return sent(id).map(written -> written.stored().record());
    }

    /** A change is in the ledger or on its way there, of a request whose answer may be awaited. */
    void changed(Change change) {
        change.alongside().forEach(this::changed);
        change.request().ifPresent(admitted::take);
        change.seen()
                .flatMap(RequestRecord::requestId)
                .ifPresent(id -> sent.replace(id, known -> after(known, change)));
    }

    /** What is still wanted of a request after a change; empty where that was made of another state than is in hand. */
    private static Optional<Written> after(Written known, Change change) {
        RequestRecord seen = change.seen().orElseThrow();
        RequestRecord now = known.stored().record();
        boolean same = now.state() == seen.state()
                && now.progress().transitions() == seen.progress().transitions();
        return same && !change.steps().isEmpty() && now.after(change).state() == RequestState.ACKNOWLEDGED
                ? Optional.of(new Written(known.stored().after(change), known.document()))
                : Optional.empty();
    }

    /** A change did not apply, or is not known to be on disk. */
    void doubted(Change change) {
        change.alongside().forEach(this::doubted);
        change.request().ifPresent(admitted::take);
        change.seen().flatMap(RequestRecord::requestId).ifPresent(sent::take);
        change.outbox().forEach(entry -> deliveries.take(entry.id()));
    }

    /** A document of the DCC was stored. */
    public void stored(Received received) {
        documents.put(received.record().id(), received);
    }

    /** The document of that id as it was stored; it is kept no longer. */
    public Optional<Received> document(String id) {
        return documents.take(id);
    }

    /** Drops what nobody has taken for a minute. */
    void dropOld() {
        admitted.dropOld();
        sent.dropOld();
        documents.dropOld();
        deliveries.dropOld();
    }

    /** Something is to be delivered. */
    void delivering(OutboxEntry entry) {
        deliveries.put(entry.id(), entry);
    }

    /** The entry of the outbox of that id as it was written; it is kept no longer. */
    Optional<OutboxEntry> delivery(String id) {
        return deliveries.take(id);
    }
}
