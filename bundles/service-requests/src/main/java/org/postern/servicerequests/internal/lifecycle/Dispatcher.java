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
 * Carries a request from ADMITTED to the DCC, step by step. Every step is on disk before the next is begun, so the
 * process may die anywhere: what is found in a state is taken up there. Safe for many threads; a request is stepped by
 * one at a time.
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
        // a queue may hold the same id twice; the second finds the first at work
        if (!inFlight.add(id)) {
            return;
        }
        Optional<InHand> begun = Optional.empty();
        try {
            begun = offers.written()
                    .admitted(id)
                    .map(written -> InHand.of(written, documents))
                    .or(() -> InHand.of(ledger, documents, id));
            Optional<InHand> work = begun;
            while (work.filter(inHand -> inHand.record().state().needsStep() && attempts.due(inHand.record()))
                    .isPresent()) {
                work = advance(work.get());
            }
        } catch (PosternException e) {
            later(id, e.fault());
        } catch (RuntimeException e) {
            LOG.error("{}: step failed", id, e);
            later(
                    id,
                    ServiceRequestFault.STEP_FAILED.fault(
                            "step", "a step ends with a result", e.getClass().getSimpleName(), "see the log"));
        } finally {
            ended(id, begun);
        }
    }

    /**
     * The request is in hand until all that its step has written is on disk. Where not even the next attempt could be
     * noted, it is owed: the timers' next look finds it in the ledger, which is not at once.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what is done at the end throws nothing
    private void ended(String id, Optional<InHand> begun) {
        CompletableFuture<Void> written =
                begun.map(InHand::written).orElseGet(() -> CompletableFuture.completedFuture(null));
        written.whenComplete((nothing, failure) -> {
            inFlight.remove(id);
            offers.done(WorkStep.DISPATCH, id);
            if (failure != null) {
                LOG.warn("{}: not even the retry could be noted: {}", id, failure.toString());
                offers.owe();
            }
        });
    }

    /**
     * Withdraws a request that has certainly had no effect at the DCC; none of its steps begins meanwhile.
     *
     * @param by who wants it so, for people
     * @return false where it is too late, a step of it is at work, or there is no such request
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
            // a step that came meanwhile found it taken
            ledger.find(id)
                    .filter(record -> record.state().needsStep() && attempts.due(record))
                    .ifPresent(record -> offers.offer(WorkStep.DISPATCH, record.lane(), id));
        }
        return cancelled;
    }

    /** The request as it is then, where it may go on at once. */
    private Optional<InHand> advance(InHand work) {
        RequestRecord record = work.record();
        return switch (record.state()) {
            case ADMITTED -> waits(record) ? Optional.empty() : sender.sign(work);
            case CORRELATED -> critical.again(work);
            case SENT -> work.found() ? sendFound(work) : sender.send(work);
            case TRANSFORM_SENT, IN_DOUBT -> endings.givenUp(record) ? Optional.empty() : sender.send(work);
            default -> Optional.empty();
        };
    }

    /**
     * Sends what was found SENT. Where a further attempt is planned, the last one has certainly not reached the DCC;
     * that plan is taken from the ledger before the next is begun. So where none is planned, a sending was begun that
     * has no end on disk, and the DCC may have taken the request.
     */
    private Optional<InHand> sendFound(InHand work) {
        RequestRecord record = work.record();
        Change change = Change.of(record).from(RequestState.SENT);
        if (record.sending().retryAt().isEmpty()) {
            return progress.advance(work, change.to(RequestState.IN_DOUBT, Attempts.BEGUN));
        }
        return endings.givenUp(record)
                ? Optional.empty()
                : progress.advance(work, change.noRetry()).flatMap(sender::send);
    }

    private boolean waits(RequestRecord record) {
        boolean waits = TopUpQueue.waits(ledger, record);
        if (waits) {
            progress.apply(attempts.again(record, "an earlier top-up of the meter is on its way"), record);
        }
        return waits;
    }

    /**
     * Something of ours is not there now (a token, the log, the disk): the request stays where it is. Where its
     * documents are damaged none of its steps begins, so what else is asked before a sending is asked here.
     */
    private void later(String id, Fault fault) {
        LOG.warn("{}: {}", id, fault);
        boolean damaged = fault.kind() == LedgerException.Kind.DOCUMENT_DAMAGED;
        try {
            ledger.find(id)
                    .filter(record -> record.state().needsStep() && !(damaged && endings.givenUpDamaged(record)))
                    .ifPresent(record ->
                            progress.apply(attempts.failed(record, fault.code() + " " + fault.cause()), record));
        } catch (PosternException e) {
            LOG.warn("{}: not even the retry could be noted: {}", id, e.fault());
            offers.owe();
        }
    }
}
