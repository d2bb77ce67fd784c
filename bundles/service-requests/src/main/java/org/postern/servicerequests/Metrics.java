package org.postern.servicerequests;

import java.util.Map;

/** Counters since start, by name such as {@code postern_transitions_total{to="SENT"}}. */
public interface Metrics {

    /** Adds one. */
    void count(String name, String label, String value);

    /** Adds a duration, given in nanoseconds, to {@code NAME_seconds_sum}, and one to {@code NAME_seconds_count}. */
    void time(String name, long nanos);

    /** Everything counted, by name with label, in order: whole numbers, and sums of durations in seconds. */
    Map<String, Number> snapshot();
}
