package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Await;

/** The HTTP interface with TLS: a replaced key is used for the next connection without a restart. */
class HttpTlsTest extends IntakeBench {

    /** Long, because these tests do not concern the deadline. */
    @Override
    int requestSeconds() {
        return 60;
    }

    @Override
    IntakeConfig config() throws Exception {
        IntakeConfig plain = super.config();
        Path store = home.resolve("interface.p12");
        if (!Files.exists(store)) {
            HttpKeysTest.store(store, "localhost");
            Files.writeString(home.resolve("password"), "changeit");
        }
        return (IntakeConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IntakeConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "httpKeyStore" -> store.toString();
                    case "httpKeyStorePasswordFile" -> home.resolve("password").toString();
                    default -> method.invoke(plain, arguments);
                });
    }

    /** The certificate that a new client receives. */
    private X509Certificate shown() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String file : new String[] {"interface.p12", "next.p12"}) {
            if (Files.exists(home.resolve(file))) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(home.resolve(file))) {
                    store.load(in, "changeit".toCharArray());
                }
                trusted.setCertificateEntry(file, store.getCertificate("interface"));
            }
        }
        if (first != null) {
            trusted.setCertificateEntry("first", first);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpResponse<String> answer = HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/health"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    private X509Certificate first;

    @Test
    void aReplacedKeyIsUsedForTheNextConnection() throws Exception {
        first = shown();
        Files.move(
                HttpKeysTest.store(home.resolve("next.p12"), "localhost"),
                home.resolve("interface.p12"),
                StandardCopyOption.REPLACE_EXISTING);
        Await.until("the new certificate is shown", Duration.ofSeconds(30), () -> !shown().equals(first));
        assertThat(shown().getSerialNumber()).isNotEqualTo(first.getSerialNumber());
    }
}
