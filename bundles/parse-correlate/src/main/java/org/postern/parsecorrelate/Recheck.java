package org.postern.parsecorrelate;

import java.time.Duration;
import java.time.Instant;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.inventory.DeviceFacts;

/**
 * Repeats a correlation from the evidence in the ledger, years later: a function of the stored bytes, device facts and
 * time alone. The rule version of the verdict tells whether the rules are still those of the day.
 */
public final class Recheck {

    private final Correlator correlator;
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    /** Rechecks with the rules of this bundle. */
    public Recheck(Duration tolerance) {
        this.correlator = Correlator.withoutProof(tolerance);
    }

    /**
     * The verdict.
     *
     * @param request      the request document as it was sent
     * @param preCommand   the Pre-Command as it was received
     * @param device       the device facts of the day
     * @param exchangeTime the time of the exchange
     */
    public Correlation recheck(byte[] request, byte[] preCommand, DeviceFacts device, Instant exchangeTime) {
        return correlator.correlate(reader.readRequest(request), preCommand, device, exchangeTime);
    }
}
