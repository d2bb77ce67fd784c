package org.postern.gatewayclient.standalone;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.OpenGateway;
import org.postern.gatewayclient.OpenReceiver;
import org.postern.gatewayclient.TlsFiles;
import org.postern.gatewayclient.internal.Direct;

/** The web services that we call and the one that we host, with the settings that hold where none are given. */
public final class Gateways {

    private Gateways() {}

    /**
     * A gateway to the DCC.
     *
     * @param base scheme https, host and port, without the paths
     * @param answerTimeout from sending to the last byte of the answer; then the exchange is in doubt
     * @throws PosternException where address or key files do not fit
     */
    public static OpenGateway open(URI base, TlsFiles tls, Duration answerTimeout, Clock clock) {
        return Direct.gateway(base, tls, answerTimeout, clock);
    }

    /**
     * Receive Response on the loopback address.
     *
     * @param port 0 for any free one
     * @throws PosternException where the port is taken or key files do not fit
     */
    public static OpenReceiver receive(int port, TlsFiles tls, CallbackHandler handler) {
        return Direct.receiver(port, tls, handler);
    }
}
