package org.postern.dispatch.internal;

/** The same tests with queues that several nodes share. */
class SharedDispatchRoutesTest extends DispatchRoutesTest {

    @Override
    boolean shared() {
        return true;
    }
}
