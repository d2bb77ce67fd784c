package org.postern.parsecorrelate.internal.transform;

/** One step of a use case: adds items, components or content to the message that is being built. */
@FunctionalInterface
interface Step {

    void run(Scope scope, MessageBuilder message);
}
