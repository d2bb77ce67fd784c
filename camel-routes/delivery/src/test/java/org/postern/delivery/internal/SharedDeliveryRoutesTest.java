package org.postern.delivery.internal;

/** The same where several nodes share the queues. */
class SharedDeliveryRoutesTest extends DeliveryRoutesTest {

    @Override
    boolean shared() {
        return true;
    }
}
