package org.postern.faultsimulation;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Chances of one kind, drawn from the seed and the kind's name alone: another kind of fault does not move the others.
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

    /** Between two durations; most are near the first. */
    Duration between(Duration least, Duration most) {
        double part = random.nextDouble();
        return least.plusNanos((long) (part * part * most.minus(least).toNanos()));
    }
}
