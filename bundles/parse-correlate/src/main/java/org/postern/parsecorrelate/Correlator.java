package org.postern.parsecorrelate;

import java.time.Duration;
import java.time.Instant;
import org.postern.duis.DuisRequest;
import org.postern.hsm.ProofMint;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.correlate.TableCorrelator;

/**
 * Checks that a Pre-Command from the DCC is substantively identical to the User's own Service Request: it transforms
 * the request to a GBCS message itself and compares every field. It never throws because of the Pre-Command's bytes;
 * bytes that cannot be read are a difference. Thread-safe.
 */
public interface Correlator {

    /** Default for the largest difference between the DCC's build time and the time of the exchange. */
    Duration DEFAULT_TOLERANCE = Duration.ofMinutes(10);

    /**
     * Compares a Pre-Command with a request.
     *
     * @param request the Service Request as sent
     * @param preCommand the bytes received
     * @param device the inventory's facts about the target device
     * @param exchangeTime when the DCC answered; the issuer ids in the Pre-Command must be within the tolerance of this
     *     time
     * @throws TransformException if the request itself cannot be transformed
     */
    Correlation correlate(DuisRequest request, byte[] preCommand, DeviceFacts device, Instant exchangeTime);

    /** Version of the rules. */
    String ruleVersion();

    /** Largest difference between the DCC's build time and the time of the exchange. */
    Duration tolerance();

    /** A correlator without a mint: its results carry no proof, so nothing can be signed on the strength of them. */
    static Correlator withoutProof(Duration tolerance) {
        return new TableCorrelator(tolerance);
    }

    /** The correlator of the appliance, which holds the only mint. */
    static Correlator withProof(Duration tolerance, ProofMint mint) {
        return new TableCorrelator(tolerance, mint);
    }
}
