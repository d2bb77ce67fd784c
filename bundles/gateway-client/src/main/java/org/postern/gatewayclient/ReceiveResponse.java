package org.postern.gatewayclient;

/** The web service that the DCC calls; there while it listens. */
public interface ReceiveResponse {

    /** The TLS port that is open. */
    int port();
}
