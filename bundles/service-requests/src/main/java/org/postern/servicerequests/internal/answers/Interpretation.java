package org.postern.servicerequests.internal.answers;

import java.util.List;
import java.util.Objects;

/**
 * The meaning of a document, with notes for people.
 *
 * @param meaning the meaning
 * @param flags one line each: an unknown code, a contradiction that does not change the meaning
 */
public record Interpretation(Meaning meaning, List<String> flags) {

    public Interpretation {
        Objects.requireNonNull(meaning, "meaning");
        flags = List.copyOf(flags);
    }

    /** All flags in one line; empty if there are none. */
    public String flag() {
        return String.join("; ", flags);
    }
}
