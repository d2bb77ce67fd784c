package org.postern.simulator.devices.internal.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that commands put into the logs of one device. Of each log the newest are stored, as many as the log has
 * entries, so that an older one could not be read in any case. Safe between threads.
 */
public final class CommandEvents {

    private final Map<String, Deque<EventLog.Event>> byLog = new HashMap<>();

    /** Puts an event into a log. */
    public synchronized void add(String log, EventLog.Event event) {
        Deque<EventLog.Event> events = byLog.computeIfAbsent(log, l -> new ArrayDeque<>());
        if (events.size() == EventLog.ENTRIES) {
            events.remove();
        }
        events.add(event);
    }

    /** Events of that log, in order of time. */
    public synchronized List<EventLog.Event> of(String log) {
        Deque<EventLog.Event> events = byLog.get(log);
        return events == null ? List.of() : List.copyOf(events);
    }

    /** Events of the fullest log. */
    public synchronized int size() {
        return byLog.values().stream().mapToInt(Deque::size).max().orElse(0);
    }
}
