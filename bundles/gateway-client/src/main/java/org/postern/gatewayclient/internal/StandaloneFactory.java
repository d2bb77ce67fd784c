package org.postern.gatewayclient.internal;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.OpenGateway;
import org.postern.gatewayclient.OpenReceiver;
import org.postern.gatewayclient.TlsFiles;

/** Opens the gateway client and Receive Response with the default settings, for callers without OSGi. */
public final class StandaloneFactory {

    private StandaloneFactory() {}

    /** A client of the DCC's three web services at that address. */
    public static OpenGateway gateway(URI base, TlsFiles tls, Duration answerTimeout, Clock clock) {
        return new HttpsGateway(
                new GatewaySettings(
                        base,
                        GatewaySettings.endpoints(
                                base.toString(),
                                GatewaySettings.TRANSFORM_PATH,
                                GatewaySettings.SEND_COMMAND_PATH,
                                GatewaySettings.NON_DEVICE_PATH),
                        tls,
                        Duration.ofSeconds(GatewaySettings.CONNECT_SECONDS),
                        answerTimeout,
                        Duration.ofSeconds(GatewaySettings.IDLE_SECONDS),
                        GatewaySettings.CONNECTIONS,
                        GatewaySettings.PREPAYMENT_CONNECTIONS,
                        GatewaySettings.MAX_ANSWER_BYTES,
                        true),
                clock);
    }

    /** Receive Response on a port of the loopback address. */
    public static OpenReceiver receiver(int port, TlsFiles tls, CallbackHandler handler) {
        CallbackServer server = new CallbackServer(
                        new CallbackServer.Settings(
                                "127.0.0.1",
                                port,
                                CallbackServer.Settings.DEFAULT_PATH,
                                tls,
                                CallbackServer.Settings.MAX_BYTES,
                                CallbackServer.Settings.ACK_STATUS,
                                CallbackServer.Settings.BAD_STATUS,
                                CallbackServer.Settings.BUSY_STATUS,
                                CallbackServer.Settings.MAX_IN_FLIGHT,
                                Duration.ofSeconds(CallbackServer.Settings.IDLE_SECONDS),
                                Duration.ofSeconds(CallbackServer.Settings.REQUEST_SECONDS)),
                        handler)
                .start();
        return new OpenReceiver() {
            @Override
            public int port() {
                return server.port();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
