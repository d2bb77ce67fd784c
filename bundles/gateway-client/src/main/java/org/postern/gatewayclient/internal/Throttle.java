package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Limits the same text to one log entry in a period; remembers the last few hundred texts. */
final class Throttle {

    private static final int MAX_TEXTS = 256;

    private final long nanos;
    private final Map<String, Long> lastLogged = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_TEXTS;
        }
    };

    Throttle(Duration period) {
        this.nanos = period.toNanos();
    }

    synchronized boolean mayLog(String text) {
        long now = System.nanoTime();
        Long last = lastLogged.get(text);
        if (last != null && now - last < nanos) {
            return false;
        }
        lastLogged.put(text, now);
        return true;
    }
}
