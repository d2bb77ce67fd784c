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
 * Processes documents until they are processed: what may pass is offered again in the lane of its request, and what
 * fails time and again is delivered as it came, with the reason. Safe for many threads.
 */
public final class Processing {

    private static final Logger LOG = LoggerFactory.getLogger(Processing.class);
    /** After so many unexpected failures a document is delivered as it came. */
    private static final int MOST_FAILURES = 5;

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

    /** Processes a document, or sees to it that it is offered again in the lane that it was taken from. */
    public void process(String inboundId) {
        Optional<Lane> taken = offers.taken(WorkStep.PROCESS, inboundId);
        try {
            if (processor.process(inboundId)) {
                failures.remove(inboundId);
                offers.done(WorkStep.PROCESS, inboundId);
            } else {
                again(inboundId, taken, failures.merge(inboundId, 1, Integer::sum));
            }
        } catch (RuntimeException e) {
            LOG.error("{}: processing failed", inboundId, e);
            int count = failures.merge(inboundId, 1, Integer::sum);
            if (count < MOST_FAILURES || !asItCame(inboundId, taken, e)) {
                again(inboundId, taken, count);
            }
        }
    }

    private void again(String inboundId, Optional<Lane> taken, int count) {
        timers.later(WorkStep.PROCESS, taken.orElseGet(() -> lane(inboundId)), inboundId, retries.after(count));
    }

    private Lane lane(String inboundId) {
        try {
            return Lanes.of(ledger, ledger.inbound(inboundId).flatMap(InboundRecord::requestId));
        } catch (PosternException e) {
            return Lane.INTERACTIVE;
        }
    }

    /** Never dropped: what cannot be processed is delivered as it came, with the reason. */
    private boolean asItCame(String inboundId, Optional<Lane> taken, RuntimeException why) {
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
