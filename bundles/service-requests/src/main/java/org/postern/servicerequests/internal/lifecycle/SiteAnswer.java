package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Outcome;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.answers.Judgement;
import org.postern.servicerequests.internal.answers.Meaning;

/**
 * The answer that a device gave on site, brought back by an 8.13: what it makes of the request whose command was
 * delivered there.
 *
 * @param returning the 8.13
 * @param request the request that is answered
 * @param judgement what the answer means
 */
record SiteAnswer(
        RequestRecord returning,
        RequestRecord request,
        ParsedMessage parsed,
        byte[] answer,
        Judgement judgement,
        Distrust distrust) {

    /** Tells the security log. */
    interface Distrust {
        void of(String signer, String about, Optional<ParsedMessage> parsed, String reason);
    }

    Change change() {
        String unproven = judgement.meaning() instanceof Meaning.Unproven meaning ? meaning.reason() : "";
        if (!unproven.isEmpty()) {
            distrust.of("site", request.name(), Optional.of(parsed), unproven);
        }
        boolean success =
                unproven.isEmpty() && (!(judgement.meaning() instanceof Meaning.Device device) || device.success());
        Optional<Meaning.AlreadyCredited> had = Optional.of(judgement.meaning())
                .filter(Meaning.AlreadyCredited.class::isInstance)
                .map(Meaning.AlreadyCredited.class::cast);
        Outcome outcome = !unproven.isEmpty()
                ? Outcome.UNPROVEN
                : had.isPresent() ? Outcome.ALREADY_CREDITED : success ? Outcome.SUCCESS : Outcome.FAILED;
        Results results = Results.of(request, outcome);
        had.ifPresent(results::alreadyCredited);
        if (outcome == Outcome.FAILED) {
            results.header("advice", Results.adviceOnFailure(request));
        }
        String flag = unproven.isEmpty() ? judgement.flag() : unproven;
        String cause = "answer returned from the site by " + returning.name();
        boolean told = request.state() == RequestState.OVERDUE || request.state() == RequestState.UNKNOWN;
        // what is told to be unknown or overdue waits for a proven answer
        Change change = told && !unproven.isEmpty()
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
