package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The heap that was held after more and more requests, and whether it is flat. A leak grows with the requests; what is
 * stored up to a bound grows at first and then no more. So what counts is the second half: the line of least squares
 * through it must not rise by more than a tenth over as many requests as all of them.
 */
final class HeldHeap {

    /** Growth over all requests at the pace of the second half that counts as flat, as a part of what is held. */
    static final double FLAT = 0.10;

    private static final double MEBIBYTE = 1024;

    private record Held(long requests, long kibibytes) {}

    private final List<Held> all = new ArrayList<>();

    void add(long requests, long kibibytes) {
        all.add(new Held(requests, kibibytes));
    }

    /** What was added last, for people. */
    String last() {
        Held held = all.get(all.size() - 1);
        return String.format(
                Locale.ROOT, "heap held after %d requests %.1f MiB", held.requests(), held.kibibytes() / MEBIBYTE);
    }

    /** Growth over all requests at the pace of the second half, as a part of the mean that is held in it. */
    double growth() {
        List<Held> half = all.subList(all.size() / 2, all.size());
        double requests = half.stream().mapToLong(Held::requests).average().orElse(0);
        double kibibytes = half.stream().mapToLong(Held::kibibytes).average().orElse(0);
        double squares = half.stream()
                .mapToDouble(held -> Math.pow(held.requests() - requests, 2))
                .sum();
        double slope = half.stream()
                        .mapToDouble(held -> (held.requests() - requests) * (held.kibibytes() - kibibytes))
                        .sum()
                / squares;
        return slope * (all.get(all.size() - 1).requests() - all.get(0).requests()) / kibibytes;
    }

    boolean flat() {
        return growth() <= FLAT;
    }

    /** For people. */
    String verdict() {
        return String.format(
                Locale.ROOT,
                "heap %s: %+.1f %% over %d requests at the pace of the second half",
                flat() ? "flat" : "GROWS",
                growth() * 100,
                all.get(all.size() - 1).requests() - all.get(0).requests());
    }

    /** Adds the verdict and its numbers. */
    ObjectNode json(ObjectNode node) {
        node.put("flat", flat()).put("growth", BigDecimal.valueOf(growth()).setScale(3, RoundingMode.HALF_UP));
        ArrayNode tenths = node.putArray("tenths");
        all.forEach(held -> tenths.addObject().put("requests", held.requests()).put("heldKibibytes", held.kibibytes()));
        return node;
    }
}
