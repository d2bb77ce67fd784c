package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;
import org.postern.servicerequests.internal.reading.ProvenAnswers;

/**
 * Rules for future-dated requests: whether the DCC or the device stores them until their execution time, and what ends
 * them other than their own outcome. A request and its cancellation are related by User, device and service, and by the
 * order of their counters: a device does not accept a command with a lower counter than an earlier one, so a request
 * that it accepted with a lower counter was present when the cancellation arrived. Safe for use by several threads.
 */
public final class FutureDatedRequests {

    /** Maximum number of future-dated requests of one device and service that are considered. */
    private static final int MAX_REQUESTS = 1000;

    /** States that are not final, but in which no further answer to a cancellation is expected. */
    private static final Set<RequestState> NOTHING_EXPECTED =
            EnumSet.of(RequestState.RESPONDED, RequestState.OVERDUE, RequestState.UNKNOWN);

    private final Ledger ledger;
    private final ServiceCatalogue catalogue;
    private final Duration grace;

    /** @param grace how long after its target time an answer counts as overdue */
    public FutureDatedRequests(Ledger ledger, ServiceCatalogue catalogue, Duration grace) {
        this.ledger = ledger;
        this.catalogue = catalogue;
        this.grace = grace;
    }

    /**
     * The effect of a confirmed cancellation.
     *
     * @param changes changes of the requests that it ends, each with its result
     * @param requestIds their RequestIDs
     * @param remark a note for people; empty if there is none
     */
    public record ConfirmedCancellation(List<Change> changes, List<String> requestIds, String remark) {

        static final ConfirmedCancellation NOTHING = new ConfirmedCancellation(List.of(), List.of(), "");
    }

    /** True if the device stores the request and executes it at its execution time. */
    public boolean heldByDevice(RequestRecord request) {
        return request.timing().executesAt().isPresent()
                && heldBy(request) != FutureDating.DSP
                && heldBy(request) != FutureDating.NONE;
    }

    /** True if only the DCC stores such requests: then no device receives their cancellation. */
    public boolean heldByDccOnly(RequestRecord request) {
        return heldBy(request) == FutureDating.DSP;
    }

    /** True if another party signs the command with a counter of its own (6.21, 6.23, 6.24.1). */
    public boolean signedByAnother(RequestRecord request) {
        return request.target()
                .service()
                .flatMap(catalogue::find)
                .filter(ServiceRow::commandedByOther)
                .isPresent();
    }

    private FutureDating heldBy(RequestRecord request) {
        return request.target()
                .service()
                .flatMap(catalogue::find)
                .map(ServiceRow::futureDating)
                .orElse(FutureDating.NONE);
    }

    /** When the outcome of a request with that execution time is overdue. */
    public Instant outcomeDueBy(Instant time) {
        return time.plus(FutureDating.OUTCOME_WITHIN).plus(grace);
    }

    /**
     * When the next answer is overdue after the DCC has acknowledged the request. For a request that is executed at
     * once, or that the device has to accept now and execute later, this is the answer of the device; for a request
     * that the DCC stores, it is the outcome.
     */
    Instant dueAfterAcknowledgement(RequestRecord request, Instant now, int defaultSeconds) {
        int seconds = request.target()
                .service()
                .flatMap(catalogue::find)
                .map(ServiceRow::targetSeconds)
                .orElse(defaultSeconds);
        Instant soon = now.plusSeconds(seconds).plus(grace);
        Optional<Instant> time = request.timing().executesAt();
        if (time.isEmpty()) {
            return soon;
        }
        Instant outcome = outcomeDueBy(time.get());
        return heldBy(request) == FutureDating.DEVICE && soon.isBefore(outcome) ? soon : outcome;
    }

    /**
     * The requests that this cancellation ends after the device, or the DCC that stores them, has confirmed it. A
     * device confirms a cancellation whether or not a request is pending, so a request that became due before the
     * confirmation may have been executed.
     *
     * @param answeredAt when the confirmation was received
     */
    public ConfirmedCancellation confirmed(RequestRecord cancelling, Instant answeredAt) {
        Set<RequestState> pending = switch (heldBy(cancelling)) {
            case DSP -> EnumSet.of(RequestState.ACKNOWLEDGED);
            case DSP_AND_DEVICE ->
                EnumSet.of(RequestState.ACKNOWLEDGED, RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED);
            default -> EnumSet.of(RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED);
        };
        List<Change> changes = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<String> past = new ArrayList<>();
        List<String> meanwhile = new ArrayList<>();
        for (RequestRecord other : sameDeviceAndService(cancelling)) {
            if (other.timing().cancels() || !before(other, cancelling) || !pending.contains(other.state())) {
                continue;
            }
            if (!executesAfter(other, answeredAt)) {
                (executesAfter(other, cancelling.createdAt()) ? meanwhile : past).add(other.name());
                continue;
            }
            ids.add(other.name());
            changes.add(cancelled(other, cancelling, pending));
        }
        List<String> remarks = new ArrayList<>();
        if (!past.isEmpty()) {
            remarks.add("not cancelled, its execution time had passed before: " + String.join(" ", past));
        }
        if (!meanwhile.isEmpty()) {
            remarks.add("not known to be cancelled, its execution time was before the answer to the cancellation: "
                    + String.join(" ", meanwhile));
        }
        if (remarks.isEmpty() && ids.isEmpty()) {
            remarks.add("the ledger has no pending request that it could cancel");
        }
        return new ConfirmedCancellation(changes, ids, String.join("; ", remarks));
    }

