package org.postern.servicerequests;

import java.util.Map;

/** Counters since start, by name such as {@code postern_transitions_total{to="SENT"}}. */
public interface Metrics {

    /** Adds one. */
    void count(String name, String label, String value);

    /** Adds a duration, in nanoseconds, to a sum and its number to a count. */
    void time(String name, long nanos);

    /** Everything counted, by name with label, in order. */
    Map<String, Long> snapshot();
}
