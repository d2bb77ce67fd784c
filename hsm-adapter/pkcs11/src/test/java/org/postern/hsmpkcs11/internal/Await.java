package org.postern.hsmpkcs11.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.postern.hsm.KeyVaultException;

/** Waits for what comes true in its own time. */
final class Await {

    private Await() {}

    /** Returns once the condition holds; a vault that refuses meanwhile is asked again. */
    static void until(Duration patience, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
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
        throw new AssertionError("not within " + patience, last);
    }
}
