package org.postern.benchmarks.appliance;

import java.io.IOException;

/** A pump with a thread of its own. */
abstract class ThreadPump implements Pump {

    private static final long END_MILLIS = 2000;

    final InFlight inFlight;
    private final String failing;
    private final Thread thread;
    volatile Requests requests;
    volatile int limit;
    volatile boolean closed;
    volatile String trouble = "";

    /** @param failing what is at fault where the pump ends by itself */
    ThreadPump(String name, String failing, InFlight inFlight) {
        this.inFlight = inFlight;
        this.failing = failing;
        this.thread = new Thread(this::run, name);
    }

    /** Called once, when the pump is complete. */
    final void start() {
        thread.start();
    }

    /** Hands requests in until it is closed. */
    abstract void pump() throws Exception;

    private void run() {
        try {
            pump();
        } catch (Exception e) {
            trouble = failing + " failed: " + e;
        }
    }

    @Override
    public void use(Requests from, int max) {
        requests = from;
        limit = max;
    }

    @Override
    public final String trouble() {
        return trouble;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
