package org.postern.servicerequests.internal.inbound;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.catalogue.Fault;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisException;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.ledger.InboundDocument;
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
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the DCC hands to Receive Response: exactly one good signature, of a party that may sign this kind, the official
 * schema where it is installed; then the disk; then our word. Nothing is interpreted here: what a document means is found
 * out afterwards, at leisure, by {@link Processor}. Safe for many threads.
 */
public final class Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);
    private static final String DOOR = "receive-response";

    private final DuisVerifier verifier;
    private final DccSigners signers;
    private final Consumer<byte[]> schema;
    private final Ledger ledger;
    private final SecurityLog securityLog;
    private final WorkOffers offers;
    private final Metrics metrics;
    private final Clock clock;

    /** @param schema refuses a document that the official schema does not accept; does nothing where none is installed */
    public Receiver(DuisVerifier verifier, DccSigners signers, Consumer<byte[]> schema, Ledger ledger, SecurityLog securityLog,
            WorkOffers offers, Metrics metrics, Clock clock) {
        this.verifier = Objects.requireNonNull(verifier, "verifier");
        this.signers = Objects.requireNonNull(signers, "signers");
        this.schema = Objects.requireNonNull(schema, "schema");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.securityLog = Objects.requireNonNull(securityLog, "securityLog");
        this.offers = Objects.requireNonNull(offers, "offers");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** The document is on disk when this returns, unless it is refused or the verdict is Busy. */
    public CallbackVerdict receive(byte[] document, String peer) {
        CallbackVerdict verdict;
        try {
            verdict = taken(document, peer);
        } catch (LedgerException | SecurityLogException e) {
            LOG.warn("document of the DCC not taken: {}", e.fault());
            verdict = new CallbackVerdict.Busy(e.fault());
        }
        metrics.count("postern_callbacks_total", "outcome",
                verdict.fold(s -> "stored", d -> "duplicate", q -> "quarantined", r -> "refused", b -> "busy"));
        return verdict;
    }

    private CallbackVerdict taken(byte[] document, String peer) {
        VerifiedDuis<DuisResponse> verified;
        String signer;
        try {
            verified = verifier.verifyResponse(document);
            signer = signers.check(verified).toString();
            schema.accept(document);
        } catch (DccSigners.WrongSigner e) {
            securityLog.append(new SecurityEvent.WrongSigner(peer, DOOR, "document", e.expected(), e.got()));
            return refused(e.fault());
        } catch (DuisException e) {
            securityLog.append(new SecurityEvent.SignatureInvalid(peer, DOOR, "document", e.fault().code() + " " + e.fault().cause()));
            return refused(e.fault());
        } catch (PosternException e) {
            if (e.fault().mayPass()) {
                LOG.warn("document of the DCC not taken: {}", e.fault());
                return new CallbackVerdict.Busy(e.fault());
            }
            return refused(e.fault());
        }
        DuisResponse response = verified.document();
        Optional<RequestId> requestId = response.requestId().or(() -> response.responseId().map(ResponseId::requestId));
        InboundResult result = ledger.store(new InboundDocument(identity(response), requestId, response.kind(), response.responseCode(),
                document, clock.instant(), signer));
        switch (result.outcome()) {
            case STORED:
                offer(result.id(), requestId);
                return new CallbackVerdict.Stored(result.id());
            case DUPLICATE:
                return new CallbackVerdict.Duplicate(result.id());
            default:
                securityLog.append(new SecurityEvent.Quarantined(peer, DOOR, requestId.map(RequestId::toString).orElse("alert"),
                        "the same identity came before with another content", ledger.inbound(result.id()).orElseThrow().sha256()));
                LOG.warn("{}: a document with the identity of another was put aside", requestId.map(RequestId::toString).orElse("alert"));
                return new CallbackVerdict.Quarantined(result.id());
        }
    }

    private static InboundIdentity identity(DuisResponse response) {
        Optional<ResponseId> id = response.responseId().or(() -> response.requestId().map(RequestId::responseId));
        Optional<Integer> instruction = response.body() instanceof ResponseBody.ResponseMessage message
                ? message.payload().filter(ResponsePayload.FutureDatedDeviceAlertMessage.class::isInstance)
                        .map(payload -> ((ResponsePayload.FutureDatedDeviceAlertMessage) payload).instructionNumber()) : Optional.empty();
        return InboundIdentity.received(id, response.responseDateTime(), response.kind(), response.responseCode(), instruction);
    }

    private void offer(String id, Optional<RequestId> requestId) {
        Lane lane;
        try {
            lane = requestId.flatMap(ledger::findByRequestId).map(RequestRecord::lane).orElse(Lane.INTERACTIVE);
        } catch (LedgerException e) {
            // the document is on disk: whoever waits for our word need not wait for the lane
            lane = Lane.INTERACTIVE;
        }
        offers.offer(WorkStep.PROCESS, lane, id);
    }

    private CallbackVerdict refused(Fault fault) {
        LOG.warn("document of the DCC refused: {}", fault);
        return new CallbackVerdict.Refused(fault);
    }
}
