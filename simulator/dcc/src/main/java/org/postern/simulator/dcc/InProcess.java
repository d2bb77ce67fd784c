package org.postern.simulator.dcc;

import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.ToIntFunction;
import org.postern.simulator.pki.KeySource;

/**
 * What a simulator without TLS and ports needs: its User calls {@link Simulator#post} and is called by a function. With
 * a clock and an executor that a test controls, everything it does follows from the seed and the calls.
 *
 * @param executor runs what devices and the DCC do later; shut down with the simulator
 * @param receiveResponse the User's Receive Response service: gives the HTTP status for a document, 0 for no answer
 * @param seed of the faults' probabilities and of the delays of firmware images
 * @param keys source of the keys that devices make themselves
 */
public record InProcess(
        ScheduledExecutorService executor, ToIntFunction<byte[]> receiveResponse, long seed, KeySource keys) {

    public InProcess {
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(receiveResponse, "receiveResponse");
        Objects.requireNonNull(keys, "keys");
    }
}
