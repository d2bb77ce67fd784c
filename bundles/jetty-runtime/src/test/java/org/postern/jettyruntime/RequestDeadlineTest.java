package org.postern.jettyruntime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests {@link RequestDeadline} with real connections to a listener. */
class RequestDeadlineTest {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LATE = "HTTP/1.1 408 Late\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private final BlockingQueue<Boolean> late = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final RequestDeadline deadline =
            new RequestDeadline("deadline", DEADLINE, IDLE, System::nanoTime, begun -> {
                late.add(begun);
                return begun ? LATE.getBytes(US_ASCII) : new byte[0];
            });
    private final HttpListener listener = new HttpListener(
            new HttpListener.Settings(
                    "listener", "127.0.0.1", 0, 16, 8192, Duration.ofSeconds(30), 0, Duration.ofSeconds(1)),
            null,
            deadline,
            new Answers(),
            (request, response, callback) -> {
                callback.succeeded();
                return true;
            });

    /** Answers 200 once the body has arrived; for the path /slow only after the test has released it. */
    private final class Answers extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Connection connection = request.getConnectionMetaData().getConnection();
            Request.addCompletionListener(request, failure -> deadline.answered(connection));
            deadline.headRead(connection, () -> {
                response.setStatus(408);
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                response.write(true, ByteBuffer.wrap("by handler".getBytes(US_ASCII)), Callback.NOOP);
            });
            BodyReader.read(request, 1000, (body, failure) -> {
                if (failure != null || !deadline.received(connection)) {
                    callback.failed(new IOException("late"));
                    return;
                }
                if (Request.getPathInContext(request).equals("/slow")) {
                    await(release);
                }
                response.write(true, ByteBuffer.wrap(body == null ? new byte[0] : body), callback);
            });
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket socket;

    @BeforeEach
    void open() throws Exception {
        listener.start();
        // a first request loads the classes, so that loading does not count towards the deadline
        try (Socket first = new Socket("127.0.0.1", listener.port())) {
            first.getOutputStream().write(GET.getBytes(US_ASCII));
            first.getInputStream().read();
        }
        socket = new Socket("127.0.0.1", listener.port());
        socket.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws Exception {
        release.countDown();
        socket.close();
        listener.stop();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    /** All bytes that arrive until the server closes the connection. */
    private String received() throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (int c = in.read(); c >= 0; c = in.read()) {
                all.append((char) c);
            }
        } catch (SocketException e) {
            // reset because the server closed the connection with unread bytes
        }
        return all.toString();
    }

    @Test
    void aConnectionWithoutARequestIsClosedWithoutAnAnswer() throws Exception {
        assertThat(received()).isEmpty();
        assertThat(late.poll(1, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aHeadThatIsLateIsAnsweredWithTheBytesOfTheListener() throws Exception {
        send("GET / HTTP/1.1\r\nHost:");
        assertThat(received()).isEqualTo(LATE);
        assertThat(late.poll(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aBodyThatIsLateIsAnsweredByItsHandler() throws Exception {
        send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
        assertThat(received()).startsWith("HTTP/1.1 408").endsWith("by handler");
        assertThat(late).hasSize(1);
    }

    @Test
    void theTimeOfTheAnswerDoesNotCountTowardsTheDeadline() throws Exception {
        send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
        assertThat(late.poll(DEADLINE.toMillis() * 2, TimeUnit.MILLISECONDS)).isNull();
        release.countDown();
        assertThat(received()).startsWith("HTTP/1.1 200").endsWith("ok");
    }

    @Test
    void betweenRequestsTheIdleTimeAppliesAndANewRequestHasItsOwnDeadline() throws Exception {
        send(GET);
        assertThat(late.poll(DEADLINE.toMillis() + 500, TimeUnit.MILLISECONDS)).isNull();
        send(GET + "GET / HT");
        // bytes read together with the former request do not count as the beginning of a new one; later bytes do
        assertThat(late.poll(300, TimeUnit.MILLISECONDS)).isNull();
        send("TP/1.1\r\n");
        String all = received();
        assertThat(all).endsWith(LATE).containsOnlyOnce("408");
        assertThat(all.split("HTTP/1.1 200", -1)).hasSize(3);
        assertThat(late.poll(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anIdleConnectionIsClosedWithoutAnAnswer() throws Exception {
        send(GET);
        assertThat(received()).startsWith("HTTP/1.1 200").doesNotContain("408");
        assertThat(late).isEmpty();
    }
}
