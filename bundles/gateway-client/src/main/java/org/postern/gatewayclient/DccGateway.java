package org.postern.gatewayclient;

import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;

/**
 * The three web services of the DCC. Safe for many threads; a call blocks until it has a connection, and then until the
 * DCC has answered or a timeout of the configuration has passed.
 */
public interface DccGateway {

    /**
     * Posts one signed document. The bytes are sent exactly as given, so that in doubt the identical bytes can be sent
     * again.
     *
     * @param lane whose connections it may use: some are kept free for {@link Lane#PREPAYMENT}
     * @param endpoint which service
     * @param signedDuis the signed document
     * @return how the exchange ended; never null, and never an exception for what the network or the DCC does
     */
    Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis);

    /** What is configured and how it has gone so far, for people. */
    GatewayStatus status();
}
