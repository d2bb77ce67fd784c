package org.postern.parsecorrelate.internal.correlate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/** Pairs expected with received items in order, so that one missing or additional item does not shift all others. */
final class Alignment {

    /** A pair of indices; -1 means that there is no item on that side. */
    record Pair(int expected, int got) {}

    private Alignment() {}

    /** The longest common subsequence of matching items, and the unmatched items of either side, in order. */
    static <E, G> List<Pair> of(List<E> expected, List<G> got, BiPredicate<E, G> matches) {
        int[][] best = new int[expected.size() + 1][got.size() + 1];
        for (int i = expected.size() - 1; i >= 0; i--) {
            for (int j = got.size() - 1; j >= 0; j--) {
                best[i][j] = matches.test(expected.get(i), got.get(j))
                        ? best[i + 1][j + 1] + 1
                        : Math.max(best[i + 1][j], best[i][j + 1]);
            }
        }
        List<Pair> pairs = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < expected.size() && j < got.size()) {
            if (matches.test(expected.get(i), got.get(j))) {
                pairs.add(new Pair(i++, j++));
            } else if (best[i + 1][j] >= best[i][j + 1]) {
                pairs.add(new Pair(i++, -1));
            } else {
                pairs.add(new Pair(-1, j++));
            }
        }
        while (i < expected.size()) {
            pairs.add(new Pair(i++, -1));
        }
        while (j < got.size()) {
            pairs.add(new Pair(-1, j++));
        }
        return pairs;
    }
}
