package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets the same text be logged once in a period; remembers the last few hundred texts. */
final class Throttle {

    private static final int MOST = 256;

    private final long distance;
    private final Map<String, Long> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    Throttle(Duration distance) {
        this.distance = distance.toNanos();
    }

    synchronized boolean mayTell(String what) {
        long now = System.nanoTime();
        Long last = told.get(what);
        if (last != null && now - last < distance) {
            return false;
        }
        told.put(what, now);
        return true;
    }
}
