package org.postern.simulator.devices.internal.schedule;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The instructions that wait for their time, one for each object that they change. Safe between threads. */
public final class PendingInstructions {

    private final Map<String, Instruction> byObject = new ConcurrentHashMap<>();

    /** Stores an instruction until its time; it replaces an earlier one for the same object. */
    public void keep(Instruction instruction) {
        byObject.put(instruction.object(), instruction);
    }

    /** Removes the instruction for the object. */
    public void drop(String object) {
        byObject.remove(object);
    }

    /** Removes the instruction because its time has come; false where it was cancelled or replaced meanwhile. */
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
