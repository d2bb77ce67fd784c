package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Fault;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseClass;
import org.postern.catalogue.ResponseCode;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.duis.DuisException;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.hsm.KeyVault;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.keys.VaultSigners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a request from ADMITTED to the DCC and through what the DCC answers in the same exchange. Every stride is on disk
 * before the next is begun, and the signed bytes before they are sent, so the process may die anywhere: what is found in a
 * state is taken up there, and sent bytes are sent again exactly as they were.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private static final int MOST_UNTRUSTED = 5;
    private static final int DEFAULT_TARGET_SECONDS = 30;

    /**
     * What an operator decides about sending.
     *
     * @param backoff      distance between attempts
     * @param giveUpAfter  a request that the DCC has not taken for so long is OVERDUE
     */
    public record Settings(Backoff backoff, Duration giveUpAfter) {
    }

    /**
     * Those it works with.
     *
     * @param returned what a request that the DCC has answered with success makes of another: an answer returned from the site
     */
    public record Collaborators(Ledger ledger, Progress progress, WorkOffers offers, DccGateway gateway, DuisVerifier verifier,
            DccSigners dccSigners, DuisReader reader, KeyVault vault, OwnKeys keys, VaultSigners signers, Correlator correlator,
            DeviceInventory inventory, ResponseCodes codes, SecurityLog securityLog, Metrics metrics,
            TrustedClock clock, Dated dated, Function<RequestRecord, Optional<Change>> returned) {
    }

    private final Collaborators with;
    private final Settings settings;
    private final CriticalPath critical;
    private final Dated dated;
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    public Dispatcher(Collaborators with, Settings settings) {
        this.with = with;
        this.settings = settings;
        this.dated = with.dated();
        this.critical = new CriticalPath(with.ledger(), with.progress(), with.correlator(), with.inventory(), with.vault(),
                with.keys(), with.signers(), with.reader(), with.securityLog(), with.clock());
    }

    /** See {@link org.postern.servicerequests.ServiceRequests#step}. */
    public void step(String id) {
        // a queue may hold the same id twice; the second finds the first at work
        if (!inFlight.add(id)) {
            return;
        }
        try {
            RequestRecord record = with.ledger().find(id).orElse(null);
            while (record != null && record.state().needsStep() && due(record)) {
                RequestState before = record.state();
                if (!advance(record)) {
                    return;
                }
                record = with.ledger().find(id).orElse(null);
                if (record != null && record.state() == before) {
                    return;
                }
            }
        } catch (PosternException e) {
            later(id, e.fault());
        } catch (RuntimeException e) {
            LOG.error("{}: step failed", id, e);
            later(id, ServiceRequestFault.STEP_FAILED.fault("step", "a step ends with a result",
                    e.getClass().getSimpleName(), "see the log"));
        } finally {
            inFlight.remove(id);
        }
    }

    private boolean due(RequestRecord record) {
        return record.sending().retryAt().map(at -> !at.isAfter(with.clock().instant())).orElse(true);
    }

    /** True where it may go on at once. */
    private boolean advance(RequestRecord record) {
        RequestDocuments documents = with.ledger().documents(record.id()).orElseThrow();
        switch (record.state()) {
            case ADMITTED:
                return !waits(record) && sign(record, documents);
            case CORRELATED:
                return critical.again(record, documents);
            case TRANSFORM_SENT:
            case SENT:
            case IN_DOUBT:
                return send(record, documents);
            default:
                return false;
        }
    }

    private boolean waits(RequestRecord record) {
        boolean waits = TopUpQueue.waits(with.ledger(), record);
        if (waits) {
            retry(record, Optional.empty(), "an earlier top-up of the meter is on its way");
        }
        return waits;
    }

    private boolean sign(RequestRecord record, RequestDocuments documents) {
        DuisRequest request = with.reader().readRequest(documents.document().orElseThrow());
        byte[] wire = with.signers().of(with.keys().xmlSigning(request.requestId().originator())).sign(DuisWriter.write(request));
        ServiceEndpoint endpoint = request.variant().endpoint();
        RequestState next = endpoint == ServiceEndpoint.TRANSFORM ? RequestState.TRANSFORM_SENT : RequestState.SENT;
        return with.progress().apply(Change.of(record.id()).from(RequestState.ADMITTED).wire(endpoint, wire)
                .to(next, "handed to " + endpoint.path(), Digest.sha256(wire)), record.lane());
    }

    private boolean send(RequestRecord record, RequestDocuments documents) {
        if (record.sending().attempts() > 0 && with.clock().trusted() && record.createdAt().plus(settings.giveUpAfter()).isBefore(with.clock().instant())) {
            with.progress().apply(Change.of(record.id()).from(record.state()).noRetry()
                    .deliver(Results.ended(record, Outcome.OVERDUE, "not taken by the DCC: " + record.progress().cause()))
                    .to(RequestState.OVERDUE, "not taken by the DCC within " + settings.giveUpAfter()), record.lane());
            return false;
        }
        byte[] wire = documents.wire().orElseThrow();
        ServiceEndpoint endpoint = record.sending().endpoint().orElseThrow();
        long begun = System.nanoTime();
        Exchange exchange = with.gateway().post(endpoint, wire);
        with.metrics().time("postern_exchange_" + endpoint.path(), System.nanoTime() - begun);
        return exchange.fold(
                answered -> answered(record, documents, answered.document()),
                refused -> refused(record, refused),
                inDoubt -> {
                    inDoubt(record, inDoubt.reason());
                    return false;
                },
                unreachable -> {
                    retry(record, Optional.empty(), "DCC unreachable: " + unreachable.reason());
                    return false;
                });
    }

    private boolean refused(RequestRecord record, Exchange.Refused refused) {
        if (refused.worthRepeating()) {
            retry(record, refused.retryAfter(), "the DCC answered HTTP " + refused.status());
        } else {
            with.progress().apply(Change.of(record.id()).from(record.state()).noRetry()
                    .deliver(Results.ended(record, Outcome.REFUSED, "the DCC answered HTTP " + refused.status()))
                    .to(RequestState.REFUSED, "the DCC answered HTTP " + refused.status()), record.lane());
        }
        return false;
    }

    private void inDoubt(RequestRecord record, String reason) {
        Change change = Change.of(record.id()).from(record.state());
        if (record.state() == RequestState.SENT) {
            change.to(RequestState.IN_DOUBT, reason);
        }
        int attempts = record.sending().attempts() + 1;
        with.progress().apply(change.retry(attempts, at(settings.backoff().after(attempts)), "no answer: " + reason), record.lane());
    }

    private void retry(RequestRecord record, Optional<Duration> wish, String cause) {
        int attempts = record.sending().attempts() + 1;
        Duration distance = settings.backoff().after(attempts);
        if (wish.isPresent() && wish.get().compareTo(distance) > 0) {
            distance = wish.get();
        }
        with.progress().apply(Change.of(record.id()).from(record.state()).retry(attempts, at(distance), cause), record.lane());
    }

    private Instant at(Duration distance) {
        return with.clock().instant().plus(distance);
    }

    /** Something of ours is not there now (a token, the log, the disk): the request stays where it is. */
    private void later(String id, Fault fault) {
        LOG.warn("{}: {}", id, fault);
        try {
            with.ledger().find(id).filter(record -> record.state().needsStep())
                    .ifPresent(record -> retry(record, Optional.empty(), fault.code() + " " + fault.cause()));
        } catch (PosternException e) {
            LOG.warn("{}: not even the retry could be noted: {}", id, e.fault());
            with.offers().owe();
        }
    }

    private boolean answered(RequestRecord record, RequestDocuments documents, byte[] document) {
        VerifiedDuis<DuisResponse> verified;
        try {
            verified = with.verifier().verifyResponse(document);
            with.dccSigners().check(verified);
        } catch (DccSigners.WrongSigner e) {
            with.securityLog().append(new SecurityEvent.WrongSigner("DCC", "internal", name(record), e.expected(), e.got()));
            return untrusted(record, e.fault());
        } catch (DuisException e) {
            with.securityLog().append(new SecurityEvent.SignatureInvalid("DCC", "internal", name(record), e.fault().toString()));
            return untrusted(record, e.fault());
        }
        DuisResponse response = verified.document();
        with.clock().heard(response.responseDateTime());
        Optional<RequestId> answers = response.requestId().or(() -> response.responseId().map(ResponseId::requestId));
        if (!answers.equals(record.requestId())) {
            inDoubt(record, "the answer belongs to another request");
            return false;
        }
        InboundDocument exchanged = new InboundDocument(InboundIdentity.exchanged(record.id(), Digest.sha256(document)), record.requestId(),
                response.kind(), response.responseCode(), document, with.clock().instant(),
                verified.signer().getIssuerX500Principal().getName() + " " + verified.signer().getSerialNumber());
        return response.body() instanceof ResponseBody.ResponseMessage message
                ? message(record, documents, response, message, exchanged) : unexpected(record);
    }

    /**
     * An answer that cannot be trusted is none: what was sent is in doubt. A Transform has no effect to be in doubt about, so
     * one that is answered so time and again ends, with nothing signed.
     */
    private boolean untrusted(RequestRecord record, Fault fault) {
        String cause = fault.code() + " " + fault.cause();
        if (record.state() == RequestState.TRANSFORM_SENT && record.sending().attempts() + 1 >= MOST_UNTRUSTED) {
            with.progress().apply(Change.of(record.id()).from(RequestState.TRANSFORM_SENT).noRetry()
                    .deliver(Results.ended(record, Outcome.NOT_CORRELATED, "no Pre-Command that can be trusted: " + cause))
                    .to(RequestState.NOT_CORRELATED, "no Pre-Command that can be trusted: " + cause), record.lane());
        } else {
            inDoubt(record, cause);
        }
        return false;
    }

    private boolean unexpected(RequestRecord record) {
        inDoubt(record, "an alert where an answer was expected");
        return false;
    }

    private boolean message(RequestRecord record, RequestDocuments documents, DuisResponse response,
            ResponseBody.ResponseMessage message, InboundDocument exchanged) {
        if (record.sending().endpoint().orElseThrow() == ServiceEndpoint.TRANSFORM
                && message.payload().orElse(null) instanceof ResponsePayload.PreCommand preCommand) {
            return critical.received(record, documents, preCommand.payload().toArray(), exchanged);
        }
        CommandVariant sent = sentAs(record);
        ResponseCode code = with.codes().of(response.responseCode());
        ResponseClass meaning = with.codes().classify(response.responseCode(), sent);
        if (meaning == ResponseClass.RETRY && code.retry()) {
            retry(record, Optional.empty(), "the DCC answered " + code.code());
            return false;
        }
        if (record.sending().endpoint().orElseThrow() == ServiceEndpoint.TRANSFORM) {
            // an answer of any kind without a Pre-Command is a refusal
            return end(record, response, code, exchanged, RequestState.REFUSED, Outcome.REFUSED, DeliveryKind.RESULT);
        }
        if (message.payload().orElse(null) instanceof ResponsePayload.LocalCommand) {
            boolean both = sent == CommandVariant.CV3 || sent == CommandVariant.CV7;
            return end(record, response, code, exchanged, both ? RequestState.ACKNOWLEDGED : RequestState.HANDED_OUT, Outcome.LOCAL_COMMAND,
                    DeliveryKind.LOCAL_COMMAND);
        }
        if (meaning == ResponseClass.WAIT) {
            return record.dating().cancels() && dated.onlyAtTheDcc(record) ? cancelledAtTheDcc(record, response, code, exchanged)
                    : acknowledged(record, code, exchanged);
        }
        if (message.payload().flatMap(ResponsePayload::gbcs).isPresent()) {
            // a device's answer in the same exchange goes the way of every other
            if (acknowledged(record, code, exchanged)) {
                LOG.debug("{}: acknowledged with an answer", record.id());
            }
            String inbound = with.ledger().store(new InboundDocument(InboundIdentity.answered(record.id(), exchanged.kind(),
                    exchanged.responseCode()), exchanged.requestId(), exchanged.kind(), exchanged.responseCode(), exchanged.body(),
                    exchanged.receivedAt(), exchanged.signer())).id();
            with.offers().offer(WorkStep.PROCESS, record.lane(), inbound);
            return false;
        }
        boolean success = meaning.success();
        return end(record, response, code, exchanged, success ? RequestState.RESPONDED : RequestState.REFUSED,
                success ? Outcome.SUCCESS : Outcome.REFUSED, DeliveryKind.RESULT);
    }

    private static CommandVariant sentAs(RequestRecord record) {
        CommandVariant variant = record.target().variant().orElseThrow();
        if (record.sending().endpoint().orElseThrow() == ServiceEndpoint.TRANSFORM) {
            return CommandVariant.CV4;
        }
        return variant == CommandVariant.CV4 ? CriticalPath.signedAs(record) : variant;
    }

    private boolean acknowledged(RequestRecord record, ResponseCode code, InboundDocument exchanged) {
        Change change = Change.of(record.id()).from(RequestState.SENT, RequestState.IN_DOUBT).exchanged(exchanged).noRetry()
                .responseCode(code.code()).to(RequestState.ACKNOWLEDGED, code.code(), Digest.sha256(exchanged.body()));
        // the clock of the target time starts when the DCC has taken it in (DUIS facts F1)
        change.dueBy(dated.dueAfterAcknowledgement(record, with.clock().instant(), DEFAULT_TARGET_SECONDS));
        if (!with.progress().apply(change, record.lane())) {
            // the answer has overtaken it: it is kept all the same
            with.progress().apply(Change.ofNone().exchanged(exchanged), record.lane());
        }
        return false;
    }

    /** The DCC kept what this cancels, and no device is told: its acknowledgement is all the answer there is (DUIS facts 1.8). */
    private boolean cancelledAtTheDcc(RequestRecord record, DuisResponse response, ResponseCode code, InboundDocument exchanged) {
        Dated.Confirmed confirmed = dated.confirmed(record);
        Change change = Change.of(record.id()).from(RequestState.SENT, RequestState.IN_DOUBT).exchanged(exchanged).noRetry()
                .responseCode(code.code()).success(true).deliver(Results.answer(record, "result", DeliveryKind.RESULT, Outcome.SUCCESS, response, code,
                        exchanged.body(), confirmed))
                .to(RequestState.ACKNOWLEDGED, code.code(), Digest.sha256(exchanged.body()))
                .to(RequestState.RESPONDED, "cancelled at the DCC", Digest.sha256(exchanged.body()));
        confirmed.changes().forEach(change::alongside);
        if (!confirmed.remark().isEmpty()) {
            change.remark(confirmed.remark());
        }
        with.progress().apply(change, record.lane());
        return false;
    }

    private boolean end(RequestRecord record, DuisResponse response, ResponseCode code, InboundDocument exchanged, RequestState state,
            Outcome outcome, DeliveryKind kind) {
        boolean confirmed = state == RequestState.RESPONDED && record.dating().cancels();
        Dated.Confirmed ended = confirmed ? dated.confirmed(record) : Dated.Confirmed.NOTHING;
        Change change = Change.of(record.id()).from(RequestState.TRANSFORM_SENT, RequestState.SENT, RequestState.IN_DOUBT)
                .exchanged(exchanged).noRetry().responseCode(code.code())
                .deliver(Results.answer(record, kind == DeliveryKind.RESULT ? "result" : "local", kind, outcome, response, code,
                        exchanged.body(), ended))
                .to(state, code.code() + " " + code.text(), Digest.sha256(exchanged.body()));
        ended.changes().forEach(change::alongside);
        if (state == RequestState.RESPONDED) {
            change.success(true);
            with.returned().apply(record).ifPresent(change::alongside);
        } else if (state == RequestState.ACKNOWLEDGED) {
            change.dueBy(dated.dueAfterAcknowledgement(record, with.clock().instant(), DEFAULT_TARGET_SECONDS));
        }
        with.progress().apply(change, record.lane());
        return false;
    }

    private static String name(RequestRecord record) {
        return record.name();
    }

    /** Withdraws what has not been sent. */
    public boolean cancel(String id, String by) {
        return with.ledger().find(id).map(record -> with.progress().apply(Change.of(id)
                .from(RequestState.ADMITTED, RequestState.HELD).noRetry()
                .deliver(Results.ended(record, Outcome.CANCELLED, "withdrawn by " + by))
                .to(RequestState.CANCELLED, "withdrawn by " + by), record.lane())).orElse(false);
    }

    /**
     * Ends what has waited too long for its answer. A device that has not yet accepted what it is to do later has until the outcome is
     * due; that it has not is told at once, since there is time to do something about it.
     */
    void overdue(String id) {
        RequestRecord record = with.ledger().find(id).orElse(null);
        if (record == null) {
            return;
        }
        Instant now = with.clock().instant();
        Optional<Instant> outcome = record.dating().datedFor().map(dated::outcomeBy).filter(now::isBefore);
        if (record.state() == RequestState.ACKNOWLEDGED && outcome.isPresent()) {
            String cause = "the device has not accepted it yet; its outcome is awaited until " + outcome.get();
            with.progress().apply(Change.of(id).from(RequestState.ACKNOWLEDGED).dueBy(outcome.get()).remark(cause)
                    .deliver(Results.ended(record, Outcome.NOT_YET_ACCEPTED, cause)), record.lane());
            return;
        }
        String cause = record.dating().datedFor().isEmpty() ? "no answer in time" : record.dating().instructionsDone() == 0
                ? "no outcome within " + Dated.OUTCOME_WITHIN.toHours() + " hours of its time"
                : record.dating().instructionsDone() + " outcomes, and no more within " + Dated.OUTCOME_WITHIN.toHours() + " hours of its time";
        with.progress().apply(Change.of(id)
                .from(RequestState.ACKNOWLEDGED, RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED)
                .deliver(Results.ended(record, Outcome.OVERDUE, cause)).to(RequestState.OVERDUE, cause), record.lane());
    }

    /** True while that request is being stepped. */
    boolean busy(String id) {
        return inFlight.contains(id);
    }
}
