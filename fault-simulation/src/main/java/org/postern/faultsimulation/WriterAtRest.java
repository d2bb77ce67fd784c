package org.postern.faultsimulation;

/**
 * Whether the ledger's writer has come to the end of what it does. Whoever writes is told of it before the writer has told all the
 * others of the same group, and what follows for those happens on the writer's thread: whoever goes on only once the writer rests goes
 * on at the same place in every run. The writer is the thread that asks for the time beside the simulation's own, which it does before
 * each group.
 */
final class WriterAtRest {

    private static final long LOOK_MILLIS = 100;

    private final Thread simulation = Thread.currentThread();
    private Thread writer;
    private boolean works;

    /** Somebody asks for the time of the machine. */
    synchronized void asked() {
        if (Thread.currentThread() != simulation) {
            writer = Thread.currentThread();
            works = false;
            notifyAll();
        }
    }

    /** Somebody uses the database. */
    synchronized void used() {
        works |= Thread.currentThread() == writer;
    }

    /** Returns once the writer has nothing more to do with what it was handed in, or has ended. */
    synchronized void await() {
        boolean interrupted = false;
        while (works && writer.isAlive()) {
            try {
                wait(LOOK_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
