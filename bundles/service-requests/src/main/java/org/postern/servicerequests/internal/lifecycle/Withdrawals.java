package org.postern.servicerequests.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.postern.catalogue.CancellationTime;
import org.postern.catalogue.Channel;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.Withdrawal;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/**
 * Takes a request back: what is unsent ends here, what the DCC or a device keeps for its time needs a request of its
 * own to cancel it.
 */
public final class Withdrawals {

    private static final String TIME = "ExecutionDateTime";

    private final Ledger ledger;
    private final BiPredicate<String, String> cancel;
    private final Dated dated;
    private final OwnDocuments documents;
    private final Function<Submission, Admission> admit;

    /**
     * Over the ledger.
     *
     * @param cancel withdraws what has had no effect at the DCC: durable id, and who wants it so; false where it is too
     *     late
     * @param admit hands a request in, by the rules of every door
     */
    public Withdrawals(
            Ledger ledger,
            BiPredicate<String, String> cancel,
            Dated dated,
            OwnDocuments documents,
            Function<Submission, Admission> admit) {
        this.ledger = ledger;
        this.cancel = cancel;
        this.dated = dated;
        this.documents = documents;
        this.admit = admit;
    }

    /** See {@link org.postern.servicerequests.ServiceRequests#withdraw}. */
    public Withdrawal withdraw(String id, String by) {
        if (cancel.test(id, by)) {
            return Withdrawal.withdrawn();
        }
        Optional<RequestRecord> found = ledger.find(id);
        if (found.isEmpty()) {
            return Withdrawal.tooLate("no such request");
        }
        RequestRecord request = found.get();
        if (request.dating().cancels()) {
            return Withdrawal.tooLate("it is a cancellation itself, and " + request.state());
        }
        if (request.dating().datedFor().isEmpty() || !kept(request)) {
            return Withdrawal.tooLate(
                    why(request) + (request.dating().datedFor().isEmpty() ? " and not future-dated" : ""));
        }
        Optional<RequestRecord> open = dated.openCancellation(request);
        if (open.isPresent()) {
            return Withdrawal.cancelling(new Admission.Accepted(
                    open.get().id(),
                    open.get().requestId().map(RequestId::toString).orElse(""),
                    true));
        }
        return Withdrawal.cancelling(admit.apply(new Submission(
                Channel.CONSOLE,
                Submission.Format.XML,
                cancelling(request),
                request.origin().replyTo(),
                Optional.empty(),
                Optional.of(request.lane()),
                by)));
    }

    private static String why(RequestRecord request) {
        return "it is " + request.state()
                + switch (request.state()) {
                    case SENT, IN_DOUBT -> ": the DCC may have it, or a sending is under way";
                    case TRANSFORM_SENT, CORRELATED, COMMAND_SIGNED ->
                        ": a step of it is at work, give the command again;"
                                + " or the ledger was restored since, and it may have gone on";
                    default -> "";
                };
    }

    private boolean kept(RequestRecord request) {
        return request.state() == RequestState.ACCEPTED_BY_DEVICE
                || request.state() == RequestState.PARTIALLY_ACTIONED
                || request.state() == RequestState.ACKNOWLEDGED;
    }

    /**
     * The same request, dated never (DUIS, future dated services); it gets a counter of its own when it is admitted.
     */
    private byte[] cancelling(RequestRecord request) {
        DuisRequest asked = documents.of(request.id()).orElseThrow();
        List<DuisElement> children = new ArrayList<>();
        for (DuisElement child : asked.body().children()) {
            children.add(child.name().equals(TIME) ? DuisElement.leaf(TIME, CancellationTime.TEXT) : child);
        }
        DuisElement body = new DuisElement(
                asked.body().namespace(),
                asked.body().name(),
                asked.body().attributes(),
                children,
                asked.body().text());
        return DuisWriter.write(new DuisRequest(
                        asked.schemaVersion(),
                        asked.requestId(),
                        asked.firstInSequence(),
                        asked.precedingRequestId(),
                        asked.variant(),
                        asked.serviceReference(),
                        asked.serviceReferenceVariant(),
                        body))
                .toArray();
    }
}
