package org.postern.simulator.devices.internal.electricity;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.gbcs.DlmsData;

/** What commands set in a COSEM device: objects, and the switches and auxiliary controllers. Safe between threads. */
public final class StoredObjects {

    /** Far more than the tables have; a further object cannot be set. */
    static final int MAX_OBJECTS = 1_000;

    private final Map<String, DlmsData> objects = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> switches = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> levels = new ConcurrentHashMap<>();

    /** What was last set there. */
    public Optional<DlmsData> find(String target) {
        return Optional.ofNullable(objects.get(target));
    }

    /**
     * Sets an object.
     *
     * @throws IllegalStateException where {@link #MAX_OBJECTS} others are set
     */
    public void store(String target, DlmsData data) {
        if (objects.size() >= MAX_OBJECTS && !objects.containsKey(target)) {
            throw new IllegalStateException("no space for another object");
        }
        objects.put(target, data);
    }

    /** Forgets what was set there, and gives it. */
    public Optional<DlmsData> forget(String target) {
        return Optional.ofNullable(objects.remove(target));
    }

    /** Number of objects that are set. */
    int size() {
        return objects.size();
    }

    /** Whether a command switched it on or off; empty where it goes by its calendar. */
    public Optional<Boolean> switched(int number) {
        return Optional.ofNullable(switches.get(number));
    }

    public void switchTo(int number, boolean on) {
        switches.put(number, on);
    }

    /** Leaves the switch to its calendar. */
    public void release(int number) {
        switches.remove(number);
    }

    /** Output of an auxiliary controller that a command set, in percent. */
    public Optional<Integer> level(int number) {
        return Optional.ofNullable(levels.get(number));
    }

    public void level(int number, int percent) {
        levels.put(number, percent);
    }
}
