package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.TlsFiles;
import org.postern.testkit.Await;

class HttpsGatewayTest {

    private static final byte[] REQUEST = "<sr:Request/>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER = "<sr:Response/>".getBytes(StandardCharsets.UTF_8);
    private static final String XML = "Content-Type: application/xml; charset=UTF-8\r\n";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private ThrowawayTls authority;
    private TlsFiles dcc;
    private TlsFiles ours;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeCertificates() throws Exception {
        authority = new ThrowawayTls(folder, "authority");
        dcc = authority.member("dcc", authority, "localhost", "127.0.0.1");
        ours = authority.member("postern", authority);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void postsTheExactBytesToTheServicesPathAndGivesBackTheExactAnswer() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        HttpsGateway gateway = gateway(server.port());
        Exchange exchange = gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(exchange)
                .isInstanceOfSatisfying(
                        Exchange.Answered.class, a -> assertThat(a.document()).isEqualTo(ANSWER));
        assertThat(server.bodies).containsExactly(REQUEST);
        assertThat(server.heads.get(0))
                .startsWith("POST /api/v1/serviceT HTTP/1.1")
                .contains("application/xml");
        assertThat(gateway.status().answered()).isEqualTo(1);
        assertThat(gateway.status().lastAnswerAt()).contains(CLOCK.instant());
    }

