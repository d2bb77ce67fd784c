package org.postern.simulator.dcc;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.SignerDirectory;
import org.postern.duis.VerifiedDuis;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.devices.UserKeys;
import org.postern.simulator.pki.SimulatorPki;

/**
 * A DCC User with its own keys and its own Receive Response service: all that a test needs on the other side of the
 * wire.
 */
final class TestUser extends UserKeys implements AutoCloseable {

    final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final AtomicInteger refuseNext = new AtomicInteger();
    private final HttpsServer server;
    private final HttpClient client;
    private final DuisVerifier verifier;
    private final SimulatorPki pki;
    int port;

    TestUser(SimulatorPki pki, EcProvider ec) throws Exception {
        super(pki, ec);
        this.pki = pki;
        Path postern = pki.folder().resolve("postern");
        this.verifier = new DuisVerifier(
                DuisLimits.DEFAULT,
                SignerDirectory.of(List.of(signer(SimulatorPki.ACCESS_CONTROL_BROKER), signer(SimulatorPki.TRANSFORM))),
                ec);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls(postern.resolve("tls"), "client"))
                .build();
        this.server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(postern.resolve("tls"), "server")) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/smartdcc/duis", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean refuse = refuseNext.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            if (!refuse) {
                received.add(body);
            }
            exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        port = server.getAddress().getPort();
    }

    URI callbackUrl() {
        return URI.create("https://localhost:" + port + "/smartdcc/duis");
    }

    static SSLContext tls(Path folder, String name) throws Exception {
        char[] word = Files.readString(folder.resolve("password")).toCharArray();
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            own.load(in, word);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("trust.p12"))) {
            trusted.load(in, word);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, word);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    X509Certificate signer(Eui64 eui) throws Exception {
        try (InputStream in = Files.newInputStream(pki.certificates().resolve(eui.fileName() + "-xml.pem"))) {
            return (X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    HttpResponse<byte[]> post(int dccPort, ServiceEndpoint endpoint, byte[] document) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + dccPort + "/api/v1/" + endpoint.path()))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/xml")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(document))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    VerifiedDuis<DuisResponse> verify(byte[] document) {
        return verifier.verifyResponse(document);
    }

    /** The next callback, verified. */
    VerifiedDuis<DuisResponse> callback() throws InterruptedException {
        byte[] document = received.poll(10, TimeUnit.SECONDS);
        if (document == null) {
            throw new AssertionError("no callback came");
        }
        return verify(document);
    }

    /** The next callback that answers this request; what still comes of earlier tests is passed over. */
    VerifiedDuis<DuisResponse> callback(DuisRequest request) throws InterruptedException {
        VerifiedDuis<DuisResponse> next = callback();
        while (!next.document().requestId().equals(Optional.of(request.requestId()))) {
            next = callback();
        }
        return next;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
