package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.postern.testkit.ForeignBytes;

/** Slow senders and malformed requests. */
class CallbackServerRobustnessTest extends CallbackServerFixture {

    @Test
    void slowSendersAreClosedInTimeAndDoNotBlockOthers() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        List<SSLSocket> slow = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            SSLSocket socket = (SSLSocket)
                    TestCertificates.context(dcc).getSocketFactory().createSocket("localhost", server.port());
            open.add(socket);
            socket.setSoTimeout(20_000);
            // some stop in the middle of the head, some in the body
            String head = "POST /smartdcc/duis HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\n";
            socket.getOutputStream()
                    .write((i % 2 == 0 ? head : head + "Content-Length: 50000\r\n\r\n<half")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            slow.add(socket);
        }
        // one byte now and then prevents the idle timeout, not the deadline of the request
        Thread slowWriter = new Thread(() -> slow.forEach(each -> writeOneByte(each)));
        slowWriter.setDaemon(true);
        slowWriter.start();
        long begun = System.nanoTime();
        assertThat(status(server)).as("another sender at the same time").isEqualTo(204);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE);
        for (SSLSocket each : slow) {
            assertThat(closed(each)).isTrue();
        }
        assertThat(taken).hasSize(1);
        assertThat(server.figures()).containsEntry("postern_receive_response_too_slow_total", 80L);
        assertThat(status(server)).isEqualTo(204);
    }

    private static void writeOneByte(SSLSocket socket) {
        try {
            socket.getOutputStream().write('x');
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // closed by the server, as expected
        }
    }

    private static boolean closed(SSLSocket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // an error answer may arrive before the end of the connection
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Randomly changed heads, wrong lengths and chunks, and truncated requests: each gets an answer other than an
     * internal error, or its connection is closed in time.
     */
    @Test
    void onlyCompleteRequestsReachTheHandlerWhateverTheBytes() throws Exception {
        long seed = Long.getLong("postern.seed", 20261129L);
        CallbackServer server = start((document, peer) -> take(document));
        String head = "POST /smartdcc/duis HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n";
        String body = new String(DOCUMENT, StandardCharsets.UTF_8);
        byte[] whole =
                (head + "Content-Length: " + DOCUMENT.length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(DOCUMENT.length) + "\r\n"
                + body + "\r\n";
        List<byte[]> requests = new ArrayList<>();
        for (String broken : List.of(
                chunked + "zz\r\n",
                chunked + "-1\r\n",
                chunked,
                chunked + "5\r\nab",
                head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + body,
                head + "Content-Length: " + (DOCUMENT.length + 1) + "\r\n\r\n" + body)) {
            requests.add(broken.getBytes(StandardCharsets.UTF_8));
        }
        int broken = requests.size();
        ForeignBytes.random(
                seed,
                Integer.getInteger("postern.documents", 600) / 3,
                List.of(whole, (chunked + "0\r\n\r\n").getBytes(StandardCharsets.UTF_8)),
                requests::add);
        ExecutorService pool = Executors.newFixedThreadPool(40);
        List<Future<Integer>> statuses = requests.stream()
                .map(request -> pool.submit(() -> answer(server, request)))
                .toList();
        Map<Integer, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < statuses.size(); i++) {
            int status = statuses.get(i).get();
            outcomes.merge(status, 1, Integer::sum);
            assertThat(status)
                    .as("seed " + seed + " request " + new String(requests.get(i), StandardCharsets.ISO_8859_1))
                    .isIn(
                            i < broken
                                    ? List.of(0, 400)
                                    : List.of(0, 204, 400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 501, 505));
        }
        pool.shutdownNow();
        System.out.println("Receive Response: seed " + seed + ", " + outcomes);
        assertThat(taken).hasSize(outcomes.get(204));
        assertThat(status(server)).as("a valid request afterwards").isEqualTo(204);
    }

    /** The status of the answer; 0 where the connection is closed without one. */
    private int answer(CallbackServer server, byte[] request) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) TestCertificates.context(dcc).getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout((int) DEADLINE.toMillis() * 5);
            socket.getOutputStream().write(request);
            String line = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void theTimeOfTheHandlerDoesNotCountTowardsTheDeadline() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            await(release);
            return take(document);
        });
        var response = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(release.await(DEADLINE.toMillis() + 1500, TimeUnit.MILLISECONDS))
                .isFalse();
        release.countDown();
        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(server.figures()).containsEntry("postern_receive_response_too_slow_total", 0L);
    }
}
