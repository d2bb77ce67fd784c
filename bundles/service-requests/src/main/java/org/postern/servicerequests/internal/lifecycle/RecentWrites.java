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
 * Caches what this process has written recently, so that the next step neither reads nor parses it again. Everything is
 * also in the ledger and is read there if it is not in this cache. A record may be stale, because another node or an
 * operator may have changed the request: it may only be used for changes made from it
 * ({@link Change#of(RequestRecord)}), for which the ledger reads the request again if the record is stale. Documents
 * never change. Bounded; safe for use by several threads.
 */
public final class RecentWrites {

    private static final long MAX_REQUEST_BYTES = 24L << 20;
    private static final long MAX_DOCUMENT_BYTES = 8L << 20;
    /** Approximate memory of a parsed document for each of its bytes. */
    private static final int PARSED_FACTOR = 4;

    private static final int RECORD_BYTES = 1000;
    private static final byte[] NONE = new byte[0];

    private final ExpiringCache<String, Written> admitted;
    private final ExpiringCache<RequestId, Written> sent;
    private final ExpiringCache<String, Received> documents;
    private final ExpiringCache<String, OutboxEntry> deliveries;

    /**
     * A request.
     *
     * @param stored the request as it was written
     * @param document our unsigned document, parsed; empty if it must be read from disk
     */
    record Written(StoredRequest stored, Optional<DuisRequest> document) {

        private long weight() {
            RequestDocuments all = stored.documents();
            return RECORD_BYTES
                    + all.original().length
                    + (1L + PARSED_FACTOR)
                            * all.document().map(bytes -> bytes.length).orElse(0)
                    + all.wire().map(bytes -> bytes.length).orElse(0)
                    + all.preCommand().map(bytes -> bytes.length).orElse(0);
        }
    }

    /**
     * A document of the DCC.
     *
     * @param record the record as it was stored
     * @param response its content, of which every field was covered by the signature
     */
    public record Received(InboundRecord record, DuisResponse response) {

        private long weight() {
            return RECORD_BYTES + (1L + PARSED_FACTOR) * record.body().length;
        }
    }

    /** @param nanos a monotonic clock in nanoseconds */
    RecentWrites(LongSupplier nanos) {
        admitted = new ExpiringCache<>(MAX_REQUEST_BYTES, Written::weight, nanos);
        sent = new ExpiringCache<>(MAX_REQUEST_BYTES, Written::weight, nanos);
        documents = new ExpiringCache<>(MAX_DOCUMENT_BYTES, Received::weight, nanos);
        deliveries = new ExpiringCache<>(
                MAX_DOCUMENT_BYTES,
                entry -> RECORD_BYTES
                        + entry.body().length
                        + entry.json().map(String::length).orElse(0),
                nanos);
    }

    /**
     * Adds a request that was admitted.
     *
     * @param document the content of its unsigned document; empty if the bytes of the ledger must be read, as for a
     *     critical request, whose Pre-Command is compared with them
     */
    public void admitted(StoredRequest stored, Optional<DuisRequest> document) {
        admitted.put(stored.record().id(), new Written(stored, document));
    }

    /** Removes and returns the request with that durable id as it was admitted. */
    Optional<Written> admitted(String id) {
        return admitted.take(id);
    }

    /** Adds a signed request that is about to be sent, with the documents that its answer is checked against. */
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

    /** The request with that RequestID as it was last written while it was being sent. */
    Optional<Written> sent(RequestId id) {
        return sent.get(id);
    }

    /** The record of the request with that RequestID as it was last written while it was being sent. */
    public Optional<RequestRecord> record(RequestId id) {
        return sent(id).map(written -> written.stored().record());
    }

    /** Updates the cache after a change that is in the ledger or submitted to it. */
    void changed(Change change) {
        change.alongside().forEach(this::changed);
        change.request().ifPresent(admitted::take);
        change.snapshot()
                .flatMap(RequestRecord::requestId)
                .ifPresent(id -> sent.replace(id, known -> after(known, change)));
    }

    /**
     * The cached request after a change; empty if it is no longer needed, or if the change was made from a different
     * state than the cached one.
     */
    private static Optional<Written> after(Written known, Change change) {
        RequestRecord snapshot = change.snapshot().orElseThrow();
        RequestRecord now = known.stored().record();
        boolean same = now.state() == snapshot.state()
                && now.progress().transitions() == snapshot.progress().transitions();
        return same && !change.steps().isEmpty() && now.after(change).state() == RequestState.ACKNOWLEDGED
                ? Optional.of(new Written(known.stored().after(change), known.document()))
                : Optional.empty();
    }

    /** Removes what a change concerns that did not apply or may not be on disk. */
    void remove(Change change) {
        change.alongside().forEach(this::remove);
        change.request().ifPresent(admitted::take);
        change.snapshot().flatMap(RequestRecord::requestId).ifPresent(sent::take);
        change.outbox().forEach(entry -> deliveries.take(entry.id()));
    }

    /** Adds a stored document of the DCC. */
    public void stored(Received received) {
        documents.put(received.record().id(), received);
    }

    /** Removes and returns the document with that id. */
    public Optional<Received> document(String id) {
        return documents.take(id);
    }

    /** Removes entries that are older than a minute. */
    void removeOld() {
        admitted.removeOld();
        sent.removeOld();
        documents.removeOld();
        deliveries.removeOld();
    }

    /** Adds an outbox entry that is about to be written. */
    void delivering(OutboxEntry entry) {
        deliveries.put(entry.id(), entry);
    }

    /** Removes and returns the outbox entry with that id. */
    Optional<OutboxEntry> delivery(String id) {
        return deliveries.take(id);
    }
}
