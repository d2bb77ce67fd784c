package org.postern.servicerequests.internal.inbound;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisResponse;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.InboundResult;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.RequestRecord;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogException;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.answers.Identities;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.keys.DccDocuments;
import org.postern.servicerequests.internal.lifecycle.RecentWrites;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the documents that the DCC sends to Receive Response: checks that there is exactly one valid signature of a
 * party that may sign this kind, stores the document, and then returns the acknowledgement. A document with a valid
 * signature is never refused because of its content: one of a newer version is stored and flagged. Documents are
 * interpreted later by {@link Processor}. Safe for use by several threads.
 */
public final class Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
    private static final String CHANNEL = "receive-response";

    private final DccDocuments documents;
    private final Consumer<byte[]> schema;
    private final Ledger ledger;
    private final SecurityLog securityLog;
    private final WorkOffers offers;
    private final Metrics metrics;
    private final TrustedClock clock;

    /**
     * @param schema throws for a document that the official schema does not accept, which is then flagged; does nothing
     *     if no schema is installed
     * @param clock is compared with the times in new documents, as it is with those in answers of an exchange
     */
    public Receiver(
            DccDocuments documents,
            Consumer<byte[]> schema,
            Ledger ledger,
            SecurityLog securityLog,
            WorkOffers offers,
            Metrics metrics,
            TrustedClock clock) {
        this.documents = Objects.requireNonNull(documents, "documents");
        this.schema = Objects.requireNonNull(schema, "schema");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.securityLog = Objects.requireNonNull(securityLog, "securityLog");
        this.offers = Objects.requireNonNull(offers, "offers");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** The document is on disk when this returns, unless the result is Refused or Busy. */
    public CallbackVerdict receive(byte[] document, String peer) {
        CallbackVerdict verdict;
        try {
            verdict = store(document, peer);
        } catch (LedgerException | SecurityLogException e) {
            LOG.warn("document of the DCC not accepted: {}", e.fault());
            verdict = new CallbackVerdict.Busy(e.fault());
        }
        metrics.count(
                "postern_callbacks_total",
                "outcome",
                verdict.fold(s -> "stored", d -> "duplicate", q -> "quarantined", r -> "refused", b -> "busy"));
        return verdict;
    }

    private CallbackVerdict store(byte[] document, String peer) {
        DccDocuments.Proven proven;
        try {
            proven = documents.read(document, peer, CHANNEL, "document");
        } catch (SecurityLogException e) {
            // a refusal that cannot be logged is not a refusal; the DCC sends the document again
            throw e;
        } catch (PosternException e) {
            if (e.fault().mayPass()) {
                LOG.warn("document of the DCC not accepted: {}", e.fault());
                return new CallbackVerdict.Busy(e.fault());
            }
            return refused(e.fault());
        }
        DuisResponse response = proven.response();
        Optional<RequestId> requestId = Interpreter.answers(response);
        InboundDocument inbound = new InboundDocument(
                Identities.of(response, proven.content()),
                requestId,
                response.kind(),
                response.responseCode(),
                document,
                clock.instant(),
                proven.signer(),
                proven.content(),
                schemaViolation(document));
        if (Interpreter.contradicts(response)) {
            return quarantined(
                    peer,
                    requestId,
                    ledger.quarantine(inbound).id(),
                    "the ResponseID is not the mirror of the RequestID");
        }
        // uses only data in memory: the ledger is not queried before the document is on disk
        Optional<Lane> known = requestId.flatMap(offers.written()::record).map(RequestRecord::lane);
        InboundResult result = ledger.store(inbound, known.orElse(Lane.INTERACTIVE));
        return switch (result.outcome()) {
            case STORED -> {
                clock.observed(response.responseDateTime());
                if (offers.isLocal(WorkStep.PROCESS)) {
                    offers.written()
                            .stored(new RecentWrites.Received(InboundRecord.stored(result.id(), inbound), response));
                }
                offers.offer(WorkStep.PROCESS, known.orElseGet(() -> Lanes.of(ledger, requestId)), result.id());
                yield new CallbackVerdict.Stored(result.id());
            }
            case DUPLICATE -> new CallbackVerdict.Duplicate(result.id());
            case QUARANTINED ->
                quarantined(
                        peer,
                        requestId,
                        result.id(),
                        "a document with the same identity but different content was received before");
        };
    }

    private CallbackVerdict quarantined(String peer, Optional<RequestId> about, String id, String reason) {
        String name = about.map(RequestId::toString).orElse("alert");
        securityLog.append(new SecurityEvent.Quarantined(
                peer, CHANNEL, name, reason, ledger.inbound(id).orElseThrow().sha256()));
        LOG.warn("{}: a document was quarantined: {}", name, reason);
        return new CallbackVerdict.Quarantined(id);
    }

    /**
     * The violation of the official schema, empty if there is none; a validly signed document of a newer version is
     * stored and flagged, not refused.
     */
    private String schemaViolation(byte[] document) {
        try {
            schema.accept(document);
            return "";
        } catch (PosternException e) {
            LOG.warn("a document of the DCC does not conform to the installed schema: {}", e.fault());
            return "does not conform to the installed schema: " + e.fault().field() + ": "
                    + e.fault().cause();
        }
    }

    private CallbackVerdict refused(Fault fault) {
        LOG.warn("document of the DCC refused: {}", fault);
        return new CallbackVerdict.Refused(fault);
    }
}
