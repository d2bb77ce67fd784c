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
 * Signs a request and sends it to the DCC. The signed bytes are on disk before they are sent, and a retry sends exactly
 * the same bytes. Safe for use by several threads.
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

    /** Signs an admitted request and returns it, ready to be sent. */
    Optional<RequestInProgress> sign(RequestInProgress work) {
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
     * @return the request after the exchange, if the next step can be taken at once
     */
    Optional<RequestInProgress> send(RequestInProgress work) {
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
                unreachable -> planned(record, attempts.retry(record, "DCC unreachable: " + unreachable.reason())));
    }

    private Optional<RequestInProgress> planned(RequestRecord record, Change change) {
        progress.apply(change, record);
        return Optional.empty();
    }
}
