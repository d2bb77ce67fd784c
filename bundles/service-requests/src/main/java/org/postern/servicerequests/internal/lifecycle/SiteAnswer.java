package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Outcome;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Meaning;

/**
 * The answer of a device to a command that was delivered locally, returned through service 8.13, and its effect on the
 * request of that command.
 *
 * @param returning the request of service 8.13
 * @param request the request that is answered
 * @param interpretation the interpretation of the answer
 */
record SiteAnswer(
        RequestRecord returning,
        RequestRecord request,
        ParsedMessage parsed,
        byte[] answer,
        Interpretation interpretation,
        NotAuthenticLog notAuthentic) {

    /** Reports a message that is not authentic to the security log. */
    interface NotAuthenticLog {
        void report(String signer, String about, Optional<ParsedMessage> parsed, String reason);
    }

    Change change() {
        String unproven = interpretation.meaning() instanceof Meaning.Unproven meaning ? meaning.reason() : "";
        if (!unproven.isEmpty()) {
            notAuthentic.report("site", request.name(), Optional.of(parsed), unproven);
        }
        boolean success = unproven.isEmpty()
                && (!(interpretation.meaning() instanceof Meaning.Device device) || device.success());
        Optional<Meaning.AlreadyCredited> credited = Optional.of(interpretation.meaning())
                .filter(Meaning.AlreadyCredited.class::isInstance)
                .map(Meaning.AlreadyCredited.class::cast);
        Outcome outcome = !unproven.isEmpty()
                ? Outcome.UNPROVEN
                : credited.isPresent() ? Outcome.ALREADY_CREDITED : success ? Outcome.SUCCESS : Outcome.FAILED;
        Results results = Results.of(request, outcome);
        credited.ifPresent(results::alreadyCredited);
        if (outcome == Outcome.FAILED) {
            results.header("advice", Results.adviceOnFailure(request));
        }
        String flag = unproven.isEmpty() ? interpretation.flag() : unproven;
        String cause = "answer to the local delivery returned by " + returning.name();
        boolean unresolved = request.state() == RequestState.OVERDUE || request.state() == RequestState.UNKNOWN;
        // a request that was reported as unknown or overdue waits for a proven answer
        Change change = unresolved && !unproven.isEmpty()
                ? Change.of(request).remark(cause + " not counted: " + unproven)
                : Change.of(request)
                        .from(
                                RequestState.HANDED_OUT,
                                RequestState.ACKNOWLEDGED,
                                RequestState.OVERDUE,
                                RequestState.UNKNOWN)
                        .to(RequestState.RESPONDED, cause)
                        .noRetry()
                        .success(success);
        return change.deliver(results.header("flag", flag)
                .header("returnedBy", returning.name())
                .gbcs(returning.id() + ".returned", parsed, answer));
    }
}
