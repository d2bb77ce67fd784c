package org.postern.benchmarks.appliance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is handed in: services and how many of ten requests each of them is.
 *
 * @param name as a user of the benchmark names it
 * @param shares Service Reference Variant to its share; the shares add up to ten
 */
record Load(String name, Map<String, Integer> shares) {

    /** Shares are tenths, as in the mix of the survival tests. */
    static final int WHOLE = 10;

    static final Load NON_CRITICAL = new Load("non-critical", Map.of("4.1.1", 6, "11.2", 3, "8.2", 1));
    static final Load MIXED = new Load("mixed", Map.of("4.1.1", 5, "11.2", 2, "7.1", 2, "8.2", 1));

    Load {
        shares = new TreeMap<>(shares);
        int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != WHOLE) {
            throw new IllegalArgumentException("the shares of " + name + " add up to " + sum + " of " + WHOLE);
        }
    }

    /** Nothing but that service. */
    static Load only(String service) {
        return new Load(service, Map.of(service, WHOLE));
    }

    /** One of the two mixes by its name, or else a load of the one service that the word names. */
    static Load named(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "non-critical" -> NON_CRITICAL;
            case "mixed" -> MIXED;
            default -> only(word);
        };
    }

    /** The services in an order in which every ten requests have the shares exactly, spread evenly. */
    List<String> cycle() {
        Map<String, Integer> due = new TreeMap<>();
        List<String> cycle = new ArrayList<>();
        for (int i = 0; i < WHOLE; i++) {
            shares.forEach((service, share) -> due.merge(service, share, Integer::sum));
            String next = due.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            due.merge(next, -WHOLE, Integer::sum);
            cycle.add(next);
        }
        return cycle;
    }
}
