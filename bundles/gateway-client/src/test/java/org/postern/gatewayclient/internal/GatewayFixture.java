package org.postern.gatewayclient.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.gatewayclient.TlsFiles;

/** Certificates, scripted servers and gateways for the tests of the gateway client. */
abstract class GatewayFixture {

    static final byte[] REQUEST = "<sr:Request/>".getBytes(StandardCharsets.UTF_8);

    static final byte[] ANSWER = "<sr:Response/>".getBytes(StandardCharsets.UTF_8);

    static final String XML = "Content-Type: application/xml; charset=UTF-8\r\n";

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    TestCertificates authority;

    TlsFiles dcc;

    TlsFiles ours;

    final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeCertificates() throws Exception {
        authority = new TestCertificates(folder, "authority");
        dcc = authority.member("dcc", authority, "localhost", "127.0.0.1");
        ours = authority.member("postern", authority);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    ScriptedDcc server(ScriptedDcc.Script script) throws Exception {
        ScriptedDcc server = new ScriptedDcc(dcc, script);
        open.add(server);
        return server;
    }

    HttpsGateway gateway(int port) {
        return gateway(settings(port, ours, Duration.ofSeconds(10), 4, 1 << 20, true, "localhost"));
    }

    HttpsGateway gateway(GatewaySettings settings) {
        HttpsGateway gateway = new HttpsGateway(settings, CLOCK);
        open.add(0, gateway);
        return gateway;
    }

    static GatewaySettings settings(
            int port, TlsFiles tls, Duration timeout, int connections, int largest, boolean checkHost, String host) {
        String base = "https://" + host + ":" + port;
        return new GatewaySettings(
                GatewaySettings.uri("baseUrl", base, ""),
                GatewaySettings.endpoints(base, "/api/v1/serviceT", "/api/v1/serviceS", "api/v1/serviceD"),
                tls,
                Duration.ofSeconds(5),
                timeout,
                Duration.ofSeconds(1),
                connections,
                1,
                largest,
                checkHost);
    }
}
