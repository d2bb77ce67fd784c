package org.postern.hsm;

import java.lang.StackWalker.Option;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.postern.catalogue.Sha256;
import org.postern.hsm.internal.Bundles;

/**
 * Stands between the one correlator and the vault: gives out the {@link ProofMint} once, and tells the vault whether a
 * proof is that mint's. One instance is shared by both (in OSGi, a service); a proof that comes by way of another
 * instance is worth nothing to the vault.
 */
@Component(service = ProofAuthority.class, immediate = true)
public final class ProofAuthority {

    /** The only bundle whose classes may claim the mint. */
    public static final String CORRELATOR_BUNDLE = "org.postern.parse-correlate";

    private final AtomicReference<ProofMint> claimed = new AtomicReference<>();
    private final Function<Class<?>, @Nullable String> bundleOf;

    public ProofAuthority() {
        this(Bundles::symbolicNameOf);
    }

    // null: not running in OSGi
    ProofAuthority(Function<Class<?>, @Nullable String> bundleOf) {
        this.bundleOf = bundleOf;
    }

    /**
     * Claims the right to make proofs, for the class that calls this method.
     *
     * @throws KeyVaultException PROOF_REFUSED where another correlator holds it, or where the calling class comes (in
     *     OSGi) from a bundle other than {@link #CORRELATOR_BUNDLE}
     */
    public ProofMint claim() {
        Class<?> caller = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass();
        String bundle = bundleOf.apply(caller);
        if (bundle != null && !bundle.equals(CORRELATOR_BUNDLE)) {
            throw refused(
                    "the mint belongs to bundle " + CORRELATOR_BUNDLE,
                    "claimed by " + caller.getName() + " of bundle " + bundle);
        }
        ProofMint mint = new ProofMint(this);
        if (!claimed.compareAndSet(null, mint)) {
            throw refused("one correlator at a time", "the mint is taken; claimed again by " + caller.getName());
        }
        return mint;
    }

    /**
     * Checks a proof and uses it up. For providers of {@link KeyVault}, which call it right before they sign.
     *
     * @throws KeyVaultException PROOF_REFUSED
     */
    void consume(CorrelationProof proof, String requestId, byte[] preCommand) {
        if (proof == null) {
            throw refused("a Pre-Command is signed only with a proof", "no proof");
        }
        if (claimed.get() == null || proof.mint() != claimed.get()) {
            throw refused(
                    "the proof comes from the registered correlator",
                    "made elsewhere, or by a correlator that has gone");
        }
        if (!proof.requestId().equals(requestId)) {
            throw refused(
                    "the proof is for the request in the Pre-Command's header",
                    "made for " + proof.requestId() + ", asked for " + requestId);
        }
        if (!proof.preCommandSha256().equals(Sha256.hex(preCommand))) {
            throw refused("the proof is for exactly these bytes", "made for other bytes of " + requestId);
        }
        if (!proof.consume()) {
            throw refused("a proof is good for one signature", "used already for " + requestId);
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
                "correlate the Pre-Command again; if it repeats, tell the security officer");
    }
}
