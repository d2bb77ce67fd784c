package org.postern.gatewayclient.standalone;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.OpenGateway;
import org.postern.gatewayclient.OpenReceiver;
import org.postern.gatewayclient.TlsFiles;
import org.postern.gatewayclient.internal.StandaloneFactory;

/** Opens the client of the DCC's web services, and the service that the DCC calls, with default settings. */
public final class Gateways {

    private Gateways() {}

    /**
     * A gateway to the DCC.
     *
     * @param base address with scheme https, host and port, without a path
     * @param answerTimeout time from sending to the last byte of the answer, after which the exchange is in doubt
     * @throws PosternException where the address or the key files are not valid
     */
    public static OpenGateway open(URI base, TlsFiles tls, Duration answerTimeout, Clock clock) {
        return StandaloneFactory.gateway(base, tls, answerTimeout, clock);
    }

    /**
     * Receive Response on the loopback address.
     *
     * @param port the port; 0 for any free one
     * @throws PosternException where the port is in use or the key files are not valid
     */
    public static OpenReceiver receive(int port, TlsFiles tls, CallbackHandler handler) {
        return StandaloneFactory.receiver(port, tls, handler);
    }
}
