package org.postern.benchmarks.appliance;

import java.io.IOException;

/**
 * Hands requests in by one of the appliance's interfaces, on a thread of its own, as long as fewer than the limit are
 * in flight.
 */
interface Pump extends AutoCloseable {

    /** From now on these, so many at once; 0 stops. */
    void use(Requests from, int max);

    /** What went wrong last, or "". */
    String trouble();

    @Override
    void close() throws IOException;
}
