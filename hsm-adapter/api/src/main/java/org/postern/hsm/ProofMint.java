package org.postern.hsm;

import java.util.Objects;
import org.postern.catalogue.Sha256;

/**
 * The right to create proofs, held by the one correlator that claimed it from the {@link ProofAuthority}. The
 * correlator must not pass it on.
 *
 * <p>Closing releases the right: every proof of this mint becomes invalid, and a correlator that is restarted may claim
 * the right again.
 */
public final class ProofMint implements AutoCloseable {

    private final ProofAuthority authority;

    ProofMint(ProofAuthority authority) {
        this.authority = authority;
    }

    /**
     * Creates a proof for these bytes and this RequestID. Call it only where the comparison found no difference.
     *
     * @param requestId {@code originator:target:counter}, as in the DUIS header
     * @param preCommand the whole Pre-Command as received
     */
    public CorrelationProof mint(String requestId, byte[] preCommand) {
        return new CorrelationProof(this, Objects.requireNonNull(requestId, "requestId"), Sha256.hex(preCommand));
    }

    @Override
    public void close() {
        authority.release(this);
    }
}
