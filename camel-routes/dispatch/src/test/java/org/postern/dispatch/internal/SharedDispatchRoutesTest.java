package org.postern.dispatch.internal;

/** The same where several nodes share the queues. */
class SharedDispatchRoutesTest extends DispatchRoutesTest {

    @Override
    boolean shared() {
        return true;
    }
}
