package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postern.gatewayclient.TlsFiles;
import org.postern.testkit.Await;

/** Which callers are accepted by their certificates, and how a refusal is reported. */
class CallbackServerTlsTest extends CallbackServerFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void withoutATrustedClientCertificateNothingReachesTheHandler() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        TlsFiles stranger = new TestCertificates(folder, "other").member("stranger", authority);
        assertThatThrownBy(() -> client(TestCertificates.withoutKey(dcc))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client(stranger).send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        HttpRequest plain = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/smartdcc/duis"))
                .POST(BodyPublishers.ofByteArray(DOCUMENT))
                .timeout(Duration.ofSeconds(5))
                .build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(plain, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        assertThat(taken).isEmpty();
    }

    @Test
    void aRefusedCertificateIsNamedAndACallerWithoutOneIsCounted() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        TlsFiles stranger = new TestCertificates(folder, "other").member("stranger", authority);
        assertThatThrownBy(() -> client(TestCertificates.alwaysSendingCertificate(stranger))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        Await.until("the refusal", PATIENCE, () -> server.lastRefusal().contains("CN=stranger serial"));
        assertThat(server.figures().get("postern_receive_response_certificates_refused_total"))
                .isPositive();
        long before = server.figures().get("postern_receive_response_handshakes_failed_total");
        assertThatThrownBy(() -> client(TestCertificates.withoutKey(dcc))
                        .send(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        Await.until(
                "the failed handshake",
                PATIENCE,
                () -> server.figures().get("postern_receive_response_handshakes_failed_total") > before);
    }
}