    /** True if the execution time of a request is after the given time. */
    private static boolean executesAfter(RequestRecord request, Instant after) {
        return request.timing().executesAt().filter(time -> time.isAfter(after)).isPresent();
    }

    private static Change cancelled(RequestRecord request, RequestRecord by, Set<RequestState> pending) {
        String cause = "cancelled by " + by.name()
                + (request.timing().instructionsDone() == 0
                        ? ""
                        : ", when " + request.timing().instructionsDone() + " of its instructions had an outcome");
        return Change.of(request)
                .from(pending.toArray(RequestState[]::new))
                .noRetry()
                .to(RequestState.CANCELLED, cause)
                .deliver(Results.cancelled(request, by, cause));
    }

    /** A confirmed cancellation of this request that was processed before the request's own acceptance. */
    public Optional<RequestRecord> cancellationOf(RequestRecord request) {
        return sameDeviceAndService(request).stream()
                .filter(other -> other.timing().cancels()
                        && before(request, other)
                        && other.progress().success().orElse(false)
                        && (other.state() == RequestState.RESPONDED || other.state() == RequestState.DELIVERED)
                        && executesAfter(request, answeredAt(other))
                        && !ProvenAnswers.unauthenticated(ledger, other.id()))
                .findFirst();
    }

    private Instant answeredAt(RequestRecord cancelling) {
        return ledger.path(cancelling.id()).stream()
                .filter(step -> step.to() == RequestState.RESPONDED)
                .map(Transition::at)
                .findFirst()
                .orElse(cancelling.updatedAt());
    }

    /** Ends an accepted request whose cancellation was confirmed before its acceptance was processed. */
    public Change cancelledBeforeAcceptance(RequestRecord request, RequestRecord by) {
        return cancelled(request, by, EnumSet.of(RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED));
    }

    /**
     * Notices for pending requests of a service of which the device has now accepted a later request. A device stores
     * one pending value and one activation date for each object, so the earlier request will probably not have an
     * outcome. GBCS states this only for DLMS, so the earlier request is not ended; only a notice is delivered.
     */
    public List<Change> superseded(RequestRecord accepted) {
        List<Change> notices = new ArrayList<>();
        for (RequestRecord other : sameDeviceAndService(accepted)) {
            boolean pending = other.state() == RequestState.ACCEPTED_BY_DEVICE
                    || other.state() == RequestState.PARTIALLY_ACTIONED;
            if (pending && !other.timing().cancels() && !other.id().equals(accepted.id())) {
                boolean earlier = before(other, accepted);
                notices.add(notice(earlier ? other : accepted, earlier ? accepted : other));
            }
        }
        return notices;
    }

    private static Change notice(RequestRecord earlier, RequestRecord later) {
        String text = "the device has accepted a later request of the same service, " + later.name()
                + ", which may have replaced it";
        return Change.of(earlier).remark(text).deliver(Results.superseded(earlier, later, text));
    }

    /** A pending cancellation with a higher counter of the same User, device and service. */
    public Optional<RequestRecord> pendingCancellation(RequestRecord request) {
        return sameDeviceAndService(request).stream()
                .filter(other -> other.timing().cancels()
                        && before(request, other)
                        && !other.state().isEnd()
                        && !NOTHING_EXPECTED.contains(other.state()))
                .findFirst();
    }

    private List<RequestRecord> sameDeviceAndService(RequestRecord request) {
        if (request.target().device().isEmpty()
                || request.target().service().isEmpty()
                || request.requestId().isEmpty()) {
            return List.of();
        }
        RequestId id = request.requestId().orElseThrow();
        return ledger
                .futureDated(
                        request.target().device().get(),
                        request.target().service().get(),
                        MAX_REQUESTS)
                .stream()
                .filter(other -> other.requestId()
                        .map(RequestId::originator)
                        .filter(id.originator()::equals)
                        .isPresent())
                .toList();
    }

    private static boolean before(RequestRecord first, RequestRecord second) {
        return Long.compareUnsigned(counter(first), counter(second)) < 0;
    }

    private static long counter(RequestRecord request) {
        return request.requestId().orElseThrow().counter();
    }
}