    // performance.md 7: a handshake for each post costs more than all else; reuse must be proved, not assumed.
    @Test
    void aHundredPostsFromFourThreadsShareAtMostTwoConnections() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        HttpsGateway gateway =
                gateway(settings(server.port(), ours, Duration.ofSeconds(20), 2, 1 << 20, true, "localhost"));
        var threads = Executors.newFixedThreadPool(4);
        open.add(threads::shutdownNow);
        List<Callable<Exchange>> posts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            posts.add(() -> gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST));
        }
        for (Future<Exchange> post : threads.invokeAll(posts)) {
            assertThat(post.get()).isInstanceOf(Exchange.Answered.class);
        }
        assertThat(server.handshakes.get()).isBetween(1, 2);
        assertThat(gateway.status().handshakes()).isEqualTo(server.handshakes.get());
    }

    @Test
    void aTopUpDoesNotWaitBehindRoutineWorkThatASlowDccHolds() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        byte[] slow = "<sr:Slow/>".getBytes(StandardCharsets.UTF_8);
        RudeDcc server = server((body, out) -> {
            if (Arrays.equals(body, slow)) {
                release.await();
            }
            return RudeDcc.says("200 OK", XML, ANSWER).answer(body, out);
        });
        HttpsGateway gateway = gateway(server.port());
        var threads = Executors.newFixedThreadPool(8);
        open.add(threads::shutdownNow);
        List<Future<Exchange>> routine = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            routine.add(threads.submit(() -> gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, slow)));
        }
        // three of the four connections are the most that routine work has
        Await.until("three slow exchanges", Duration.ofSeconds(10), () -> server.bodies.size() == 3);
        assertThat(gateway.post(Lane.PREPAYMENT, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(server.bodies).containsExactly(slow, slow, slow, REQUEST);
        release.countDown();
        for (Future<Exchange> each : routine) {
            assertThat(each.get()).isInstanceOf(Exchange.Answered.class);
        }
        assertThat(gateway.status().unreachable()).isZero();
    }

    @Test
    void aStatusWithoutADocumentIsARefusalAndSaysWhenToComeBack() throws Exception {
        assertRefused("503 Busy", "Retry-After: 7\r\n", 503, Optional.of(Duration.ofSeconds(7)), true);
        assertRefused(
                "429 Slow",
                "Retry-After: Mon, 23 Nov 2026 12:00:30 GMT\r\n",
                429,
                Optional.of(Duration.ofSeconds(30)),
                true);
        assertRefused("503 Busy", "Retry-After: 999999999\r\n", 503, Optional.of(Duration.ofHours(1)), true);
        assertRefused("400 Bad", "Retry-After: nonsense\r\n", 400, Optional.empty(), false);
        assertRefused("302 Found", "Location: https://localhost/elsewhere\r\n", 302, Optional.empty(), false);
    }

    private void assertRefused(String status, String headers, int code, Optional<Duration> wait, boolean worthRepeating)
            throws Exception {
        Exchange exchange = gateway(
                        server(RudeDcc.says(status, headers, ANSWER)).port())
                .post(Lane.ROUTINE, ServiceEndpoint.NON_DEVICE, REQUEST);
        assertThat(exchange)
                .isEqualTo(
                        new Exchange.Refused(code, wait, new String(ANSWER, java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(((Exchange.Refused) exchange).worthRepeating()).isEqualTo(worthRepeating);
    }

    @Test
    void anAnswerThatIsLostLateOrUnusableLeavesTheExchangeInDoubt() throws Exception {
        assertInDoubt((body, out) -> false);
        assertInDoubt((body, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/xml\r\n\r\n<half"
                    .getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertInDoubt((body, out) -> {
            out.write("not HTTP at all\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
            return false;
        });
        assertInDoubt(RudeDcc.says("200 OK", "Content-Type: text/html\r\n", ANSWER));
        assertInDoubt(RudeDcc.says("200 OK", "", ANSWER));
        assertInDoubt(RudeDcc.says("200 OK", XML, new byte[0]));
        assertInDoubt(RudeDcc.says("200 OK", XML, new byte[(1 << 20) + 1]));
    }

    @Test
    void silenceAndDribblingAreInDoubtAfterTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        assertInDoubt((body, out) -> {
            never.await();
            return false;
        });
        assertInDoubt((body, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n" + XML + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            while (!never.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
            return false;
        });
    }

    /** A probe listens as an exchange does whose first connection failed. */
    @Test
    void aDccThatNeverEndsARecordHoldsNobodyWhoListensForARefusal() throws Exception {
        DribblingDcc server = new DribblingDcc(dcc);
        open.add(server);
        HttpsGateway gateway = gateway(server.port());
        CompletableFuture.runAsync(() -> gateway.probe(Duration.ZERO)).get(8, TimeUnit.SECONDS);
        assertThat(server.dribbled.get())
                .as("it was listened to: " + gateway.status().trouble())
                .isGreaterThan(5);
    }

    private void assertInDoubt(RudeDcc.Manners manners) throws Exception {
        RudeDcc server = server(manners);
        HttpsGateway gateway =
                gateway(settings(server.port(), ours, Duration.ofSeconds(2), 4, 1 << 20, true, "localhost"));
        Exchange exchange = gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST);
        assertThat(exchange).isInstanceOf(Exchange.InDoubt.class);
        // sent once, never repeated behind our back
        assertThat(server.bodies).hasSize(1);
        assertThat(gateway.status().inDoubt()).isEqualTo(1);
    }

    @Test
    void whatNeverLeftIsUnreachable() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(gateway(closed).post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        ThrowawayTls other = new ThrowawayTls(folder, "other");
        TlsFiles suspicious = authority.member("suspicious", other);
        assertThat(gateway(settings(server.port(), suspicious, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"))
                        .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        assertThat(server.bodies).isEmpty();
    }

    @Test
    void aClientCertificateOfAnotherAuthorityIsTurnedAway() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        TlsFiles stranger = new ThrowawayTls(folder, "other").member("stranger", authority);
        Exchange exchange = gateway(
                        settings(server.port(), stranger, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"))
                .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(exchange).isNotInstanceOfAny(Exchange.Answered.class, Exchange.Refused.class);
        assertThat(server.bodies).isEmpty();
    }

    @Test
    void theHostNameIsCheckedUnlessToldOtherwise() throws Exception {
        dcc = authority.member("elsewhere", authority, "dcc.example");
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        assertThat(gateway(server.port()).post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        assertThat(gateway(settings(server.port(), ours, Duration.ofSeconds(10), 1, 1 << 20, false, "localhost"))
                        .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
    }

    @Test
    void aDccThatComesBackIsFoundAgainWithoutAnyHelp() throws Exception {
        RudeDcc first = server(RudeDcc.says("200 OK", XML, ANSWER));
        HttpsGateway gateway = gateway(first.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        int port = first.port();
        first.close();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isNotInstanceOf(Exchange.Answered.class);
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        open.add(new RudeDcc(dcc, port, RudeDcc.says("200 OK", XML, ANSWER)));
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(gateway.status().unreachable()).isPositive();
    }

    @Test
    void aConnectionThatDiedIdleCostsTheNextPostNothing() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        ForgetfulFirewall firewall = new ForgetfulFirewall(server.port(), Duration.ofMillis(2500));
        open.add(firewall);
        HttpsGateway gateway = gateway(firewall.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        firewall.awaitForgotten();
        long begun = System.nanoTime();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aConnectionThatWasResetIdleCostsTheNextPostNothing() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        ForgetfulFirewall firewall = new ForgetfulFirewall(server.port(), Duration.ofMinutes(1));
        open.add(firewall);
        HttpsGateway gateway = gateway(firewall.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        firewall.reset();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(server.handshakes).hasValue(2);
    }

    @Test
    void aRefusedCertificateIsNamedWhoeverRefusesIt() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        TlsFiles suspicious = authority.member("suspicious", new ThrowawayTls(folder, "other"));
        HttpsGateway refusing =
                gateway(settings(server.port(), suspicious, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"));
        assertThat(reason(refusing.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST)))
                .contains("we refuse the DCC's certificate CN=dcc serial");
        assertThat(refusing.refusedCertificates()).isPositive();
        TlsFiles stranger = new ThrowawayTls(folder, "third").member("stranger", authority);
        HttpsGateway refused =
                gateway(settings(server.port(), stranger, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"));
        assertThat(reason(refused.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST)))
                .contains("the DCC refuses our certificate CN=stranger serial");
        refused.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(refused.status().trouble())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).contains("CN=stranger serial"));
        refused.probe(Duration.ZERO);
        assertThat(refused.status().trouble())
                .as("a probe does not take refusal for consent")
                .isPresent();
    }

    private static String reason(Exchange exchange) {
        return exchange.fold(a -> "answered", r -> "refused", Exchange.InDoubt::reason, Exchange.Unreachable::reason);
    }

    @Test
    void aDeadDccIsTroubleAlsoWithoutARequestAndAProbeSeesItComeBack() throws Exception {
        RudeDcc first = server(RudeDcc.says("200 OK", XML, ANSWER));
        int port = first.port();
        HttpsGateway gateway = gateway(port);
        gateway.probe(Duration.ZERO);
        assertThat(gateway.status().trouble()).isEmpty();
        first.close();
        // the first look may still meet the socket that is closing
        for (int i = 0; i < 4; i++) {
            gateway.probe(Duration.ZERO);
        }
        assertThat(gateway.status().trouble())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-7008"));
        open.add(new RudeDcc(dcc, port, RudeDcc.says("200 OK", XML, ANSWER)));
        gateway.probe(Duration.ZERO);
        assertThat(gateway.status().trouble()).isEmpty();
        assertThat(first.bodies).as("a probe sends nothing").isEmpty();
    }

    @Test
    void wrongSettingsAreTroubleAndNothingIsSentUntilTheyAreRight() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        GatewayComponent component = new GatewayComponent(config("http://localhost:" + server.port()));
        open.add(0, component::deactivate);
        assertThat(component.trouble()).hasValueSatisfying(fault -> {
            assertThat(fault.code()).isEqualTo("PST-7001");
            assertThat(fault.field()).isEqualTo("org.postern.gateway/baseUrl");
        });
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        component.configure(config("https://localhost:" + server.port()));
        assertThat(component.trouble()).isEmpty();
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        component.configure(config("http://localhost:1"));
        assertThat(component.trouble()).isPresent();
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .as("the last good settings")
                .isInstanceOf(Exchange.Answered.class);
    }

    @Test
    void renewedKeyFilesAreUsedFromTheNextConnectionOn() throws Exception {
        RudeDcc server = server(RudeDcc.says("200 OK", XML, ANSWER));
        GatewayComponent component = new GatewayComponent(config("https://localhost:" + server.port()));
        open.add(0, component::deactivate);
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        int before = server.handshakes.get();
        authority.renewWithAnothersKey("postern");
        CallbackServerTest.until(() -> component.trouble().isPresent());
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .as("the last good pair")
                .isInstanceOf(Exchange.Answered.class);
        authority.member("postern", authority);
        CallbackServerTest.until(() -> component.trouble().isEmpty());
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(server.handshakes.get())
                .as("a new connection, with the new key")
                .isGreaterThan(before);
    }

    private GatewayComponent.Config config(String baseUrl) {
        java.util.Map<String, Object> values = java.util.Map.of(
                "baseUrl",
                baseUrl,
                "keyStore",
                ours.keyStore().toString(),
                "keyStorePasswordFile",
                ours.keyStorePassword().toString(),
                "trustStore",
                ours.trustStore().toString(),
                "trustStorePasswordFile",
                ours.trustStorePassword().toString(),
                "probeSeconds",
                0);
        return (GatewayComponent.Config) java.lang.reflect.Proxy.newProxyInstance(
                HttpsGatewayTest.class.getClassLoader(),
                new Class<?>[] {GatewayComponent.Config.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    @Test
    void aMistakeInTheSettingsNamesTheSetting() throws Exception {
        assertSetting(
                "keyStore",
                new TlsFiles(
                        folder.resolve("none"),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "keyStorePasswordFile",
                new TlsFiles(
                        ours.keyStore(),
                        folder.resolve("none"),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "keyStore",
                new TlsFiles(
                        ours.trustStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        assertSetting(
                "trustStore",
                new TlsFiles(
                        ours.keyStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        wrong,
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "protocols",
                new TlsFiles(
                        ours.keyStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        List.of("TLSv1"),
                        List.of()));
        for (String address : List.of("http://localhost", "nonsense", "https://", "https://user@localhost")) {
            assertThatThrownBy(() -> GatewaySettings.uri("baseUrl", address, ""))
                    .isInstanceOfSatisfying(
                            PosternException.class,
                            e -> assertThat(e.fault().field()).isEqualTo("org.postern.gateway/baseUrl"));
        }
    }

    private void assertSetting(String name, TlsFiles files) {
        assertThatThrownBy(() -> gateway(settings(1, files, Duration.ofSeconds(1), 1, 1024, true, "localhost")))
                .isInstanceOfSatisfying(PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo("PST-7001");
                    assertThat(e.fault().field()).isEqualTo("org.postern.gateway/" + name);
                    Path file = Map.of(
                                    "keyStore",
                                    files.keyStore(),
                                    "keyStorePasswordFile",
                                    files.keyStorePassword(),
                                    "trustStore",
                                    files.trustStore(),
                                    "trustStorePasswordFile",
                                    files.trustStorePassword())
                            .get(name);
                    if (file != null) {
                        assertThat(e.fault().cause()).as("says which file").startsWith(file.toAbsolutePath() + ": ");
                    }
                });
    }

    private RudeDcc server(RudeDcc.Manners manners) throws Exception {
        RudeDcc server = new RudeDcc(dcc, manners);
        open.add(server);
        return server;
    }

    private HttpsGateway gateway(int port) {
        return gateway(settings(port, ours, Duration.ofSeconds(10), 4, 1 << 20, true, "localhost"));
    }

    private HttpsGateway gateway(GatewaySettings settings) {
        HttpsGateway gateway = new HttpsGateway(settings, CLOCK);
        open.add(0, gateway);
        return gateway;
    }

    private static GatewaySettings settings(
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
