package org.postern.dccsimulator;

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
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.SignerDirectory;
import org.postern.duis.VerifiedDuis;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.TopUpToken;

/**
 * A DCC User with its own keys and its own Receive Response service: all that a test needs on the other side of the
 * wire.
 */
final class TestUser implements AutoCloseable, PartyKeys {

    final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final AtomicInteger refuseNext = new AtomicInteger();
    private final EcProvider ec;
    private final GbcsCrypto crypto;
    private final KeyStore vault = KeyStore.getInstance("PKCS12");
    private final char[] password;
    private final HttpsServer server;
    private final HttpClient client;
    private final AtomicLong counter = new AtomicLong(1000);
    private final org.postern.gbcs.KeyFolder certificates;
    private final DuisVerifier verifier;
    private final SimulatorPki pki;
    int port;

    TestUser(SimulatorPki pki, EcProvider ec) throws Exception {
        this.pki = pki;
        this.ec = ec;
        this.crypto = new GbcsCrypto(ec);
        this.certificates = new org.postern.gbcs.KeyFolder(pki.certificates(), ec, crypto);
        Path postern = pki.folder().resolve("postern");
        this.password = Files.readString(postern.resolve("vault/keys.password")).toCharArray();
        try (InputStream in = Files.newInputStream(postern.resolve("vault/keys.p12"))) {
            vault.load(in, password);
        }
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

    private PrivateKey key(String alias) {
        try {
            return ec.privateKey(vault.getKey(alias, password).getEncoded());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String alias(UserRole role) {
        return role.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A request with the next counter. */
    DuisRequest request(UserRole role, Eui64 target, CommandVariant variant, String srv, DuisElement body) {
        String reference = srv.equals("4.1.1") ? "4.1" : srv;
        return new DuisRequest(
                new RequestId(SimulatorPki.user(role), target, counter.incrementAndGet()),
                variant,
                reference,
                srv,
                body);
    }

    byte[] sign(UserRole role, DuisRequest request) throws Exception {
        X509Certificate certificate = (X509Certificate) vault.getCertificate(alias(role) + "-xml");
        PrivateKey key = key(alias(role) + "-xml");
        return new DuisSigner(certificate, info -> ec.sign(key, info, 0, info.length)).sign(DuisWriter.write(request));
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

    /** Digits of a top-up token: so many pounds, by the counter whose upper half is that number. */
    String token(UserRole role, Eui64 meter, long number, int pounds) {
        byte[] secret = crypto.agree(
                key(alias(role) + "-prepay"),
                certificates.certificate(meter, KeyUse.KEY_AGREEMENT).orElseThrow());
        return TopUpToken.make(
                        crypto, secret, SimulatorPki.user(role), meter, number << 32, TopUpToken.Unit.POUNDS, pounds)
                .digits();
    }

    /** The Pre-Command, signed as the role. */
    byte[] signPreCommand(UserRole role, byte[] preCommand) {
        GbcsMessage message = new GbcsCodec().decode(preCommand);
        return message.signed(crypto.sign(key(alias(role) + "-sign"), message.toBeSigned()))
                .encoded()
                .toArray();
    }

    @Override
    public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        return certificates.certificate(party, use);
    }

    @Override
    public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
        UserRole role = SimulatorPki.role(own);
        return role == null
                ? Optional.empty()
                : Optional.of(crypto.agree(key(alias(role) + (use == KeyUse.PREPAYMENT ? "-prepay" : "-agree")), peer));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
