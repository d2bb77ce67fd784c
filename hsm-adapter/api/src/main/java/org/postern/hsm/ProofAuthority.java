package org.postern.hsm;

import java.lang.StackWalker.Option;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.postern.catalogue.Sha256;
import org.postern.hsm.internal.Bundles;

/**
 * Connects the one correlator with the vault: it issues the {@link ProofMint} once and checks for the vault whether a
 * proof was created by that mint. Both share one instance (a service in OSGi); the vault refuses a proof that was
 * created by means of another instance.
 */
@Component(service = ProofAuthority.class, immediate = true)
public final class ProofAuthority {

    /** The only bundle whose classes may claim the right to create proofs. */
    public static final String CORRELATOR_BUNDLE = "org.postern.parse-correlate";

    private final AtomicReference<ProofMint> claimed = new AtomicReference<>();
    private final Function<Class<?>, @Nullable String> bundleOf;

    public ProofAuthority() {
        this(Bundles::symbolicNameOf);
    }

    // the function returns null outside OSGi
    ProofAuthority(Function<Class<?>, @Nullable String> bundleOf) {
        this.bundleOf = bundleOf;
    }

    /**
     * Claims the right to create proofs, for the class that calls this method.
     *
     * @throws KeyVaultException PROOF_REFUSED where another correlator holds this right, or where the calling class
     *     belongs (in OSGi) to a bundle other than {@link #CORRELATOR_BUNDLE}
     */
    public ProofMint claim() {
        Class<?> caller = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass();
        String bundle = bundleOf.apply(caller);
        if (bundle != null && !bundle.equals(CORRELATOR_BUNDLE)) {
            throw refused(
                    "only bundle " + CORRELATOR_BUNDLE + " may create proofs",
                    "the right was claimed by " + caller.getName() + " of bundle " + bundle);
        }
        ProofMint mint = new ProofMint(this);
        if (!claimed.compareAndSet(null, mint)) {
            throw refused(
                    "one correlator at a time may create proofs",
                    "another correlator holds the right; it was claimed again by " + caller.getName());
        }
        return mint;
    }

    /**
     * Checks a proof and consumes it. Called by the vault immediately before it signs.
     *
     * @throws KeyVaultException PROOF_REFUSED
     */
    void consume(CorrelationProof proof, String requestId, byte[] preCommand) {
        if (proof == null) {
            throw refused("a Pre-Command is signed only with a proof", "there is no proof");
        }
        if (claimed.get() == null || proof.mint() != claimed.get()) {
            throw refused(
                    "the proof comes from the registered correlator",
                    "the proof was created elsewhere, or by a correlator that has stopped");
        }
        if (!proof.requestId().equals(requestId)) {
            throw refused(
                    "the proof is for the request in the Pre-Command's header",
                    "the proof is for " + proof.requestId() + ", the Pre-Command for " + requestId);
        }
        if (!proof.preCommandSha256().equals(Sha256.hex(preCommand))) {
            throw refused("the proof is for exactly these bytes", "the proof is for other bytes of " + requestId);
        }
        if (!proof.consume()) {
            throw refused("a proof permits one signature", "the proof for " + requestId + " was already used");
        }
    }

    void release(ProofMint mint) {
        claimed.compareAndSet(mint, null);
    }

    private static KeyVaultException refused(String rule, String cause) {
        return new KeyVaultException(
                KeyVaultException.Kind.PROOF_REFUSED,
                "CorrelationProof",
                rule,
                cause,
                "correlate the Pre-Command again; if this recurs, inform the security officer");
    }
}
