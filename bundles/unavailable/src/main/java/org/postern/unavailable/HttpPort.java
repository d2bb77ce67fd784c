package org.postern.unavailable;

/**
 * The port of the HTTP interface. Who does not hold it leaves it to a listener that answers every request with 503.
 * Safe between threads.
 */
public interface HttpPort {

    /** Takes the port; it is free when this returns. */
    void take();

    /**
     * Gives the port back.
     *
     * @param problem what requests are answered until it is taken again, as {@code application/problem+json}
     */
    void giveBack(String problem);
}
