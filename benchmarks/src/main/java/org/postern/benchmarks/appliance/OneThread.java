package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** Work of one thread, again and again until it is closed. */
abstract class OneThread implements FloorProcess.Work {

    /** Some operations. */
    interface Operations {

        /** Does them; gives how many. */
        int together() throws Exception;
    }

    private final LongAdder done = new LongAdder();
    private volatile boolean closed;
    private Thread thread;

    /** Begins; once. */
    final void start(String name, Operations operations) {
        thread = new Thread(
                () -> {
                    try {
                        while (!closed) {
                            done.add(operations.together());
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                name);
        thread.start();
    }

    @Override
    public final LongAdder done() {
        return done;
    }

    /** Lets the thread go on that may wait, so that it ends. */
    void wake() {
        // as a rule it does not wait
    }

    /** Called once the thread has ended. */
    void end() throws Exception {
        // as a rule there is nothing to close
    }

    @Override
    public final void close() throws IOException {
        closed = true;
        wake();
        try {
            thread.join();
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
