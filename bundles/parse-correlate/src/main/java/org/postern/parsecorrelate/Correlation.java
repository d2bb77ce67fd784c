package org.postern.parsecorrelate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.postern.hsm.CorrelationProof;

/** The outcome of comparing a Pre-Command with our own request: there are two, and only one of them may be signed. */
public sealed interface Correlation {

    /** Which rules the verdict was made by. */
    String ruleVersion();

    /** One function per outcome, so that a new outcome breaks every caller at compile time. */
    <R> R fold(Function<Identical, R> whenIdentical, Function<Different, R> whenDifferent);

    /**
     * Substantively identical.
     *
     * @param useCase GBCS use case
     * @param sha256 digest of the Pre-Command's exact bytes, 64 lower-case hex digits
     * @param ruleVersion rules used
     * @param excused the fields that the DCC was free to choose, with what it chose; empty for most messages
     * @param proof what the vault asks for before it signs; empty where the correlator has no mint (command line,
     *     recheck)
     */
    record Identical(
            String useCase,
            String sha256,
            String ruleVersion,
            List<ComparedField> excused,
            Optional<CorrelationProof> proof)
            implements Correlation {

        /** All are always said. */
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
     * Not identical: must not be signed.
     *
     * @param differences at least one
     * @param ruleVersion rules used
     * @param useCase GBCS use case that our request stands for; empty where it stands for none
     */
    record Different(List<Difference> differences, String ruleVersion, String useCase) implements Correlation {

        /** Keeps the list as it is now. */
        public Different {
            differences = List.copyOf(differences);
            Objects.requireNonNull(useCase, "useCase");
            if (differences.isEmpty()) {
                throw new IllegalArgumentException("different without a difference");
            }
        }

        @Override
        public <R> R fold(Function<Identical, R> whenIdentical, Function<Different, R> whenDifferent) {
            return whenDifferent.apply(this);
        }
    }
}
