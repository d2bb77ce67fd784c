package org.postern.parsecorrelate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.postern.hsm.CorrelationProof;

/**
 * The outcome of the comparison of a Pre-Command with the User's own Service Request. Only an {@link Identical}
 * Pre-Command may be signed.
 */
public sealed interface Correlation {

    /** Version of the rules by which the Pre-Command was compared. */
    String ruleVersion();

    /** One function for each outcome, so that a new outcome is a compile error in every caller. */
    <R> R fold(Function<Identical, R> whenIdentical, Function<Different, R> whenDifferent);

    /**
     * Substantively identical.
     *
     * @param useCase GBCS use case
     * @param sha256 digest of the Pre-Command's exact bytes, 64 lower-case hex digits
     * @param ruleVersion version of the rules used
     * @param excused the fields whose values the DCC may choose, with the received values; empty for most messages
     * @param proof proof that the vault requires before it signs; empty if the correlator has no mint (command line,
     *     recheck)
     */
    record Identical(
            String useCase,
            String sha256,
            String ruleVersion,
            List<ComparedField> excused,
            Optional<CorrelationProof> proof)
            implements Correlation {

        /** No component may be null. */
        public Identical {
            Objects.requireNonNull(useCase, "useCase");
            Objects.requireNonNull(sha256, "sha256");
            Objects.requireNonNull(ruleVersion, "ruleVersion");
            excused = List.copyOf(excused);
            Objects.requireNonNull(proof, "proof");
        }

        @Override
        public <R> R fold(Function<Identical, R> whenIdentical, Function<Different, R> whenDifferent) {
            return whenIdentical.apply(this);
        }
    }

    /**
     * Not identical. The Pre-Command must not be signed.
     *
     * @param differences at least one
     * @param ruleVersion version of the rules used
     * @param useCase GBCS use case that corresponds to the request; empty if there is none
     */
    record Different(List<Difference> differences, String ruleVersion, String useCase) implements Correlation {

        /** Copies the list. */
        public Different {
            differences = List.copyOf(differences);
            Objects.requireNonNull(useCase, "useCase");
            if (differences.isEmpty()) {
                throw new IllegalArgumentException("no difference given");
            }
        }

        @Override
        public <R> R fold(Function<Identical, R> whenIdentical, Function<Different, R> whenDifferent) {
            return whenDifferent.apply(this);
        }
    }
}
