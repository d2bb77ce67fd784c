package org.postern.unavailable;

/**
 * The port of the HTTP interface. While the routes do not hold it, a listener answers every request on it with 503.
 * Thread-safe.
 */
public interface HttpPort {

    /** Acquires the port for the caller; it is free when this method returns. */
    void take();

    /**
     * Releases the port to the listener.
     *
     * @param problem the answer to every request until the port is acquired again, as {@code application/problem+json}
     */
    void giveBack(String problem);
}
