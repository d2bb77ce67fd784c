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
 * Withdraws requests. A request that has not been sent is ended; a future-dated request that the DCC or a device stores
 * needs a cancelling request.
 */
public final class Withdrawals {

    private static final String TIME = "ExecutionDateTime";

    private final Ledger ledger;
    private final BiPredicate<String, String> cancel;
    private final FutureDatedRequests futureDated;
    private final OwnDocuments documents;
    private final Function<Submission, Admission> admit;

    /**
     * Creates the service.
     *
     * @param cancel withdraws a request without effect at the DCC, given its durable id and who requests it; false if
     *     it is too late
     * @param admit submits a request, with the same rules as a supplier-facing interface
     */
    public Withdrawals(
            Ledger ledger,
            BiPredicate<String, String> cancel,
            FutureDatedRequests futureDated,
            OwnDocuments documents,
            Function<Submission, Admission> admit) {
        this.ledger = ledger;
        this.cancel = cancel;
        this.futureDated = futureDated;
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
        if (request.timing().cancels()) {
            return Withdrawal.tooLate("it is a cancellation itself, and " + request.state());
        }
        if (request.timing().executesAt().isEmpty() || !stored(request)) {
            return Withdrawal.tooLate(
                    why(request) + (request.timing().executesAt().isEmpty() ? " and not future-dated" : ""));
        }
        Optional<RequestRecord> open = futureDated.pendingCancellation(request);
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
                    case SENT, IN_DOUBT -> ": the DCC may have received it, or it is being sent";
                    case TRANSFORM_SENT, CORRELATED, COMMAND_SIGNED ->
                        ": it is being processed, repeat the command;"
                                + " or the ledger was restored since, and it may have progressed";
                    default -> "";
                };
    }

    private boolean stored(RequestRecord request) {
        return request.state() == RequestState.ACCEPTED_BY_DEVICE
                || request.state() == RequestState.PARTIALLY_ACTIONED
                || request.state() == RequestState.ACKNOWLEDGED;
    }

    /**
     * The cancelling request: the same request with the execution time that cancels (DUIS, future dated services). It
     * gets a counter of its own when it is admitted.
     */
    private byte[] cancelling(RequestRecord request) {
        DuisRequest original = documents.of(request.id()).orElseThrow();
        List<DuisElement> children = new ArrayList<>();
        for (DuisElement child : original.body().children()) {
            children.add(child.name().equals(TIME) ? DuisElement.leaf(TIME, CancellationTime.TEXT) : child);
        }
        DuisElement body = new DuisElement(
                original.body().namespace(),
                original.body().name(),
                original.body().attributes(),
                children,
                original.body().text());
        return DuisWriter.write(new DuisRequest(
                        original.schemaVersion(),
                        original.requestId(),
                        original.firstInSequence(),
                        original.precedingRequestId(),
                        original.variant(),
                        original.serviceReference(),
                        original.serviceReferenceVariant(),
                        body))
                .toArray();
    }
}
