package org.postern.parsecorrelate.internal.transform;

/** One step of a message's recipe: adds items, components or content to the message that is being built. */
@FunctionalInterface
interface Step {

    void run(Scope scope, MessageBuilder message);
}
