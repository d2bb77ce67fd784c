package org.postern.hsm;

import java.util.Objects;
import org.postern.catalogue.Sha256;

/**
 * The right to make proofs, held by the one correlator that claimed it from the {@link ProofAuthority}. Keep it
 * private.
 *
 * <p>Closing gives the right back: every proof of this mint becomes void, and a correlator that is started again may
 * claim anew.
 */
public final class ProofMint implements AutoCloseable {

    private final ProofAuthority authority;

    ProofMint(ProofAuthority authority) {
        this.authority = authority;
    }

    /**
     * A proof for these bytes under this RequestID. Call it only where the comparison found no difference.
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
