package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances a request step by step from ADMITTED until it has been sent to the DCC. Every step is on disk before the
 * next one starts, so the process may be killed at any time and continues from the stored state. Safe for use by
 * several threads; each request is processed by one thread at a time.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Ledger ledger;
    private final OwnDocuments documents;
    private final WorkOffers offers;
    private final Sender sender;
    private final CriticalPath critical;
    private final Endings endings;
    private final Progress progress;
    private final Attempts attempts;
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

    public Dispatcher(
            Ledger ledger,
            OwnDocuments documents,
            WorkOffers offers,
            Sender sender,
            CriticalPath critical,
            Endings endings,
            Progress progress,
            Attempts attempts) {
        this.ledger = ledger;
        this.documents = documents;
        this.offers = offers;
        this.sender = sender;
        this.critical = critical;
        this.endings = endings;
        this.progress = progress;
        this.attempts = attempts;
    }

    /** See {@link org.postern.servicerequests.ServiceRequests#step}. */
    public void step(String id) {
        offers.taken(WorkStep.DISPATCH, id);
        // a queue may contain the same id twice; the second call returns while the first is running
        if (!inFlight.add(id)) {
            return;
        }
        Optional<RequestInProgress> started = Optional.empty();
        try {
            started = offers.written()
                    .admitted(id)
                    .map(written -> RequestInProgress.of(written, documents))
                    .or(() -> RequestInProgress.of(ledger, documents, id));
            Optional<RequestInProgress> work = started;
            while (work.filter(request -> request.record().state().needsStep() && attempts.due(request.record()))
                    .isPresent()) {
                work = advance(work.get());
            }
        } catch (PosternException e) {
            retryLater(id, e.fault());
        } catch (RuntimeException e) {
            LOG.error("{}: step failed", id, e);
            retryLater(
                    id,
                    ServiceRequestFault.STEP_FAILED.fault(
                            "step", "a step ends with a result", e.getClass().getSimpleName(), "see the log"));
        } finally {
            stepEnded(id, started);
        }
    }

    /**
     * Ends a step when everything that it has written is on disk. If a write failed, the next attempt may not have been
     * stored; the request is then found in the ledger by the timers.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the completion does not throw
    private void stepEnded(String id, Optional<RequestInProgress> started) {
        CompletableFuture<Void> written =
                started.map(RequestInProgress::written).orElseGet(() -> CompletableFuture.completedFuture(null));
        written.whenComplete((nothing, failure) -> {
            inFlight.remove(id);
            offers.done(WorkStep.DISPATCH, id);
            if (failure != null) {
                LOG.warn("{}: the next attempt could not be stored: {}", id, failure.toString());
                offers.markAll();
            }
        });
    }

    /**
     * Withdraws a request that certainly has had no effect at the DCC; no step of it starts during the call.
     *
     * @param by who requests the withdrawal, for display
     * @return false if it is too late, a step of it is running, or there is no such request
     */
    public boolean cancel(String id, String by) {
        if (!inFlight.add(id)) {
            return endings.cancel(id, by, true);
        }
        boolean cancelled = false;
        try {
            cancelled = endings.cancel(id, by, false);
        } finally {
            inFlight.remove(id);
            offers.done(WorkStep.DISPATCH, id);
        }
        if (!cancelled) {
            // a step that was offered during this call was skipped, so it is offered again
            ledger.find(id)
                    .filter(record -> record.state().needsStep() && attempts.due(record))
                    .ifPresent(record -> offers.offer(WorkStep.DISPATCH, record.lane(), id));
        }
        return cancelled;
    }

    /** The request after the step, if the next step can be taken at once. */
    private Optional<RequestInProgress> advance(RequestInProgress work) {
        RequestRecord record = work.record();
        return switch (record.state()) {
            case ADMITTED -> waitsForEarlierTopUp(record) ? Optional.empty() : sender.sign(work);
            case CORRELATED -> critical.resume(work);
            case SENT -> work.fromLedger() ? sendFound(work) : sender.send(work);
            case TRANSFORM_SENT, IN_DOUBT -> endings.givenUp(record) ? Optional.empty() : sender.send(work);
            default -> Optional.empty();
        };
    }

    /**
     * Sends a request that was read from the ledger in state SENT. If a further attempt is planned, the last one
     * certainly did not reach the DCC, because the plan is removed from the ledger before an attempt starts. If none is
     * planned, a transmission was started whose result is not on disk, and the DCC may have received the request.
     */
    private Optional<RequestInProgress> sendFound(RequestInProgress work) {
        RequestRecord record = work.record();
        Change change = Change.of(record).from(RequestState.SENT);
        if (record.sending().retryAt().isEmpty()) {
            return progress.advance(work, change.to(RequestState.IN_DOUBT, Attempts.BEGUN));
        }
        return endings.givenUp(record)
                ? Optional.empty()
                : progress.advance(work, change.noRetry()).flatMap(sender::send);
    }

    private boolean waitsForEarlierTopUp(RequestRecord record) {
        boolean waiting = TopUpQueue.waits(ledger, record);
        if (waiting) {
            progress.apply(attempts.retry(record, "an earlier top-up of the meter is in progress"), record);
        }
        return waiting;
    }

    /**
     * Plans a retry because a component of Postern (a token, the log, the disk) is not available. If the documents of
     * the request are damaged, no step can start, so the time limit that is otherwise checked before sending is checked
     * here.
     */
    private void retryLater(String id, Fault fault) {
        LOG.warn("{}: {}", id, fault);
        boolean damaged = fault.kind() == LedgerException.Kind.DOCUMENT_DAMAGED;
        try {
            ledger.find(id)
                    .filter(record -> record.state().needsStep() && !(damaged && endings.givenUpDamaged(record)))
                    .ifPresent(record ->
                            progress.apply(attempts.failed(record, fault.code() + " " + fault.cause()), record));
        } catch (PosternException e) {
            LOG.warn("{}: the next attempt could not be stored: {}", id, e.fault());
            offers.markAll();
        }
    }
}
