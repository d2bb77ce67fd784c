package org.postern.gatewayclient;

import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;

/**
 * The three web services of the DCC. Safe for many threads; a call blocks until a connection is free, and then until
 * the DCC has answered or a configured timeout has passed.
 */
public interface DccGateway {

    /**
     * Posts one signed document. The bytes are sent exactly as given, so that the identical bytes can be sent again
     * where the outcome is in doubt.
     *
     * @param lane determines which connections it may use: some are reserved for {@link Lane#PREPAYMENT}
     * @param endpoint the web service
     * @param signedDuis the signed document
     * @return the outcome; failures of the network or the DCC are outcomes too, and never thrown as exceptions
     */
    Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis);

    /** The configured address, and counters of the exchanges since start. */
    GatewayStatus status();
}
