package org.postern.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits until a condition holds. */
public final class Await {

    private static final long POLL_MILLIS = 50;

    private Await() {}

    /** Returns as soon as the condition holds; fails if it does not hold within that time. */
    public static void until(String what, Duration max, Callable<Boolean> condition) throws Exception {
        until(() -> what, max, condition);
    }

    /** The same with a description that is evaluated only if the wait fails. */
    public static void until(Supplier<String> what, Duration max, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + max.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + max.toSeconds() + " s: " + what.get());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
