package org.postern.servicerequests.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.internal.answers.Meaning;
import org.postern.servicerequests.internal.answers.RequestContext;
import org.postern.servicerequests.internal.answers.TokenAlerts;

/**
 * Assigns Device Alerts about top-up tokens to requests of service 2.2. Such an alert names neither token nor counter
 * (GBCS 16.2): it is assigned to the only top-up of its addressee for its device that was in progress at the time of
 * the event reported by the meter. If there are several or none, it is not assigned.
 */
final class TopUpAlerts {

    /** Tolerance for the clocks of the meter and of this system (SMETS: ten seconds). */
    private static final Duration CLOCK = Duration.ofSeconds(10);
    /** How long after it was sent an unanswered top-up may still reach its meter. */
    private static final Duration UNANSWERED = Duration.ofHours(24);

    private static final Set<RequestState> ENDS =
            Set.of(RequestState.RESPONDED, RequestState.REFUSED, RequestState.CANCELLED, RequestState.REJECTED);
    private static final int MAX_REQUESTS = 20;
    /** "Duplicate UTRN entered" (GBCS 16.2). */
    private static final String USED_BEFORE = "8F51";

    private static final Pattern REMARK = Pattern.compile("Device Alert ([0-9A-F]{4}) of (\\S+): .*");

    private final TokenAlerts table = new TokenAlerts();
    private final Ledger ledger;

    TopUpAlerts(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Adds what the alert states about a token to its result, and returns the change that adds a remark to the top-up.
     */
    Change noted(Meaning.DeviceAlert alert, Results results) {
        Optional<TokenAlerts.Description> description = table.of(alert.code());
        if (description.isEmpty() || alert.event().isEmpty()) {
            return Change.ofNone();
        }
        results.header("told", description.get().told())
                .header("advice", description.get().advice());
        Optional<RequestRecord> about = description.get().keypad()
                ? Optional.empty()
                : about(alert.event().get());
        about.ifPresent(request -> results.header("request", request.id()).header("requestId", request.name()));
        return about.map(request -> Change.of(request.id())
                        .remark(new RequestContext.TokenAlert(
                                        alert.code(), alert.event().get().time()) + ": "
                                + description.get().told()))
                .orElseGet(Change::ofNone);
    }

    private Optional<RequestRecord> about(Meaning.DeviceAlert.Event event) {
        List<RequestRecord> all = ledger
                .requests(new RequestFilter(
                        Optional.empty(), Optional.of(event.device()), Optional.of(TopUps.SERVICE), MAX_REQUESTS))
                .stream()
                .filter(request -> request.requestId()
                        .filter(id -> id.originator().equals(event.user()))
                        .isPresent())
                .filter(request -> inProgressAt(request, event.time()))
                .toList();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    private boolean inProgressAt(RequestRecord request, Instant time) {
        List<Transition> path = ledger.path(request.id());
        Optional<Instant> sent = path.stream()
                .filter(step -> step.to() == RequestState.SENT)
                .map(Transition::at)
                .findFirst();
        Optional<Instant> end = path.stream()
                .filter(step -> ENDS.contains(step.to()))
                .map(Transition::at)
                .findFirst();
        return sent.isPresent()
                && !time.isBefore(sent.get().minus(CLOCK))
                && !time.isAfter(
                        end.orElseGet(() -> sent.get().plus(UNANSWERED)).plus(CLOCK));
    }

    /**
     * The alert that was assigned to the request; if there are several, one that reports that the token was used
     * before, otherwise the latest. Empty if there is none, and for any request other than a top-up.
     */
    Optional<RequestContext.TokenAlert> of(RequestRecord request) {
        if (request.target().service().filter(TopUps.SERVICE::equals).isEmpty()) {
            return Optional.empty();
        }
        return ledger.remarks(request.id()).stream()
                .map(remark -> REMARK.matcher(remark.text()))
                .filter(Matcher::matches)
                .map(match -> new RequestContext.TokenAlert(match.group(1), Instant.parse(match.group(2))))
                .reduce((earlier, later) -> earlier.code().equals(USED_BEFORE) ? earlier : later);
    }
}
