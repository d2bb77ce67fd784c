package org.postern.parsecorrelate.internal.transform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Origin of a piece of a message.
 *
 * @param paths DUIS paths that were read to make it; empty for a constant
 * @param position position in the message: item and field
 * @param excuse name of the check that replaces the check for equality if the DCC may choose the value, otherwise null
 */
public record Trace(
        List<String> paths, String position, @Nullable String excuse) {

    /** Copies the list. */
    public Trace {
        paths = List.copyOf(paths);
    }

    Trace at(String newPosition) {
        return new Trace(paths, newPosition, excuse);
    }
}
