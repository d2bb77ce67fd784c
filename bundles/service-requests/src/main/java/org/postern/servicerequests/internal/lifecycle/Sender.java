package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisRequest;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Metrics;

/**
 * Signs a request and hands it to the DCC. The signed bytes are on disk before they are sent, and are sent again
 * exactly as they were. Safe for many threads.
 */
public final class Sender {

    private final OwnKeys keys;
    private final DccGateway gateway;
    private final ExchangedAnswers answers;
    private final Progress progress;
    private final Attempts attempts;
    private final Metrics metrics;
    private final LongSupplier nanos;

    /** @param nanos a monotonic clock in nanoseconds */
    public Sender(
            OwnKeys keys,
            DccGateway gateway,
            ExchangedAnswers answers,
            Progress progress,
            Attempts attempts,
            Metrics metrics,
            LongSupplier nanos) {
        this.keys = keys;
        this.gateway = gateway;
        this.answers = answers;
        this.progress = progress;
        this.attempts = attempts;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /** The admitted request with its signed document, ready to be sent. */
    Optional<InHand> sign(InHand work) {
        DuisRequest request = work.request();
        byte[] wire = keys.sign(request);
        ServiceEndpoint endpoint = request.variant().endpoint();
        RequestState next = endpoint == ServiceEndpoint.TRANSFORM ? RequestState.TRANSFORM_SENT : RequestState.SENT;
        return progress.advance(
                work,
                Change.of(work.record())
                        .from(RequestState.ADMITTED)
                        .wire(endpoint, wire)
                        .to(next, "handed to " + endpoint.path(), Sha256.hex(wire)));
    }

    /**
     * Sends the signed document.
     *
     * @return the request as it is then, where it may go on at once
     */
    Optional<InHand> send(InHand work) {
        RequestRecord record = work.record();
        ServiceEndpoint endpoint = record.sending().endpoint().orElseThrow();
        long begun = nanos.getAsLong();
        Exchange exchange =
                gateway.post(record.lane(), endpoint, work.documents().wire().orElseThrow());
        metrics.time("postern_exchange_" + endpoint.path(), nanos.getAsLong() - begun);
        return exchange.fold(
                answered -> answers.document(work, answered.document()),
                refused -> {
                    answers.status(record, refused);
                    return Optional.empty();
                },
                inDoubt -> planned(record, attempts.inDoubt(record, inDoubt.reason())),
                unreachable -> planned(record, attempts.again(record, "DCC unreachable: " + unreachable.reason())));
    }

    private Optional<InHand> planned(RequestRecord record, Change change) {
        progress.apply(change, record);
        return Optional.empty();
    }
}
