package org.postern.parsecorrelate;

import java.time.Duration;
import java.time.Instant;
import org.postern.duis.DuisRequest;
import org.postern.hsm.ProofMint;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.correlate.TableCorrelator;

/**
 * Checks that a Pre-Command from the DCC is substantively identical to our own Service Request, by making the message
 * ourselves and comparing every field. Never throws on account of the Pre-Command's bytes: what cannot be read is a
 * difference. Safe for use by several threads.
 */
public interface Correlator {

    /** How far the DCC's build time may lie from the time of the exchange, unless configured otherwise. */
    Duration DEFAULT_TOLERANCE = Duration.ofMinutes(10);

    /**
     * Compares.
     *
     * @param request our request, as sent
     * @param preCommand the bytes received
     * @param device what the inventory knows of the target
     * @param exchangeTime when the DCC answered; issuer ids in the Pre-Command must lie near it
     * @throws TransformException where our own request cannot be transformed
     */
    Correlation correlate(DuisRequest request, byte[] preCommand, DeviceFacts device, Instant exchangeTime);

    /** Which rules. */
    String ruleVersion();

    /** How far the DCC's build time may lie from the time of the exchange. */
    Duration tolerance();

    /** A correlator without a mint: its verdicts are for reading, nothing can be signed on them. */
    static Correlator withoutProof(Duration tolerance) {
        return new TableCorrelator(tolerance);
    }

    /** The correlator of the appliance, with the one mint. */
    static Correlator withProof(Duration tolerance, ProofMint mint) {
        return new TableCorrelator(tolerance, mint);
    }
}
