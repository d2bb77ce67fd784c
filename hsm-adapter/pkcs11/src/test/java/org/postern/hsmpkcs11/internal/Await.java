package org.postern.hsmpkcs11.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.postern.hsm.KeyVaultException;

/** Waits for a condition that becomes true asynchronously. */
final class Await {

    private Await() {}

    /** Returns when the condition holds; a refusal by the vault counts as not yet. */
    static void until(Duration timeout, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + timeout.toNanos();
        KeyVaultException last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (KeyVaultException e) {
                last = e;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("not within " + timeout, last);
    }
}
