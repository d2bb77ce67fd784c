package org.postern.simulator.devices.internal.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The instructions that a device has taken for later, one for each thing that they change. Safe between threads. */
public final class PendingInstructions {

    private final Map<String, Instruction> byObject = new ConcurrentHashMap<>();

    /** Keeps an instruction until its time; an earlier one for the same object is gone. */
    public void keep(Instruction instruction) {
        byObject.put(instruction.object(), instruction);
    }

    /** Forgets what was to be done to the object. */
    public void drop(String object) {
        byObject.remove(object);
    }

    /** Takes the instruction up; false where it was cancelled or replaced meanwhile. */
    public boolean due(Instruction instruction) {
        return byObject.remove(instruction.object(), instruction);
    }

    /** Whether the instruction still waits for its time: it was neither cancelled nor replaced. */
    public boolean holds(Instruction instruction) {
        return instruction.equals(byObject.get(instruction.object()));
    }

    /** Number of instructions that wait for their time. */
    public int size() {
        return byObject.size();
    }
}
