package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postern.catalogue.Lane;

/**
 * Limits the number of concurrent exchanges, each of which has one connection. Some slots are reserved for prepayment,
 * so that a top-up never waits behind routine or bulk requests, however slow the DCC is. Slots are given in the order
 * of arrival; the wait is bounded by the number of sending threads and the timeout of an exchange. Safe for many
 * threads.
 */
final class ConnectionSlots {

    private final int all;
    private final Semaphore slots;
    private final Semaphore ordinary;

    /**
     * @param all the number of slots, at least 1
     * @param prepayment slots that only {@link Lane#PREPAYMENT} may use; the other lanes always have at least one
     */
    ConnectionSlots(int all, int prepayment) {
        this.all = all;
        this.slots = new Semaphore(all, true);
        this.ordinary = new Semaphore(Math.max(1, all - prepayment), true);
    }

    void acquire(Lane lane) throws InterruptedException {
        if (lane == Lane.PREPAYMENT) {
            slots.acquire();
            return;
        }
        ordinary.acquire();
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            ordinary.release();
            throw e;
        }
    }

    void release(Lane lane) {
        slots.release();
        if (lane != Lane.PREPAYMENT) {
            ordinary.release();
        }
    }

    /** Waits for all exchanges in progress; true where they ended within that time. */
    boolean awaitAllReleased(Duration patience) throws InterruptedException {
        return slots.tryAcquire(all, patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
