package org.postern.gatewayclient;

/** A Receive Response service that was opened without OSGi. Whoever opened it has to close it. */
public interface OpenReceiver extends ReceiveResponse, AutoCloseable {

    /** Closes the port. */
    @Override
    void close();
}
