package org.postern.delivery.internal;

/** The same tests with queues that several nodes share. */
class SharedDeliveryRoutesTest extends DeliveryRoutesTest {

    @Override
    boolean shared() {
        return true;
    }
}
