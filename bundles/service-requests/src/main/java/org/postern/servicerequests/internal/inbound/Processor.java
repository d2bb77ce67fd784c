package org.postern.servicerequests.internal.inbound;

import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.PosternException;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.lifecycle.RecentWrites;
import org.postern.servicerequests.internal.lifecycle.RetryLaterException;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the effect of a stored document of the DCC. Only after a temporary failure, such as a token that is offline
 * or a log or ledger that cannot write, the document stays unprocessed and is offered again. Safe for use by several
 * threads; processing a document is idempotent.
 */
public final class Processor {

    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

    private final Ledger ledger;
    private final Settlement settlement;
    private final Metrics metrics;
    private final LongSupplier nanos;

    /** @param nanos a monotonic clock in nanoseconds */
    public Processor(Ledger ledger, Settlement settlement, Metrics metrics, LongSupplier nanos) {
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.settlement = Objects.requireNonNull(settlement, "settlement");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.nanos = Objects.requireNonNull(nanos, "nanos");
    }

    /**
     * Processes a document of the ledger.
     *
     * @return false if it must be offered again later
     */
    public boolean process(String inboundId) {
        try {
            Optional<RecentWrites.Received> cached = settlement.written().document(inboundId);
            if (cached.isPresent()) {
                timed(() ->
                        settlement.stored(cached.get().record(), cached.get().response()));
                return true;
            }
            Optional<InboundRecord> found =
                    ledger.inbound(inboundId).filter(record -> record.state() == InboundState.STORED);
            if (found.isPresent()) {
                timed(() -> settlement.stored(found.get()));
            }
            return true;
        } catch (RetryLaterException e) {
            LOG.warn("{} is not processed yet and will be offered again: {}", inboundId, e.getMessage());
            return false;
        } catch (PosternException e) {
            if (e.fault().mayPass()) {
                LOG.warn("{} is not processed yet and will be offered again: {}", inboundId, e.fault());
                return false;
            }
            throw e;
        }
    }

    private void timed(Runnable work) {
        long start = nanos.getAsLong();
        work.run();
        metrics.time("postern_process", nanos.getAsLong() - start);
    }
}
