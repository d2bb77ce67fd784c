package org.postern.faultsimulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Random choices of one kind of fault, which follow from the seed and the name of the kind alone: a new kind of fault
 * does not change the choices of the others.
 */
final class SeededChoices {

    private final Random random;

    SeededChoices(long seed, String name) {
        random = new Random(seed * 0x9E37_79B9_7F4A_7C15L ^ name.hashCode() * 0x2545_F491_4F6C_DD1DL);
    }

    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A duration between two others; most results are near the first. */
    Duration between(Duration min, Duration max) {
        double part = random.nextDouble();
        return min.plusNanos((long) (part * part * max.minus(min).toNanos()));
    }
}
