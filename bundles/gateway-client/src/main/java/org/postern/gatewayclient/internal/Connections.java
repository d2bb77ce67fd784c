package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.Lane;

/**
 * The connections that exchanges share. Requests other than prepayment leave some of them free, so that a top-up never
 * waits behind routine or bulk work, however slow the DCC is. Who waits is served in turn; the wait is bounded by the
 * number of threads that send and by the timeout of an exchange. Safe for many threads.
 */
final class Connections {

    private final int all;
    private final Semaphore connections;
    private final Semaphore ordinary;

    /**
     * @param all how many there are, from 1
     * @param prepayment how many only {@link Lane#PREPAYMENT} may use; at least one is left to the others
     */
    Connections(int all, int prepayment) {
        this.all = all;
        this.connections = new Semaphore(all, true);
        this.ordinary = new Semaphore(Math.max(1, all - prepayment), true);
    }

    void take(Lane lane) throws InterruptedException {
        if (lane == Lane.PREPAYMENT) {
            connections.acquire();
            return;
        }
        ordinary.acquire();
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            ordinary.release();
            throw e;
        }
    }

    void giveBack(Lane lane) {
        connections.release();
        if (lane != Lane.PREPAYMENT) {
            ordinary.release();
        }
    }

    /** True where every exchange under way ended in that time. */
    boolean allBackWithin(Duration patience) throws InterruptedException {
        return connections.tryAcquire(all, patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
