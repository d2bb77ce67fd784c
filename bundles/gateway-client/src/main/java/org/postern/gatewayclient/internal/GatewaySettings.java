package org.postern.gatewayclient.internal;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.settings.SettingForm;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.TlsFiles;

/**
 * The addresses of the DCC, and how to call it.
 *
 * @param endpoints full address of each service
 * @param connectTimeout time for opening a connection, including the TLS handshake
 * @param answerTimeout time from sending to the last byte of the answer
 * @param idleTimeout a connection that has been idle for this time is closed
 * @param maxConnections maximum number of concurrent exchanges, each on a persistent connection
 * @param prepaymentConnections how many of them only {@link org.postern.catalogue.Lane#PREPAYMENT} may use
 * @param maxAnswerBytes maximum size of an answer
 * @param checkHostName whether the server's certificate must contain the host name of the address
 */
record GatewaySettings(
        URI baseUrl,
        Map<ServiceEndpoint, URI> endpoints,
        TlsFiles tls,
        Duration connectTimeout,
        Duration answerTimeout,
        Duration idleTimeout,
        int maxConnections,
        int prepaymentConnections,
        int maxAnswerBytes,
        boolean checkHostName) {

    static final String PID = "org.postern.gateway";
    static final String TRANSFORM_PATH = "/api/v1/serviceT";
    static final String SEND_COMMAND_PATH = "/api/v1/serviceS";
    static final String NON_DEVICE_PATH = "/api/v1/serviceD";
    static final int CONNECT_SECONDS = 5;
    static final int IDLE_SECONDS = 25;
    static final int CONNECTIONS = 8;
    static final int PREPAYMENT_CONNECTIONS = 2;
    static final int MAX_ANSWER_BYTES = 4_194_304;

    GatewaySettings {
        endpoints = Map.copyOf(endpoints);
    }

    /** Joins the base address and the three paths. */
    static Map<ServiceEndpoint, URI> endpoints(String baseUrl, String transform, String sendCommand, String nonDevice) {
        Map<ServiceEndpoint, URI> endpoints = new EnumMap<>(ServiceEndpoint.class);
        endpoints.put(ServiceEndpoint.TRANSFORM, uri("transformPath", baseUrl, transform));
        endpoints.put(ServiceEndpoint.SEND_COMMAND, uri("sendCommandPath", baseUrl, sendCommand));
        endpoints.put(ServiceEndpoint.NON_DEVICE, uri("nonDevicePath", baseUrl, nonDevice));
        return endpoints;
    }

    static URI uri(String setting, String baseUrl, String path) {
        try {
            return SettingForm.httpsAddress(baseUrl, path);
        } catch (IllegalArgumentException e) {
            throw new PosternException(
                    GatewayFault.SETTING.fault(
                            PID + "/" + setting,
                            "an https address with a host",
                            "something else",
                            "write it as https://host:port and a path"),
                    e);
        }
    }
}
