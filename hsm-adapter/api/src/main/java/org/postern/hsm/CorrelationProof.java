package org.postern.hsm;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Evidence that a Pre-Command is substantively identical to the User's own request. Only the correlator that holds the
 * {@link ProofMint} can create one. It permits one signature, over exactly the bytes that were compared, for the
 * RequestID that was compared, and only within this process.
 */
public final class CorrelationProof {

    private final ProofMint mint;
    private final String requestId;
    private final String sha256;
    private final AtomicBoolean consumed = new AtomicBoolean();

    CorrelationProof(ProofMint mint, String requestId, String sha256) {
        this.mint = mint;
        this.requestId = requestId;
        this.sha256 = sha256;
    }

    /** The RequestID, {@code originator:target:counter}. */
    public String requestId() {
        return requestId;
    }

    /** SHA-256 of the Pre-Command's bytes, 64 lower-case hex digits. */
    public String preCommandSha256() {
        return sha256;
    }

    ProofMint mint() {
        return mint;
    }

    boolean consume() {
        return consumed.compareAndSet(false, true);
    }

    @Override
    public String toString() {
        return "CorrelationProof " + requestId + " " + sha256;
    }
}
