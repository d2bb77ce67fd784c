package org.postern.faultsimulation;

/**
 * The simulated process was killed: thrown at every effect that it tries from then on. An error, so that no rule of the
 * product takes it for a fault.
 */
final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("the simulated process was killed", null, false, false);
    }
}
