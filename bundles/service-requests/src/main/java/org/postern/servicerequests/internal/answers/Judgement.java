package org.postern.servicerequests.internal.answers;

import java.util.List;
import java.util.Objects;

/**
 * What a document means, and what a person should know beside it.
 *
 * @param meaning what it means
 * @param flags one line each: an unknown code, a contradiction that does not change the meaning
 */
public record Judgement(Meaning meaning, List<String> flags) {

    public Judgement {
        Objects.requireNonNull(meaning, "meaning");
        flags = List.copyOf(flags);
    }

    /** All flags in one line; empty for none. */
    public String flag() {
        return String.join("; ", flags);
    }
}
