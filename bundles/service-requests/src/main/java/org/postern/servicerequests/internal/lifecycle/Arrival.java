package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;

/**
 * A document of the DCC whose effect is to be written. It is either stored already, because it came through Receive
 * Response, or it is stored in the transaction of its effect, because it is the answer in the HTTP exchange of its
 * request.
 */
final class Arrival {

    private final Optional<InboundRecord> stored;
    private final Optional<InboundDocument> exchanged;
    private final String entries;
    private final String digest;
    private final boolean sentAgain;
    private final boolean mayHaveBeenReceived;

    private Arrival(
            Optional<InboundRecord> stored,
            Optional<InboundDocument> exchanged,
            String entries,
            String digest,
            boolean sentAgain,
            boolean mayHaveBeenReceived) {
        this.stored = stored;
        this.exchanged = exchanged;
        this.entries = entries;
        this.digest = digest;
        this.sentAgain = sentAgain;
        this.mayHaveBeenReceived = mayHaveBeenReceived;
    }

    /** A document of Receive Response, which was stored when it was received. */
    static Arrival stored(InboundRecord inbound) {
        return new Arrival(Optional.of(inbound), Optional.empty(), inbound.id(), inbound.sha256(), false, false);
    }

    /**
     * The answer in the exchange of a request.
     *
     * @param request durable id
     * @param sentAgain true if the request may be sent again in case this document states that its outcome is not known
     * @param mayHaveBeenReceived true if the DCC may have received the request before this exchange
     */
    static Arrival exchanged(String request, InboundDocument document, boolean sentAgain, boolean mayHaveBeenReceived) {
        return new Arrival(
                Optional.empty(),
                Optional.of(document),
                request,
                Sha256.hex(document.body()),
                sentAgain,
                mayHaveBeenReceived);
    }

    /** True if it is the answer in the exchange of its request. */
    boolean sameExchange() {
        return exchanged.isPresent();
    }

    /** True if the request may be sent again in case this document states that its outcome is not known. */
    boolean sentAgain() {
        return sentAgain;
    }

    /** True if the DCC may have received the request before the exchange that this answers. */
    boolean mayHaveBeenReceived() {
        return mayHaveBeenReceived;
    }

    /** Adds to the change that the document has been stored or processed. */
    Change mark(Change change, String cause) {
        return exchanged.isPresent()
                ? change.exchanged(exchanged.get())
                : change.processed(stored.orElseThrow().id(), cause);
    }

    /**
     * Id of an outbox entry that results from the document. It is the same for every repetition, so that the entry is
     * delivered once.
     */
    String entry(String what) {
        return entries + "." + what;
    }

    /** SHA-256 of the document's bytes. */
    String digest() {
        return digest;
    }

    /** The document's bytes. */
    byte[] body() {
        return exchanged
                .map(InboundDocument::body)
                .orElseGet(() -> stored.orElseThrow().body());
    }

    /** Who signed it, for display. */
    String signer() {
        return exchanged
                .map(InboundDocument::signer)
                .orElseGet(() -> stored.orElseThrow().signer());
    }

    /** When it was received. */
    java.time.Instant receivedAt() {
        return exchanged
                .map(InboundDocument::receivedAt)
                .orElseGet(() -> stored.orElseThrow().receivedAt());
    }

    /** The remark that was stored when it was received; empty if there is none. */
    String remark() {
        return exchanged
                .map(InboundDocument::remark)
                .orElseGet(() -> stored.orElseThrow().cause());
    }

    /** Id of the stored document; for an answer in the exchange of its request, the id of the request. */
    String source() {
        return entries;
    }
}
