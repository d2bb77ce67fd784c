package org.postern.servicerequests.internal.inbound;

import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.PosternException;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.lifecycle.JustWritten;
import org.postern.servicerequests.internal.lifecycle.NotNow;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a stored document of the DCC take its effect. Only what may pass by itself leaves the document where it is, to be
 * offered again: a token that is offline, a log or ledger that cannot write. Safe for many threads; the same document
 * twice is idempotent.
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
     * @return false where it must be offered again later
     */
    public boolean process(String inboundId) {
        try {
            Optional<JustWritten.Received> inHand = settlement.written().document(inboundId);
            if (inHand.isPresent()) {
                timed(() ->
                        settlement.stored(inHand.get().record(), inHand.get().response()));
                return true;
            }
            Optional<InboundRecord> found =
                    ledger.inbound(inboundId).filter(record -> record.state() == InboundState.STORED);
            if (found.isPresent()) {
                timed(() -> settlement.stored(found.get()));
            }
            return true;
        } catch (NotNow e) {
            LOG.warn("{} stays to be processed: {}", inboundId, e.getMessage());
            return false;
        } catch (PosternException e) {
            if (e.fault().mayPass()) {
                LOG.warn("{} stays to be processed: {}", inboundId, e.fault());
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
