package org.postern.faultsimulation;

/**
 * Waits until the ledger's writer thread is idle. A caller's write completes before the writer has completed the others
 * of the same group, whose follow-ups run on the writer's thread: a caller that continues only when the writer is idle
 * continues at the same point in every run. The writer is the thread that asks for the time beside the simulation's
 * own, which it does before each group; what it asks for while it hands in a write itself, as a follow-up may, does not
 * count.
 */
final class WriterAtRest {

    private static final long POLL_MILLIS = 100;

    private final Thread simulation = Thread.currentThread();
    private Thread writer;
    private boolean works;
    /** Calls of the ledger that are going on on the writer's thread. */
    private int inside;

    /** Somebody asks for the time of the machine. */
    synchronized void asked() {
        if (Thread.currentThread() != simulation && inside == 0) {
            writer = Thread.currentThread();
            works = false;
            notifyAll();
        }
    }

    /** Somebody uses the database. */
    synchronized void used() {
        works |= Thread.currentThread() == writer;
    }

    /** A call of the ledger begins. */
    synchronized void enter() {
        if (Thread.currentThread() != simulation) {
            inside++;
        }
    }

    /** That call ends; returns once the writer rests, where it was not the writer's own. */
    synchronized void leave() {
        if (Thread.currentThread() == simulation) {
            await();
        } else {
            inside--;
        }
    }

    /** Returns once the writer has nothing more to do with what it was handed in, or has ended. */
    private void await() {
        boolean interrupted = false;
        while (works && writer.isAlive()) {
            try {
                wait(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
