package org.postern.servicerequests.internal.inbound;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Change;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Results;
import org.postern.servicerequests.internal.lifecycle.Timers;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes stored documents with retries: after a temporary failure a document is offered again in the lane of its
 * request; a document that fails repeatedly is delivered unprocessed, with the reason. Safe for use by several threads.
 */
public final class Processing {

    private static final Logger LOG = LoggerFactory.getLogger(Processing.class);
    /** After this many unexpected failures a document is delivered unprocessed. */
    private static final int MAX_FAILURES = 5;

    private final Processor processor;
    private final Ledger ledger;
    private final Progress progress;
    private final Backoff retries;
    private final WorkOffers offers;
    private final Timers timers;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    public Processing(
            Processor processor, Ledger ledger, Progress progress, Backoff retries, WorkOffers offers, Timers timers) {
        this.processor = Objects.requireNonNull(processor, "processor");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.retries = Objects.requireNonNull(retries, "retries");
        this.offers = Objects.requireNonNull(offers, "offers");
        this.timers = Objects.requireNonNull(timers, "timers");
    }

    /** Processes a document, or schedules it to be offered again in the lane that it was taken from. */
    public void process(String inboundId) {
        Optional<Lane> taken = offers.taken(WorkStep.PROCESS, inboundId);
        try {
            if (processor.process(inboundId)) {
                failures.remove(inboundId);
                offers.done(WorkStep.PROCESS, inboundId);
            } else {
                retryLater(inboundId, taken, failures.merge(inboundId, 1, Integer::sum));
            }
        } catch (RuntimeException e) {
            LOG.error("{}: processing failed", inboundId, e);
            int count = failures.merge(inboundId, 1, Integer::sum);
            if (count < MAX_FAILURES || !deliverUnprocessed(inboundId, taken, e)) {
                retryLater(inboundId, taken, count);
            }
        }
    }

    private void retryLater(String inboundId, Optional<Lane> taken, int count) {
        timers.later(WorkStep.PROCESS, taken.orElseGet(() -> lane(inboundId)), inboundId, retries.after(count));
    }

    private Lane lane(String inboundId) {
        try {
            return Lanes.of(ledger, ledger.inbound(inboundId).flatMap(InboundRecord::requestId));
        } catch (PosternException e) {
            return Lane.INTERACTIVE;
        }
    }

    /** Delivers a document that cannot be processed, with the reason, so that it is not lost. */
    private boolean deliverUnprocessed(String inboundId, Optional<Lane> taken, RuntimeException why) {
        try {
            Optional<InboundRecord> found =
                    ledger.inbound(inboundId).filter(record -> record.state() == InboundState.STORED);
            if (found.isPresent()) {
                InboundRecord record = found.get();
                String reason = why instanceof PosternException typed
                        ? typed.fault().toString()
                        : why.getClass().getSimpleName();
                Lane lane = taken.orElseGet(() -> lane(inboundId));
                progress.apply(
                        Change.ofNone(lane)
                                .processed(inboundId, "delivered as it came: " + reason)
                                .deliver(Results.ofNone(Outcome.UNPROCESSED)
                                        .header("flag", "not processed: " + reason)
                                        .header("reason", reason)
                                        .header(
                                                "requestId",
                                                record.requestId()
                                                        .map(RequestId::toString)
                                                        .orElse(""))
                                        .header("responseCode", record.responseCode())
                                        .unread(inboundId + ".result", record.body())),
                        lane);
            }
            failures.remove(inboundId);
            offers.done(WorkStep.PROCESS, inboundId);
            return true;
        } catch (PosternException e) {
            LOG.warn("{}: {}", inboundId, e.fault());
            return false;
        }
    }
}
