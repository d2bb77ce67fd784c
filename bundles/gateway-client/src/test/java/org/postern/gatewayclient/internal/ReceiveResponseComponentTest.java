package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.CallbackHandler.Receipt;
import org.postern.testkit.Await;

/** Changes of the handler, the settings and the key files while Receive Response is in use. */
class ReceiveResponseComponentTest extends CallbackServerFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void thePortStaysOpenWhileTheHandlerIsReplaced() throws Exception {
        ReceiveResponseComponent.Config config = config(files(0));
        ReceiveResponseComponent component = new ReceiveResponseComponent(config);
        open.add(component::deactivate);
        URI uri = URI.create("https://localhost:" + component.port() + "/smartdcc/duis");
        HttpRequest post = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/xml")
                .POST(BodyPublishers.ofByteArray(DOCUMENT))
                .build();
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        CallbackHandler handler = (document, peer) -> take(document);
        component.bindHandler(handler);
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
        component.unbindHandler(handler);
        assertThat(client(dcc)
                        .send(post, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(503);
        assertThat(taken).hasSize(1);
    }

    @Test
    void aPortInUseIsAFaultUntilItIsFree() throws Exception {
        CallbackServer other = start((document, peer) -> Receipt.TAKEN);
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(other.port())));
        open.add(component::deactivate);
        assertThat(component.port()).isEqualTo(-1);
        assertThat(component.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-7002"));
        other.close();
        Await.until("the open port", PATIENCE, () -> component.port() > 0);
        assertThat(component.trouble()).isEmpty();
    }

    @Test
    void renewedKeyFilesAreUsedAndInvalidOnesLeaveTheListenerUnchanged() throws Exception {
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(0)));
        open.add(component::deactivate);
        component.bindHandler((document, peer) -> take(document));
        String first = serial(component.port());
        byte[] good = Files.readAllBytes(ours.keyStore());
        authority.renewWithWrongKey("postern", "localhost");
        Await.until("the fault", PATIENCE, () -> component.trouble().isPresent());
        assertThat(component.trouble().orElseThrow().cause()).contains("CN=postern", "serial");
        assertThat(serial(component.port())).isEqualTo(first);
        Files.write(ours.keyStore(), "half a file".getBytes(StandardCharsets.UTF_8));
        assertThat(serial(component.port())).isEqualTo(first);
        authority.member("postern", authority, "localhost");
        Await.until("the end of the fault", PATIENCE, () -> component.trouble().isEmpty());
        assertThat(serial(component.port())).isNotEqualTo(first);
        assertThat(good).isNotEqualTo(Files.readAllBytes(ours.keyStore()));
    }

    @Test
    void invalidSettingsLeaveTheListenerUnchanged() throws Exception {
        ReceiveResponseComponent component = new ReceiveResponseComponent(config(files(0)));
        open.add(component::deactivate);
        int port = component.port();
        Map<String, Object> wrong = new HashMap<>(files(0));
        wrong.put("keyStore", ours.trustStore().toString());
        component.configure(config(wrong));
        assertThat(component.port()).isEqualTo(port);
        assertThat(component.trouble())
                .hasValueSatisfying(
                        fault -> assertThat(fault.field()).isEqualTo("org.postern.receiveresponse/keyStore"));
        component.configure(config(files(0)));
        assertThat(component.trouble()).isEmpty();
    }

    private String serial(int port) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) TestCertificates.context(dcc).getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber()
                    .toString();
        }
    }

    private Map<String, Object> files(int port) {
        return Map.of(
                "port",
                port,
                "keyStore",
                ours.keyStore().toString(),
                "keyStorePasswordFile",
                ours.keyStorePassword().toString(),
                "trustStore",
                ours.trustStore().toString(),
                "trustStorePasswordFile",
                ours.trustStorePassword().toString());
    }

    private static ReceiveResponseComponent.Config config(Map<String, Object> values) {
        return (ReceiveResponseComponent.Config) Proxy.newProxyInstance(
                ReceiveResponseComponentTest.class.getClassLoader(),
                new Class<?>[] {ReceiveResponseComponent.Config.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
