package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.testkit.Await;

/** How exchanges share connections, and what happens after connections were lost. */
class GatewayConnectionsTest extends GatewayFixture {

    // performance.md 7: a TLS handshake is the most expensive part of an exchange, so connections have to be reused
    @Test
    void aHundredPostsFromFourThreadsShareAtMostTwoConnections() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
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
    void aTopUpDoesNotWaitForRoutineRequestsToASlowDcc() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        byte[] slow = "<sr:Slow/>".getBytes(StandardCharsets.UTF_8);
        ScriptedDcc server = server((body, out) -> {
            if (Arrays.equals(body, slow)) {
                release.await();
            }
            return ScriptedDcc.answering("200 OK", XML, ANSWER).answer(body, out);
        });
        HttpsGateway gateway = gateway(server.port());
        var threads = Executors.newFixedThreadPool(8);
        open.add(threads::shutdownNow);
        List<Future<Exchange>> routine = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            routine.add(threads.submit(() -> gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, slow)));
        }
        // routine requests have at most three of the four connections
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
    void exchangesSucceedAgainAfterTheDccHasRestarted() throws Exception {
        ScriptedDcc first = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        HttpsGateway gateway = gateway(first.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        int port = first.port();
        first.close();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isNotInstanceOf(Exchange.Answered.class);
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        open.add(new ScriptedDcc(dcc, port, ScriptedDcc.answering("200 OK", XML, ANSWER)));
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(gateway.status().unreachable()).isPositive();
    }

    @Test
    void aConnectionDroppedWhileIdleDoesNotDelayTheNextExchange() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        DroppingFirewall firewall = new DroppingFirewall(server.port(), Duration.ofMillis(2500));
        open.add(firewall);
        HttpsGateway gateway = gateway(firewall.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        firewall.awaitDropped();
        long begun = System.nanoTime();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aConnectionResetWhileIdleDoesNotFailTheNextExchange() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        DroppingFirewall firewall = new DroppingFirewall(server.port(), Duration.ofMinutes(1));
        open.add(firewall);
        HttpsGateway gateway = gateway(firewall.port());
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        firewall.reset();
        assertThat(gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(server.handshakes).hasValue(2);
    }
}
