package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;

/**
 * A document of the DCC whose effect is to be written, whichever way it came: on disk already, or to be stored in the
 * transaction of its effect because it is the answer in the exchange of its request.
 */
final class Arrival {

    private final Optional<InboundRecord> stored;
    private final Optional<InboundDocument> exchanged;
    private final String entries;
    private final String digest;
    private final boolean sentAgain;
    private final boolean hadBefore;

    private Arrival(
            Optional<InboundRecord> stored,
            Optional<InboundDocument> exchanged,
            String entries,
            String digest,
            boolean sentAgain,
            boolean hadBefore) {
        this.stored = stored;
        this.exchanged = exchanged;
        this.entries = entries;
        this.digest = digest;
        this.sentAgain = sentAgain;
        this.hadBefore = hadBefore;
    }

    /** Of Receive Response, stored when it came. */
    static Arrival stored(InboundRecord inbound) {
        return new Arrival(Optional.of(inbound), Optional.empty(), inbound.id(), inbound.sha256(), false, false);
    }

    /**
     * The answer in the exchange of a request.
     *
     * @param request durable id
     * @param sentAgain true where the request may be sent once more if this says that its outcome is not known
     * @param hadBefore true where the DCC may have had the request before this exchange
     */
    static Arrival exchanged(String request, InboundDocument document, boolean sentAgain, boolean hadBefore) {
        return new Arrival(
                Optional.empty(), Optional.of(document), request, Sha256.hex(document.body()), sentAgain, hadBefore);
    }

    /** True for the answer in the exchange of its request. */
    boolean sameExchange() {
        return exchanged.isPresent();
    }

    /** True where the request may be sent once more if this says that its outcome is not known. */
    boolean sentAgain() {
        return sentAgain;
    }

    /** True where the DCC may have had the request before the exchange that this answers. */
    boolean hadBefore() {
        return hadBefore;
    }

    /** The change also says what has become of the document. */
    Change mark(Change change, String cause) {
        return exchanged.isPresent()
                ? change.exchanged(exchanged.get())
                : change.processed(stored.orElseThrow().id(), cause);
    }

    /**
     * Id of an entry of the outbox that follows from the document: the same each time, so that it is delivered once.
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

    /** Who signed it, for people. */
    String signer() {
        return exchanged
                .map(InboundDocument::signer)
                .orElseGet(() -> stored.orElseThrow().signer());
    }

    /** When it came. */
    java.time.Instant receivedAt() {
        return exchanged
                .map(InboundDocument::receivedAt)
                .orElseGet(() -> stored.orElseThrow().receivedAt());
    }

    /** What was remarked when it came; empty for nothing. */
    String remark() {
        return exchanged
                .map(InboundDocument::remark)
                .orElseGet(() -> stored.orElseThrow().cause());
    }

    /** Id of the stored document; of the request for an answer in its exchange. */
    String source() {
        return entries;
    }
}
