package org.postern.gatewayclient;

/** Receive Response that whoever opened it closes again. */
public interface OpenReceiver extends ReceiveResponse, AutoCloseable {

    /** Closes the port. */
    @Override
    void close();
}
