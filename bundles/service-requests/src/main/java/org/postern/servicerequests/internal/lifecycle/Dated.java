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
 * Future-dated requests, who keeps them, and what ends them other than their own outcome. A request and its
 * cancellation belong together by User, device and service, and in the order of their counters: a device takes no
 * command whose counter went backwards, so what it accepted under the lower counter was there when the cancellation
 * came. Safe for many threads.
 */
public final class Dated {

    /** No device has more dated requests of one service in its ledger that matter. */
    private static final int MOST = 1000;

    /** No ends, but of which nothing more is awaited here. */
    private static final Set<RequestState> TOLD =
            EnumSet.of(RequestState.RESPONDED, RequestState.OVERDUE, RequestState.UNKNOWN);

    private final Ledger ledger;
    private final ServiceCatalogue catalogue;
    private final Duration grace;

    /** @param grace how long after its target time an answer counts as overdue */
    public Dated(Ledger ledger, ServiceCatalogue catalogue, Duration grace) {
        this.ledger = ledger;
        this.catalogue = catalogue;
        this.grace = grace;
    }

    /**
     * What a confirmed cancellation ends.
     *
     * @param changes of the requests that it ends, each with its result
     * @param requestIds their RequestIDs
     * @param remark what a person should know; empty for nothing
     */
    public record Confirmed(List<Change> changes, List<String> requestIds, String remark) {

        static final Confirmed NOTHING = new Confirmed(List.of(), List.of(), "");
    }

    /** True where a device carries out that request at its time. */
    public boolean onDevice(RequestRecord request) {
        return request.dating().datedFor().isPresent()
                && keeper(request) != FutureDating.DSP
                && keeper(request) != FutureDating.NONE;
    }

    /** True where the DCC alone keeps such requests: no device ever hears of their cancellation. */
    public boolean onlyAtTheDcc(RequestRecord request) {
        return keeper(request) == FutureDating.DSP;
    }

    /** True where the command is another party's, under a counter of its own (6.21, 6.23, 6.24.1). */
    public boolean signedByAnother(RequestRecord request) {
        return request.target()
                .service()
                .flatMap(catalogue::find)
                .filter(ServiceRow::commandedByOther)
                .isPresent();
    }

    private FutureDating keeper(RequestRecord request) {
        return request.target()
                .service()
                .flatMap(catalogue::find)
                .map(ServiceRow::futureDating)
                .orElse(FutureDating.NONE);
    }

    /** When the outcome of a request of that time is overdue. */
    public Instant outcomeBy(Instant time) {
        return time.plus(FutureDating.OUTCOME_WITHIN).plus(grace);
    }

    /**
     * When the next answer is overdue, once the DCC has taken the request: that of the device to what is carried out at
     * once, and also to what it is to accept now and carry out later; for what the DCC keeps, only the outcome.
     */
    Instant dueAfterAcknowledgement(RequestRecord request, Instant now, int defaultSeconds) {
        int seconds = request.target()
                .service()
                .flatMap(catalogue::find)
                .map(ServiceRow::targetSeconds)
                .orElse(defaultSeconds);
        Instant soon = now.plusSeconds(seconds).plus(grace);
        Optional<Instant> time = request.dating().datedFor();
        if (time.isEmpty()) {
            return soon;
        }
        Instant outcome = outcomeBy(time.get());
        return keeper(request) == FutureDating.DEVICE && soon.isBefore(outcome) ? soon : outcome;
    }

    /**
     * The requests that this cancellation ends, now that the device, or the DCC that keeps them, has confirmed it. A
     * device confirms whether or not anything is pending: what fell due before it answered may have been carried out.
     *
     * @param answeredAt when the confirmation came
     */
    public Confirmed confirmed(RequestRecord cancelling, Instant answeredAt) {
        Set<RequestState> pending = switch (keeper(cancelling)) {
            case DSP -> EnumSet.of(RequestState.ACKNOWLEDGED);
            case DSP_AND_DEVICE ->
                EnumSet.of(RequestState.ACKNOWLEDGED, RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED);
            default -> EnumSet.of(RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED);
        };
        List<Change> changes = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<String> past = new ArrayList<>();
        List<String> meanwhile = new ArrayList<>();
        for (RequestRecord other : family(cancelling)) {
            if (other.dating().cancels() || !before(other, cancelling) || !pending.contains(other.state())) {
                continue;
            }
            if (!falls(other, answeredAt)) {
                (falls(other, cancelling.createdAt()) ? meanwhile : past).add(other.name());
                continue;
            }
            ids.add(other.name());
            changes.add(cancelled(other, cancelling, pending));
        }
        List<String> remarks = new ArrayList<>();
        if (!past.isEmpty()) {
            remarks.add("not cancelled, its time had come before: " + String.join(" ", past));
        }
        if (!meanwhile.isEmpty()) {
            remarks.add("not known to be cancelled, its time came before the answer to the cancellation: "
                    + String.join(" ", meanwhile));
        }
        if (remarks.isEmpty() && ids.isEmpty()) {
            remarks.add("no pending request is known here that it could cancel");
        }
        return new Confirmed(changes, ids, String.join("; ", remarks));
    }

