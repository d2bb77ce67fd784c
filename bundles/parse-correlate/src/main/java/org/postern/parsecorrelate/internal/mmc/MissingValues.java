package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Deviation;

/**
 * Collects the values that mean "no value" by element and meaning, so that a log of thousands of entries gives one
 * sentence.
 */
final class MissingValues {

    private static final int PLACES = 5;

    /** Number of values, and the positions of the first few. */
    private static final class Places {
        private int count;
        private final List<Integer> first = new ArrayList<>();
    }

    private final Map<String, Places> byElement = new LinkedHashMap<>();

    /**
     * Adds one value.
     *
     * @param element the element that is left empty
     * @param meaning the number, and why it is no value
     * @param place counter of the entry; 0 if it is not in a list
     */
    void add(String element, String meaning, int place) {
        Places places = byElement.computeIfAbsent(element + "\t" + meaning, k -> new Places());
        places.count++;
        if (place > 0 && places.first.size() < PLACES) {
            places.first.add(place);
        }
    }

    /** One deviation for each element and meaning. */
    List<Deviation> deviations() {
        List<Deviation> all = new ArrayList<>();
        byElement.forEach((key, places) -> {
            String[] parts = key.split("\t", 2);
            String where = places.first.isEmpty()
                    ? ""
                    : " in entry " + places.first.toString().replaceAll("[\\[\\]]", "")
                            + (places.count > places.first.size() ? " and more" : "");
            all.add(new Deviation(
                    Deviation.Kind.NO_VALUE,
                    parts[0],
                    "no value: " + parts[1] + (places.count > 1 ? ", " + places.count + " times" : "") + where));
        });
        return all;
    }
}
