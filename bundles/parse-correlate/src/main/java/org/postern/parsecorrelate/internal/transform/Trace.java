package org.postern.parsecorrelate.internal.transform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a piece of a message comes from.
 *
 * @param paths DUIS paths that were read to make it; empty for a constant
 * @param position its place in the message: item and field
 * @param excuse name of the check that stands in for equality where the DCC may choose the value, or null
 */
public record Trace(
        List<String> paths, String position, @Nullable String excuse) {

    /** Keeps the list as it is now. */
    public Trace {
        paths = List.copyOf(paths);
    }

    Trace at(String newPosition) {
        return new Trace(paths, newPosition, excuse);
    }
}
