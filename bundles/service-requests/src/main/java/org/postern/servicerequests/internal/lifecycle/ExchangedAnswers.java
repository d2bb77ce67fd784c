package org.postern.servicerequests.internal.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisException;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.internal.answers.Identities;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.keys.DccDocuments;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes the DCC's reply in the HTTP exchange of a request. A document that is proven to be the answer is processed
 * like one of Receive Response; a Pre-Command is correlated. Any other reply does not show the outcome of the request:
 * it is stored, and the identical bytes are sent again a limited number of times. Safe for use by several threads.
 */
public final class ExchangedAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangedAnswers.class);
    /** Maximum number of bytes of an unproven reply that are stored. */
    private static final int MAX_STORED = 64 * 1024;
    /** Maximum number of bytes of it in a result, and of characters of it in a cause. */
    private static final int MAX_SHOWN_BYTES = 4000;

    private static final int MAX_CAUSE_LENGTH = 200;

    private final Ledger ledger;
    private final DccDocuments documents;
    private final DuisReader reader;
    private final Settlement settlement;
    private final CriticalPath critical;
    private final Progress progress;
    private final Attempts attempts;
    private final TrustedClock clock;

    /**
     * @param documents reads documents that are proven to be from the DCC
     * @param reader reads unproven documents, for display
     * @param clock is compared with the times in the DCC's documents
     */
    public ExchangedAnswers(
            Ledger ledger,
            DccDocuments documents,
            DuisReader reader,
            Settlement settlement,
            CriticalPath critical,
            Progress progress,
            Attempts attempts,
            TrustedClock clock) {
        this.ledger = ledger;
        this.documents = documents;
        this.reader = reader;
        this.settlement = settlement;
        this.critical = critical;
        this.progress = progress;
        this.attempts = attempts;
        this.clock = clock;
    }

    /**
     * Processes a document. One whose signer is not on record causes a retry, because the certificate may still be
     * added.
     *
     * @return the request after the step, if the next step can be taken at once
     */
    Optional<RequestInProgress> document(RequestInProgress work, byte[] document) {
        RequestRecord record = work.record();
        DccDocuments.Proven proven;
        try {
            proven = documents.read(document, "DCC", "internal", record.name());
        } catch (DccSigners.WrongSigner | DuisException e) {
            if (e.fault().mayPass()) {
                throw e;
            }
            untrusted(record, e.fault().code() + " " + e.fault().cause(), document);
            return Optional.empty();
        }
        DuisResponse response = proven.response();
        boolean mayHaveBeenReceived = Attempts.mayHaveBeenReceived(ledger, record);
        if (!work.fromLedger() && record.sending().attempts() == 0 && !mayHaveBeenReceived) {
            clock.answered(response.responseDateTime());
        } else {
            // this may be the answer to an earlier transmission, which may have been made before a restart
            clock.observed(response.responseDateTime());
        }
        InboundDocument exchanged =
                inbound(record, InboundIdentity.exchanged(record.id(), proven.content()), proven, document);
        if (Interpreter.contradicts(response) || !Interpreter.answers(response).equals(record.requestId())) {
            noAnswer(record, "the answer belongs to another request", response.responseCode(), exchanged);
            return Optional.empty();
        }
        InboundDocument later = inbound(record, Identities.of(response, proven.content()), proven, document);
        SettlementResult settled = settlement.exchanged(
                record, response, exchanged, later, attempts.maySendAgain(record), mayHaveBeenReceived);
        if (settled instanceof SettlementResult.Correlate correlate) {
            return critical.received(work, correlate.preCommand().toArray(), exchanged);
        }
        if (settled instanceof SettlementResult.Writing writing) {
            work.addWrite(writing.write().exceptionallyCompose(failure -> notWritten(record, failure)));
        } else if (settled instanceof SettlementResult.SendAgain again) {
            progress.apply(
                    attempts.retry(record, again.cause())
                            .inconclusive(Attempts.inconclusive(record))
                            .exchanged(exchanged)
                            .responseCode(response.responseCode()),
                    record);
        } else if (settled instanceof SettlementResult.NoAnswer none) {
            noAnswer(record, none.cause(), response.responseCode(), exchanged);
        }
        return Optional.empty();
    }

    /**
     * Handles an answer whose write failed or is uncertain: the attempt counts as IN_DOUBT and the next one is delayed,
     * so that the DCC does not receive the same request continuously while a disk is full. If the answer is on disk
     * after all, the change does not apply. Runs on the ledger's thread and must not block.
     */
    private CompletableFuture<Boolean> notWritten(RequestRecord record, Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String cause = why instanceof PosternException typed
                ? typed.fault().code() + " " + typed.fault().cause()
                : why.getClass().getSimpleName();
        LOG.warn("{}: the DCC's answer may not be on disk: {}", record.id(), cause);
        return progress.applyAsync(attempts.failed(record, cause), record);
    }

    private InboundDocument inbound(
            RequestRecord record, InboundIdentity identity, DccDocuments.Proven proven, byte[] document) {
        return new InboundDocument(
                identity,
                record.requestId(),
                proven.response().kind(),
                proven.response().responseCode(),
                document,
                clock.instant(),
                proven.signer(),
                proven.content(),
                "");
    }

    /**
     * Processes an HTTP error status. A status is not signed: if the DCC may have accepted the request before, it does
     * not count as a refusal.
     */
    void status(RequestRecord record, Exchange.Refused refused) {
        String cause = "the DCC answered HTTP " + refused.status();
        if (refused.mayHaveBeenTaken()) {
            progress.apply(attempts.inDoubt(record, cause), record);
            return;
        }
        if (refused.worthRepeating()) {
            progress.apply(attempts.retry(record, refused.retryAfter().orElse(Duration.ZERO), cause), record);
            return;
        }
        String body = refused.body();
        InboundDocument unproven =
                unproven(record, "HTTP " + refused.status(), "", body.getBytes(StandardCharsets.UTF_8));
        if (Attempts.mayHaveBeenReceived(ledger, record)) {
            noAnswer(record, cause, "", unproven);
            return;
        }
        progress.apply(
                Change.of(record)
                        .from(record.state())
                        .noRetry()
                        .exchanged(unproven)
                        .deliver(Results.unproven(record, Outcome.REFUSED, cause, "", false, body))
                        .to(RequestState.REFUSED, body.isEmpty() ? cause : cause + ": " + line(body)),
                record);
    }

    /** Processes a document that is not proven; the response code that it contains is shown as unproven. */
    private void untrusted(RequestRecord record, String cause, byte[] document) {
        String kind = "Untrusted";
        String claimed = "";
        try {
            DuisResponse response = reader.readKnown(document);
            kind = "Untrusted " + response.kind();
            claimed = response.responseCode();
        } catch (PosternException e) {
            // it cannot be read, so no code is shown
        }
        noAnswer(
                record,
                cause + (claimed.isEmpty() ? "" : "; it contains code " + claimed),
                claimed,
                unproven(record, kind, claimed, document));
    }

    /**
     * Handles a reply that does not count as an answer: the request becomes IN_DOUBT and the identical bytes are sent
     * again. After the maximum number of attempts a result is delivered: a Transform, which has no effect, ends without
     * a signature; any other request, and one that may have been signed and sent before the ledger was restored,
     * becomes UNKNOWN until a proven answer arrives.
     */
    private void noAnswer(RequestRecord record, String cause, String claimed, InboundDocument reply) {
        if (attempts.maySendAgain(record)) {
            progress.apply(
                    attempts.inDoubt(record, cause)
                            .inconclusive(Attempts.inconclusive(record))
                            .exchanged(reply),
                    record);
            return;
        }
        boolean transform =
                record.state() == RequestState.TRANSFORM_SENT && !Attempts.mayHaveBeenReceived(ledger, record);
        String result = transform
                ? "no Pre-Command that can be trusted: " + cause
                : "unproven: no answer that can be trusted: " + cause;
        progress.apply(
                Change.of(record)
                        .from(record.state())
                        .noRetry()
                        .exchanged(reply)
                        .deliver(Results.unproven(
                                record,
                                transform ? Outcome.NOT_CORRELATED : Outcome.UNPROVEN,
                                result,
                                claimed,
                                !reply.signer().equals(InboundDocument.NOT_PROVEN),
                                new String(
                                        reply.body(),
                                        0,
                                        Math.min(reply.body().length, MAX_SHOWN_BYTES),
                                        StandardCharsets.UTF_8)))
                        .to(transform ? RequestState.NOT_CORRELATED : RequestState.UNKNOWN, result),
                record);
    }

    /** A reply that is not proven to be from the DCC, to be stored for inspection. */
    private InboundDocument unproven(RequestRecord record, String kind, String code, byte[] bytes) {
        byte[] kept = bytes.length <= MAX_STORED ? bytes : Arrays.copyOf(bytes, MAX_STORED);
        String digest = Sha256.hex(kept);
        return new InboundDocument(
                InboundIdentity.exchanged(record.id(), digest),
                record.requestId(),
                kind,
                code,
                kept,
                clock.instant(),
                InboundDocument.NOT_PROVEN,
                digest,
                "not proven to be the DCC's");
    }

    /** The start of a text, in one line. */
    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_CAUSE_LENGTH ? line : line.substring(0, MAX_CAUSE_LENGTH) + "...";
    }
}
