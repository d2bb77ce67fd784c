package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisException;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.VerifiedDuis;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.hsm.KeyVault;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.answers.Identities;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.keys.VaultSigners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a request from ADMITTED to the DCC and through what the DCC answers in the same exchange. Every stride is on
 * disk before the next is begun, and the signed bytes before they are sent, so the process may die anywhere: what is
 * found in a state is taken up there, and sent bytes are sent again exactly as they were.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Bytes of what is not proven that are kept. */
    private static final int MOST_KEPT = 64 * 1024;
    /** Bytes of it that a result tells, and characters of it in a cause. */
    private static final int MOST_SAID = 4000;
    private static final int LONGEST_SAID = 200;

    /**
     * What an operator decides about sending.
     *
     * @param backoff      distance between attempts
     * @param giveUpAfter  a request that the DCC has not taken for so long is OVERDUE; UNKNOWN where it may have
     *                     taken it
     * @param tries        how often a document is sent, from 1, where what comes back in its exchange is no proven answer
     *                     or says that the outcome is not known
     */
    public record Settings(Backoff backoff, Duration giveUpAfter, int tries) {
    }

    /**
     * Those it works with.
     *
     * @param settlement gives an answer its effect
     */
    public record Collaborators(Ledger ledger, Progress progress, WorkOffers offers, DccGateway gateway,
            DuisVerifier verifier,
            DccSigners dccSigners, DuisReader reader, KeyVault vault, OwnKeys keys, VaultSigners signers,
            Correlator correlator,
            DeviceInventory inventory, SecurityLog securityLog, Metrics metrics,
            TrustedClock clock, Dated dated, Settlement settlement) {
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
        this.critical = new CriticalPath(with.ledger(), with.progress(), with.correlator(), with.inventory(),
                with.vault(),
                with.keys(), with.signers(), with.securityLog(), with.clock());
    }

    /** See {@link org.postern.servicerequests.ServiceRequests#step}. */
    public void step(String id) {
        with.offers().taken(WorkStep.DISPATCH, id);
        // a queue may hold the same id twice; the second finds the first at work
        if (!inFlight.add(id)) {
            return;
        }
        try {
            Optional<InHand> work = InHand.of(with.ledger(), with.reader(), id);
            while (work.filter(inHand -> inHand.record().state().needsStep() && due(inHand.record())).isPresent()) {
                work = advance(work.get());
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

    /** The request as it is then, where it may go on at once. */
    private Optional<InHand> advance(InHand work) {
        switch (work.record().state()) {
            case ADMITTED:
                return waits(work.record()) ? Optional.empty() : sign(work);
            case CORRELATED:
                return critical.again(work);
            case TRANSFORM_SENT:
            case SENT:
            case IN_DOUBT:
                return send(work);
            default:
                return Optional.empty();
        }
    }

    private boolean waits(RequestRecord record) {
        boolean waits = TopUpQueue.waits(with.ledger(), record);
        if (waits) {
            retry(record, Optional.empty(), "an earlier top-up of the meter is on its way");
        }
        return waits;
    }

    private Optional<InHand> sign(InHand work) {
        DuisRequest request = work.request();
        byte[] wire = with.signers().of(with.keys().xmlSigning(request.requestId().originator()))
                .sign(DuisWriter.write(request));
        ServiceEndpoint endpoint = request.variant().endpoint();
        RequestState next = endpoint == ServiceEndpoint.TRANSFORM ? RequestState.TRANSFORM_SENT : RequestState.SENT;
        return with.progress().advance(work, Change.of(work.record()).from(RequestState.ADMITTED).wire(endpoint, wire)
                .to(next, "handed to " + endpoint.path(), Sha256.hex(wire)));
    }

    private Optional<InHand> send(InHand work) {
        RequestRecord record = work.record();
        if (record.sending().attempts() > 0 && with.clock().trusted()
                && record.createdAt().plus(settings.giveUpAfter()).isBefore(with.clock().instant())) {
            return givenUp(record);
        }
        byte[] wire = work.documents().wire().orElseThrow();
        ServiceEndpoint endpoint = record.sending().endpoint().orElseThrow();
        long begun = System.nanoTime();
        Exchange exchange = with.gateway().post(endpoint, wire);
        with.metrics().time("postern_exchange_" + endpoint.path(), System.nanoTime() - begun);
        return exchange.fold(
                answered -> answered(work, answered.document()),
                refused -> refused(record, refused),
                inDoubt -> inDoubt(record, inDoubt.reason()),
                unreachable -> retry(record, Optional.empty(), "DCC unreachable: " + unreachable.reason()));
    }

    /** What the DCC has not taken is overdue; of what it may have taken without a word, nobody knows the outcome. */
    private Optional<InHand> givenUp(RequestRecord record) {
        boolean doubt = record.state() == RequestState.IN_DOUBT;
        String cause = doubt ? "no answer of the DCC" : "not taken by the DCC";
        with.progress().apply(Change.of(record).from(record.state()).noRetry()
                .deliver(Results.ended(record, doubt ? Outcome.UNKNOWN : Outcome.OVERDUE, cause + ": "
                + record.progress().cause()))
                .to(doubt ? RequestState.UNKNOWN : RequestState.OVERDUE, cause + " within " + settings.giveUpAfter()),
                record);
        return Optional.empty();
    }

    /** An HTTP status is proven by nobody: where the DCC may have taken the request before, it refuses nothing. */
    private Optional<InHand> refused(RequestRecord record, Exchange.Refused refused) {
        String cause = "the DCC answered HTTP " + refused.status();
        if (refused.mayHaveBeenTaken()) {
            return inDoubt(record, cause);
        }
        if (refused.worthRepeating()) {
            return retry(record, refused.retryAfter(), cause);
        }
        String said = refused.body();
        InboundDocument kept = untrusted(record, "HTTP " + refused.status(), "", said.getBytes(StandardCharsets.UTF_8));
        if (record.state() == RequestState.IN_DOUBT) {
            return noAnswer(record, cause, "", kept);
        }
        with.progress().apply(Change.of(record).from(record.state()).noRetry().exchanged(kept)
                .deliver(Results.unproven(record, Outcome.REFUSED, cause, "", said))
                .to(RequestState.REFUSED, said.isEmpty() ? cause : cause + ": " + line(said)), record);
        return Optional.empty();
    }

    /** What came in an exchange and is not proven to be the DCC's, kept so that a person can look at it. */
    private InboundDocument untrusted(RequestRecord record, String kind, String code, byte[] bytes) {
        byte[] kept = bytes.length <= MOST_KEPT ? bytes : Arrays.copyOf(bytes, MOST_KEPT);
        String digest = Sha256.hex(kept);
        return new InboundDocument(InboundIdentity.exchanged(record.id(), digest), record.requestId(), kind, code, kept,
                with.clock().instant(),
                InboundDocument.NOT_PROVEN, digest, "not proven to be the DCC's");
    }

    /** The beginning of a text in one line. */
    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_SAID ? line : line.substring(0, LONGEST_SAID) + "...";
    }

    private Optional<InHand> inDoubt(RequestRecord record, String reason) {
        with.progress().apply(inDoubtChange(record, reason), record);
        return Optional.empty();
    }

    private Change inDoubtChange(RequestRecord record, String reason) {
        Change change = Change.of(record).from(record.state());
        if (record.state() == RequestState.SENT) {
            change.to(RequestState.IN_DOUBT, reason);
        }
        int attempts = record.sending().attempts() + 1;
        return change.retry(attempts, at(settings.backoff().after(attempts)), "no answer: " + reason);
    }

    /** It stays where it is, and is tried again. */
    private Optional<InHand> retry(RequestRecord record, Optional<Duration> wish, String cause) {
        int attempts = record.sending().attempts() + 1;
        Duration distance = settings.backoff().after(attempts);
        if (wish.isPresent() && wish.get().compareTo(distance) > 0) {
            distance = wish.get();
        }
        with.progress().apply(Change.of(record).from(record.state()).retry(attempts, at(distance), cause), record);
        return Optional.empty();
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

    private Optional<InHand> answered(InHand work, byte[] document) {
        RequestRecord record = work.record();
        VerifiedDuis<DuisResponse> verified;
        String signer;
        try {
            verified = with.verifier().verifyResponse(document);
            signer = with.dccSigners().check(verified).toString();
        } catch (DccSigners.WrongSigner e) {
            with.securityLog().append(new SecurityEvent.WrongSigner("DCC", "internal", record.name(), e.expected(),
                    e.got()));
            return untrusted(record, e.fault().code() + " " + e.fault().cause(), document);
        } catch (DuisException e) {
            with.securityLog().append(new SecurityEvent.SignatureInvalid("DCC", "internal", record.name(), e.fault()
                    .toString()));
            return untrusted(record, e.fault().code() + " " + e.fault().cause(), document);
        }
        DuisResponse response = verified.document();
        with.clock().heard(response.responseDateTime());
        InboundDocument exchanged = new InboundDocument(InboundIdentity.exchanged(record.id(), verified.content()),
                record.requestId(),
                response.kind(), response.responseCode(), document, with.clock().instant(), signer, verified.content(),
                "");
        if (Interpreter.contradicts(response) || !Interpreter.answers(response).equals(record.requestId())) {
            return noAnswer(record, "the answer belongs to another request", response.responseCode(), exchanged);
        }
        InboundDocument later = new InboundDocument(Identities.of(response, verified.content()), record.requestId(),
                response.kind(),
                response.responseCode(), document, with.clock().instant(), signer, verified.content(), "");
        Settled settled = with.settlement().exchanged(record, response, exchanged, later,
                untold(record) < settings.tries());
        if (settled instanceof Settled.Correlate correlate) {
            return critical.received(work, correlate.preCommand().toArray(), exchanged);
        }
        if (settled instanceof Settled.Again again) {
            int attempts = record.sending().attempts() + 1;
            with.progress().apply(Change.of(record).from(record.state()).exchanged(exchanged)
                    .responseCode(response.responseCode()).untold(untold(record))
                    .retry(attempts, at(settings.backoff().after(attempts)), again.cause()), record);
        } else if (settled instanceof Settled.NoAnswer none) {
            return noAnswer(record, none.cause(), response.responseCode(), exchanged);
        }
        return Optional.empty();
    }

    /** What cannot be trusted says nothing; the code that it claims is shown as what it is. */
    private Optional<InHand> untrusted(RequestRecord record, String cause, byte[] document) {
        String kind = "Untrusted";
        String claimed = "";
        try {
            DuisResponse response = with.reader().readKnown(document);
            kind = "Untrusted " + response.kind();
            claimed = response.responseCode();
        } catch (PosternException e) {
            // not even readable: it stays without a code
        }
        return noAnswer(record, cause + (claimed.isEmpty() ? "" : "; it says " + claimed), claimed, untrusted(record,
                kind, claimed, document));
    }

    /** How often what came back told nothing of the outcome, this time included. */
    private static int untold(RequestRecord record) {
        return record.sending().untold() + 1;
    }

    /**
     * An answer that is none leaves what was sent in doubt, and the identical bytes are sent again. After some tries
     * that is told: a Transform, which has no effect to be in doubt about, ends with nothing signed; of anything else
     * it is unknown whether the DCC has taken it, until a proven answer comes.
     */
    private Optional<InHand> noAnswer(RequestRecord record, String cause, String claimed, InboundDocument kept) {
        if (untold(record) < settings.tries()) {
            with.progress().apply(inDoubtChange(record, cause).untold(untold(record)).exchanged(kept), record);
            return Optional.empty();
        }
        boolean transform = record.state() == RequestState.TRANSFORM_SENT;
        String told = transform ? "no Pre-Command that can be trusted: " + cause
                : "unproven: no answer that can be trusted: " + cause;
        with.progress().apply(Change.of(record).from(record.state()).noRetry().exchanged(kept)
                .deliver(Results.unproven(record, transform ? Outcome.NOT_CORRELATED : Outcome.UNPROVEN, told, claimed,
                        new String(kept.body(), 0, Math.min(kept.body().length, MOST_SAID), StandardCharsets.UTF_8)))
                .to(transform ? RequestState.NOT_CORRELATED : RequestState.UNKNOWN, told), record);
        return Optional.empty();
    }

    /** Withdraws what has not been sent. */
    public boolean cancel(String id, String by) {
        return with.ledger().find(id).map(record -> with.progress().apply(Change.of(record)
                .from(RequestState.ADMITTED, RequestState.HELD).noRetry()
                .deliver(Results.ended(record, Outcome.CANCELLED, "withdrawn by " + by))
                .to(RequestState.CANCELLED, "withdrawn by " + by), record)).orElse(false);
    }

    /**
     * Ends what has waited too long for its answer. A device that has not yet accepted what it is to do later has
     * until the outcome is due; that it has not is told at once, since there is time to do something about it.
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
            with.progress().apply(Change.of(record).from(RequestState.ACKNOWLEDGED).dueBy(outcome.get()).remark(cause)
                    .deliver(Results.ended(record, Outcome.NOT_YET_ACCEPTED, cause)), record);
            return;
        }
        String cause = record.dating().datedFor().isEmpty() ? "no answer in time" : record.dating()
                .instructionsDone() == 0
                ? "no outcome within " + FutureDating.OUTCOME_WITHIN.toHours() + " hours of its time"
                : record.dating().instructionsDone() + " outcomes, and no more within "
                + FutureDating.OUTCOME_WITHIN.toHours() + " hours of its time";
        with.progress().apply(Change.of(record)
                .from(RequestState.ACKNOWLEDGED, RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED)
                .deliver(Results.ended(record, Outcome.OVERDUE, cause)).to(RequestState.OVERDUE, cause), record);
    }

    /** True while that request is being stepped. */
    boolean busy(String id) {
        return inFlight.contains(id);
    }
}
