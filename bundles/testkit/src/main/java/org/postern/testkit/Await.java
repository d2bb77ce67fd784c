package org.postern.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for conditions, never for time alone. */
public final class Await {

    private static final long LOOK_MILLIS = 50;

    private Await() {}

    /** Returns as soon as the condition holds; fails when it does not within that time. */
    public static void until(String what, Duration most, Callable<Boolean> condition) throws Exception {
        until(() -> what, most, condition);
    }

    /** The same with words that are found when they are needed. */
    public static void until(Supplier<String> what, Duration most, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + most.toSeconds() + " s: " + what.get());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
