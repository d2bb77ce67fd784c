package org.postern.gatewayclient;

/** The web service that the DCC calls. */
public interface ReceiveResponse {

    /** The TLS port that is open; -1 while no port is open. */
    int port();
}
