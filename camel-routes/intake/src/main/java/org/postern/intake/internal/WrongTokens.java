package org.postern.intake.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down clients that send wrong tokens: the answer to the sixth in a row from one address waits 100 ms, each
 * further one twice as long, up to five seconds. A right token is never delayed, so that one faulty client behind a
 * shared address does not lock out others. The last thousand addresses are stored for ten minutes each.
 */
final class WrongTokens {

    static final Duration MAX_DELAY = Duration.ofSeconds(5);

    private static final int FREE = 5;
    private static final long FIRST_MILLIS = 100;
    private static final int MAX_SOURCES = 1000;
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final LongSupplier nanos;
    private final Map<String, Count> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    private record Count(int wrong, long at) {}

    /** @param nanos a monotonic clock in nanoseconds */
    WrongTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Counts a wrong token.
     *
     * @return how long its answer is delayed
     */
    synchronized Duration wrong(String source) {
        long now = nanos.getAsLong();
        Count before = sources.get(source);
        int wrong = before == null || now - before.at() > REMEMBERED.toNanos() ? 1 : Math.min(before.wrong() + 1, 30);
        sources.put(source, new Count(wrong, now));
        return wrong <= FREE
                ? Duration.ZERO
                : Duration.ofMillis(Math.min(MAX_DELAY.toMillis(), FIRST_MILLIS << Math.min(wrong - FREE - 1, 10)));
    }

    /** Records that the address has sent the right token. */
    synchronized void right(String source) {
        sources.remove(source);
    }

    synchronized int sources() {
        return sources.size();
    }
}
