package org.postern.gatewayclient.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.gatewayclient.TlsFiles;

/** The gateway as configured; a changed setting makes a new one. */
@Component(service = DccGateway.class, configurationPid = GatewaySettings.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GatewayComponent.Config.class)
public final class GatewayComponent implements DccGateway {

    /** Settings of PID {@code org.postern.gateway}. */
    @ObjectClassDefinition(name = "Postern gateway client", description = "Where the DCC's three web services are and how to call them.")
    @interface Config {

        @AttributeDefinition(name = "Base address", description = "Scheme https, host and port of the DCC User Gateway, without the paths.")
        String baseUrl();

        @AttributeDefinition(name = "Path of Transform", description = "Takes critical Service Requests.")
        String transformPath() default "/api/v1/serviceT";

        @AttributeDefinition(name = "Path of Send Command", description = "Takes non-critical requests and Signed Pre-Commands.")
        String sendCommandPath() default "/api/v1/serviceS";

        @AttributeDefinition(name = "Path of Non-Device", description = "Takes requests that the DCC carries out itself, and local delivery.")
        String nonDevicePath() default "/api/v1/serviceD";

        @AttributeDefinition(name = "Client key store", description = "PKCS#12 file with our TLS client key and its certificates.")
        String keyStore();

        @AttributeDefinition(name = "Password file of the key store", description = "File that holds the password and nothing else.")
        String keyStorePasswordFile();

        @AttributeDefinition(name = "Trust store", description = "PKCS#12 file with the authorities that may have issued the DCC's server certificate.")
        String trustStore();

        @AttributeDefinition(name = "Password file of the trust store", description = "File that holds the password and nothing else.")
        String trustStorePasswordFile();

        @AttributeDefinition(name = "TLS versions", description = "TLSv1.3, TLSv1.2 or both, joined by commas.")
        String protocols() default "TLSv1.3,TLSv1.2";

        @AttributeDefinition(name = "Cipher suites", description = "JSSE names joined by commas; empty for the JDK's own choice.")
        String cipherSuites() default "";

        @AttributeDefinition(name = "Check host name", description = "The server's certificate must carry the host name of the base address.")
        boolean checkHostName() default true;

        @AttributeDefinition(name = "Connect timeout", description = "Seconds until a connection with TLS must stand.", min = "1", max = "120")
        int connectTimeoutSeconds() default 5;

        @AttributeDefinition(name = "Answer timeout", description = "Seconds from sending to the last byte of the answer; then the exchange is in doubt.", min = "1", max = "600")
        int answerTimeoutSeconds() default 30;

        @AttributeDefinition(name = "Connections", description = "Most exchanges at the same time; each has a connection that is kept open.", min = "1", max = "64")
        int maxConnections() default 8;

        @AttributeDefinition(name = "Largest answer", description = "Bytes of an answer above which it is not read.", min = "1024", max = "67108864")
        int maxAnswerBytes() default 4_194_304;
    }

    private final HttpsGateway gateway;

    @Activate
    public GatewayComponent(Config config) {
        range("connectTimeoutSeconds", config.connectTimeoutSeconds(), 1, 120);
        range("answerTimeoutSeconds", config.answerTimeoutSeconds(), 1, 600);
        range("maxConnections", config.maxConnections(), 1, 64);
        range("maxAnswerBytes", config.maxAnswerBytes(), 1024, 67_108_864);
        String baseUrl = present(GatewaySettings.PID, "baseUrl", config.baseUrl());
        TlsFiles tls = new TlsFiles(file(GatewaySettings.PID, "keyStore", config.keyStore()),
                file(GatewaySettings.PID, "keyStorePasswordFile", config.keyStorePasswordFile()),
                file(GatewaySettings.PID, "trustStore", config.trustStore()),
                file(GatewaySettings.PID, "trustStorePasswordFile", config.trustStorePasswordFile()),
                list(config.protocols()), list(config.cipherSuites()));
        this.gateway = new HttpsGateway(new GatewaySettings(GatewaySettings.uri("baseUrl", baseUrl, ""),
                GatewaySettings.endpoints(baseUrl, config.transformPath(), config.sendCommandPath(), config.nonDevicePath()), tls,
                Duration.ofSeconds(config.connectTimeoutSeconds()), Duration.ofSeconds(config.answerTimeoutSeconds()),
                config.maxConnections(), config.maxAnswerBytes(), config.checkHostName()), Clock.systemUTC());
    }

    static Path file(String pid, String name, String value) {
        return Path.of(present(pid, name, value));
    }

    static String present(String pid, String name, String value) {
        if (value == null || value.isBlank()) {
            throw new PosternException(GatewayFault.SETTING.fault(pid + "/" + name, "a value", "missing", "set it"));
        }
        return value.strip();
    }

    static List<String> list(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    }

    private static void range(String name, int value, int least, int most) {
        range(GatewaySettings.PID, name, value, least, most);
    }

    static void range(String pid, String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new PosternException(GatewayFault.SETTING.fault(pid + "/" + name, least + " to " + most,
                    Long.toString(value), "correct the setting"));
        }
    }

    @Override
    public Exchange post(ServiceEndpoint endpoint, byte[] signedDuis) {
        return gateway.post(endpoint, signedDuis);
    }

    @Override
    public GatewayStatus status() {
        return gateway.status();
    }

    @Deactivate
    void deactivate() {
        gateway.close();
    }
}
