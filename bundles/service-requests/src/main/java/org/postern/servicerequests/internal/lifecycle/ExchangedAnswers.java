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
 * What the DCC answers in the exchange of a request. A document that is proven to be its answer is settled as one of
 * Receive Response is; a Pre-Command is correlated. Anything else says nothing of the request: it is kept, and the
 * identical bytes are sent again, a few times. Safe for many threads.
 */
public final class ExchangedAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(ExchangedAnswers.class);
    /** Bytes of what is not proven that are kept. */
    private static final int MOST_KEPT = 64 * 1024;
    /** Bytes of it that a result tells, and characters of it in a cause. */
    private static final int MOST_SAID = 4000;

    private static final int LONGEST_SAID = 200;

    private final Ledger ledger;
    private final DccDocuments documents;
    private final DuisReader reader;
    private final Settlement settlement;
    private final CriticalPath critical;
    private final Progress progress;
    private final Attempts attempts;
    private final TrustedClock clock;

    /**
     * @param documents reads what is proven to be the DCC's
     * @param reader reads what is not, for people
     * @param clock hears the dates of the DCC's documents
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
     * A document came. One by a signer that is not on record says nothing yet: its certificate may still come.
     *
     * @return the request as it is then, where it may go on at once
     */
    Optional<InHand> document(InHand work, byte[] document) {
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
        boolean hadBefore = Attempts.hadBefore(ledger, record);
        if (!work.found() && record.sending().attempts() == 0 && !hadBefore) {
            clock.answered(response.responseDateTime());
        } else {
            // perhaps the answer that the DCC gave to an earlier sending; one that was found may have been begun before
            clock.heard(response.responseDateTime());
        }
        InboundDocument exchanged =
                inbound(record, InboundIdentity.exchanged(record.id(), proven.content()), proven, document);
        if (Interpreter.contradicts(response) || !Interpreter.answers(response).equals(record.requestId())) {
            noAnswer(record, "the answer belongs to another request", response.responseCode(), exchanged);
            return Optional.empty();
        }
        InboundDocument later = inbound(record, Identities.of(response, proven.content()), proven, document);
        Settled settled =
                settlement.exchanged(record, response, exchanged, later, attempts.mayAskAgain(record), hadBefore);
        if (settled instanceof Settled.Correlate correlate) {
            return critical.received(work, correlate.preCommand().toArray(), exchanged);
        }
        if (settled instanceof Settled.Behind behind) {
            work.behind(behind.write().exceptionallyCompose(failure -> notWritten(record, failure)));
        } else if (settled instanceof Settled.Again again) {
            progress.apply(
                    attempts.again(record, again.cause())
                            .untold(Attempts.untold(record))
                            .exchanged(exchanged)
                            .responseCode(response.responseCode()),
                    record);
        } else if (settled instanceof Settled.NoAnswer none) {
            noAnswer(record, none.cause(), response.responseCode(), exchanged);
        }
        return Optional.empty();
    }

    /**
     * An answer that is not known to be on disk is an attempt that ended in doubt, which is counted and has its
     * distance to the next: the DCC must not have the same again and again for as long as a disk is full. Where it is
     * on disk after all, this does not apply. On the ledger's thread, and waits for nothing.
     */
    private CompletableFuture<Boolean> notWritten(RequestRecord record, Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String cause = why instanceof PosternException typed
                ? typed.fault().code() + " " + typed.fault().cause()
                : why.getClass().getSimpleName();
        LOG.warn("{}: what the DCC answered is not known to be on disk: {}", record.id(), cause);
        return progress.applyBehind(attempts.failed(record, cause), record);
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

    /** An HTTP status is proven by nobody: where the DCC may have taken the request before, it refuses nothing. */
    void status(RequestRecord record, Exchange.Refused refused) {
        String cause = "the DCC answered HTTP " + refused.status();
        if (refused.mayHaveBeenTaken()) {
            progress.apply(attempts.inDoubt(record, cause), record);
            return;
        }
        if (refused.worthRepeating()) {
            progress.apply(attempts.again(record, refused.retryAfter().orElse(Duration.ZERO), cause), record);
            return;
        }
        String said = refused.body();
        InboundDocument kept = kept(record, "HTTP " + refused.status(), "", said.getBytes(StandardCharsets.UTF_8));
        if (Attempts.hadBefore(ledger, record)) {
            noAnswer(record, cause, "", kept);
            return;
        }
        progress.apply(
                Change.of(record)
                        .from(record.state())
                        .noRetry()
                        .exchanged(kept)
                        .deliver(Results.unproven(record, Outcome.REFUSED, cause, "", false, said))
                        .to(RequestState.REFUSED, said.isEmpty() ? cause : cause + ": " + line(said)),
                record);
    }

    /** What cannot be trusted says nothing; the code that it claims is shown as what it is. */
    private void untrusted(RequestRecord record, String cause, byte[] document) {
        String kind = "Untrusted";
        String claimed = "";
        try {
            DuisResponse response = reader.readKnown(document);
            kind = "Untrusted " + response.kind();
            claimed = response.responseCode();
        } catch (PosternException e) {
            // not even readable: it stays without a code
        }
        noAnswer(
                record,
                cause + (claimed.isEmpty() ? "" : "; it says " + claimed),
                claimed,
                kept(record, kind, claimed, document));
    }

    /**
     * An answer that is none leaves what was sent in doubt, and the identical bytes are sent again. After some tries
     * that is told: a Transform, which has no effect to be in doubt about, ends with nothing signed; of anything else,
     * and of what may have been signed and sent before the ledger was put back, it is unknown whether the DCC has taken
     * it, until a proven answer comes.
     */
    private void noAnswer(RequestRecord record, String cause, String claimed, InboundDocument kept) {
        if (attempts.mayAskAgain(record)) {
            progress.apply(
                    attempts.inDoubt(record, cause)
                            .untold(Attempts.untold(record))
                            .exchanged(kept),
                    record);
            return;
        }
        boolean transform = record.state() == RequestState.TRANSFORM_SENT && !Attempts.hadBefore(ledger, record);
        String told = transform
                ? "no Pre-Command that can be trusted: " + cause
                : "unproven: no answer that can be trusted: " + cause;
        progress.apply(
                Change.of(record)
                        .from(record.state())
                        .noRetry()
                        .exchanged(kept)
                        .deliver(Results.unproven(
                                record,
                                transform ? Outcome.NOT_CORRELATED : Outcome.UNPROVEN,
                                told,
                                claimed,
                                !kept.signer().equals(InboundDocument.NOT_PROVEN),
                                new String(
                                        kept.body(),
                                        0,
                                        Math.min(kept.body().length, MOST_SAID),
                                        StandardCharsets.UTF_8)))
                        .to(transform ? RequestState.NOT_CORRELATED : RequestState.UNKNOWN, told),
                record);
    }

    /** What came in an exchange and is not proven to be the DCC's, kept so that a person can look at it. */
    private InboundDocument kept(RequestRecord record, String kind, String code, byte[] bytes) {
        byte[] kept = bytes.length <= MOST_KEPT ? bytes : Arrays.copyOf(bytes, MOST_KEPT);
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

    /** The beginning of a text in one line. */
    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_SAID ? line : line.substring(0, LONGEST_SAID) + "...";
    }
}
