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
import org.postern.servicerequests.internal.answers.Asked;
import org.postern.servicerequests.internal.answers.Meaning;
import org.postern.servicerequests.internal.answers.TokenAlerts;

/**
 * Device Alerts about the token of a top-up, noted beside the 2.2 that they are about. Such an alert names neither
 * token nor counter (GBCS 16.2): it is about the one top-up of its addressee for its device that was on its way when
 * the meter says it happened. Where there are two, or none, it is about none.
 */
final class TopUpAlerts {

    /** By as much a meter's clock may be off, and ours (SMETS: ten seconds). */
    private static final Duration CLOCK = Duration.ofSeconds(10);
    /** So long after its sending a top-up without an answer may still reach its meter. */
    private static final Duration UNANSWERED = Duration.ofHours(24);

    private static final Set<RequestState> ENDS =
            Set.of(RequestState.RESPONDED, RequestState.REFUSED, RequestState.CANCELLED, RequestState.REJECTED);
    private static final int MOST = 20;
    /** "Duplicate UTRN entered" (GBCS 16.2). */
    private static final String USED_BEFORE = "8F51";

    private static final Pattern REMARK = Pattern.compile("Device Alert ([0-9A-F]{4}) of (\\S+): .*");

    private final TokenAlerts table = new TokenAlerts();
    private final Ledger ledger;

    TopUpAlerts(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Puts into the alert's entry what it tells of a token; the change notes it beside the top-up. */
    Change noted(Meaning.DeviceAlert alert, Results results) {
        Optional<TokenAlerts.Said> said = table.of(alert.code());
        if (said.isEmpty() || alert.event().isEmpty()) {
            return Change.ofNone();
        }
        results.header("told", said.get().told()).header("advice", said.get().advice());
        Optional<RequestRecord> about =
                said.get().keypad() ? Optional.empty() : about(alert.event().get());
        about.ifPresent(request -> results.header("request", request.id()).header("requestId", request.name()));
        return about.map(request -> Change.of(request.id())
                        .remark(new Asked.TokenAlert(
                                        alert.code(), alert.event().get().time()) + ": "
                                + said.get().told()))
                .orElseGet(Change::ofNone);
    }

    private Optional<RequestRecord> about(Meaning.DeviceAlert.Event event) {
        List<RequestRecord> all = ledger
                .requests(new RequestFilter(
                        Optional.empty(), Optional.of(event.device()), Optional.of(TopUps.SERVICE), MOST))
                .stream()
                .filter(request -> request.requestId()
                        .filter(id -> id.originator().equals(event.user()))
                        .isPresent())
                .filter(request -> onItsWay(request, event.time()))
                .toList();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    private boolean onItsWay(RequestRecord request, Instant time) {
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
     * The alert that is noted beside the request; of several one that says that the token was used before, and else the
     * latest. Empty for none, and for anything but a top-up.
     */
    Optional<Asked.TokenAlert> of(RequestRecord request) {
        if (request.target().service().filter(TopUps.SERVICE::equals).isEmpty()) {
            return Optional.empty();
        }
        return ledger.remarks(request.id()).stream()
                .map(remark -> REMARK.matcher(remark.text()))
                .filter(Matcher::matches)
                .map(match -> new Asked.TokenAlert(match.group(1), Instant.parse(match.group(2))))
                .reduce((earlier, later) -> earlier.code().equals(USED_BEFORE) ? earlier : later);
    }
}
