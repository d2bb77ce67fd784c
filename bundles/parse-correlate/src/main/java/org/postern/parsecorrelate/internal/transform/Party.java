package org.postern.parsecorrelate.internal.transform;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;

/**
 * The sender of a command: the User, or the Access Control Broker on the User's behalf; then the supplement has the
 * User and its counter.
 *
 * @param originator header originator
 * @param counter header counter
 * @param supplement id and counter of the supplementary party, or null
 */
record Party(Eui64 originator, long counter, byte @Nullable [] supplement) {

    static Party user(Request request) {
        return new Party(request.originator(), request.counter(), null);
    }

    static Party acb(Request request, Eui64 acb, long counter) {
        return new Party(
                acb,
                counter,
                ByteBuffer.allocate(16)
                        .put(request.originator().toBytes())
                        .putLong(request.counter())
                        .array());
    }
}
