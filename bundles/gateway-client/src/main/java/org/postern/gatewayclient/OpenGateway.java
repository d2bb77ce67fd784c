package org.postern.gatewayclient;

/** A gateway that whoever opened it closes again. */
public interface OpenGateway extends DccGateway, AutoCloseable {

    /** Lets exchanges under way end, for a short while, then gives up the connections. */
    @Override
    void close();
}
