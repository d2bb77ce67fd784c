package org.postern.gatewayclient;

/** A gateway that was opened without OSGi. Whoever opened it has to close it. */
public interface OpenGateway extends DccGateway, AutoCloseable {

    /** Waits a few seconds for exchanges in progress, then closes all connections. */
    @Override
    void close();
}