    /** True where a request is dated for later than that. */
    private static boolean falls(RequestRecord request, Instant after) {
        return request.dating().datedFor().filter(time -> time.isAfter(after)).isPresent();
    }

    private static Change cancelled(RequestRecord request, RequestRecord by, Set<RequestState> pending) {
        String cause = "cancelled by " + by.name()
                + (request.dating().instructionsDone() == 0
                        ? ""
                        : ", when " + request.dating().instructionsDone() + " of its instructions had an outcome");
        return Change.of(request)
                .from(pending.toArray(RequestState[]::new))
                .noRetry()
                .to(RequestState.CANCELLED, cause)
                .deliver(Results.cancelled(request, by, cause));
    }

    /** A confirmed cancellation that came after this request, where its own acceptance was overtaken. */
    public Optional<RequestRecord> cancellationOf(RequestRecord request) {
        return family(request).stream()
                .filter(other -> other.dating().cancels()
                        && before(request, other)
                        && other.progress().success().orElse(false)
                        && (other.state() == RequestState.RESPONDED || other.state() == RequestState.DELIVERED)
                        && falls(request, answeredAt(other))
                        && !ProvenAnswers.doubted(ledger, other.id()))
                .findFirst();
    }

    private Instant answeredAt(RequestRecord cancelling) {
        return ledger.path(cancelling.id()).stream()
                .filter(step -> step.to() == RequestState.RESPONDED)
                .map(Transition::at)
                .findFirst()
                .orElse(cancelling.updatedAt());
    }

    /** Ends an accepted request for the cancellation that overtook it. */
    public Change overtaken(RequestRecord request, RequestRecord by) {
        return cancelled(request, by, EnumSet.of(RequestState.ACCEPTED_BY_DEVICE, RequestState.PARTIALLY_ACTIONED));
    }

    /**
     * Notices for pending requests of the same service that the device has now accepted a later one of. A device keeps
     * one pending value and one activation date for each object, so the earlier one will hardly come to an outcome of
     * its own; GBCS says so of DLMS alone, so it is told and not ended.
     */
    public List<Change> superseded(RequestRecord accepted) {
        List<Change> notices = new ArrayList<>();
        for (RequestRecord other : family(accepted)) {
            boolean pending = other.state() == RequestState.ACCEPTED_BY_DEVICE
                    || other.state() == RequestState.PARTIALLY_ACTIONED;
            if (pending && !other.dating().cancels() && !other.id().equals(accepted.id())) {
                boolean earlier = before(other, accepted);
                notices.add(notice(earlier ? other : accepted, earlier ? accepted : other));
            }
        }
        return notices;
    }

    private static Change notice(RequestRecord earlier, RequestRecord later) {
        String text = "the device has accepted a later one of the same service, " + later.name()
                + ", which may have taken its place";
        return Change.of(earlier).remark(text).deliver(Results.superseded(earlier, later, text));
    }

    /** The later pending one of the same User, device and service; cancellations are none. */
    public Optional<RequestRecord> openCancellation(RequestRecord request) {
        return family(request).stream()
                .filter(other -> other.dating().cancels()
                        && before(request, other)
                        && !other.state().isEnd()
                        && !TOLD.contains(other.state()))
                .findFirst();
    }

    private List<RequestRecord> family(RequestRecord request) {
        if (request.target().device().isEmpty()
                || request.target().service().isEmpty()
                || request.requestId().isEmpty()) {
            return List.of();
        }
        RequestId id = request.requestId().orElseThrow();
        return ledger
                .dated(
                        request.target().device().get(),
                        request.target().service().get(),
                        MOST)
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
