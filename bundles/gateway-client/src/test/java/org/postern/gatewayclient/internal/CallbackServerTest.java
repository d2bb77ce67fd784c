package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.CallbackHandler.Receipt;

/** What Receive Response accepts, and its answers. */
class CallbackServerTest extends CallbackServerFixture {

    @Test
    void passesOnTheExactBytesAndTheNameOfTheCallerAndAcknowledges() throws Exception {
        List<String> peers = new CopyOnWriteArrayList<>();
        CallbackServer server = start((document, peer) -> {
            peers.add(peer);
            return take(document);
        });
        HttpResponse<byte[]> response =
                client(dcc).send(post(server, DOCUMENT), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().map()).doesNotContainKey("server");
        assertThat(taken).containsExactly(DOCUMENT);
        assertThat(peers).containsExactly("CN=dcc");
    }

    // The DCC may delete a document as soon as it has our acknowledgement.
    @Test
    void theAnswerWaitsUntilTheHandlerHasReturned() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch durable = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            inside.countDown();
            await(durable);
            return take(document);
        });
        var response = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(response).isNotDone();
        durable.countDown();
        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    }

    @Test
    void theReceiptOfTheHandlerDeterminesTheStatus() throws Exception {
        assertThat(status(start((document, peer) -> Receipt.BAD))).isEqualTo(400);
        CallbackServer busy = start((document, peer) -> Receipt.BUSY);
        HttpResponse<Void> response = client(dcc).send(post(busy, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(status(start((document, peer) -> {
                    throw new IllegalStateException("the ledger is not available");
                })))
                .isEqualTo(503);
    }

    @Test
    void otherPathsMethodsAndTypesAreRefused() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        URI good = uri(server, "/smartdcc/duis");
        assertThat(send(HttpRequest.newBuilder(uri(server, "/smartdcc/duis/x"))
                        .header("Content-Type", "application/xml")
                        .POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(good)
                        .header("Content-Type", "application/xml")
                        .PUT(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder(good).GET())).isEqualTo(405);
        assertThat(send(HttpRequest.newBuilder(good)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(415);
        assertThat(send(HttpRequest.newBuilder(good).POST(BodyPublishers.ofByteArray(DOCUMENT))))
                .isEqualTo(415);
        assertThat(taken).isEmpty();
    }

    @Test
    void theSizeLimitHoldsForDeclaredAndForStreamedBodies() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        assertThat(send(request(server, BodyPublishers.ofByteArray(new byte[LIMIT]))))
                .isEqualTo(204);
        assertThat(refusedOrCut(request(server, BodyPublishers.ofByteArray(new byte[LIMIT + 1]))))
                .isTrue();
        assertThat(refusedOrCut(request(
                        server,
                        BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[20_000_000])))))
                .isTrue();
        assertThat(taken).hasSize(1);
        assertThat(status(server)).as("a document within the limit, afterwards").isEqualTo(204);
    }

    /** True where the answer is 413, or the connection is closed while the client still sends. */
    private boolean refusedOrCut(HttpRequest.Builder request) throws InterruptedException {
        try {
            return send(request) == 413;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aDocumentBeyondTheLimitInProgressIsAnsweredBusy() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        CallbackServer server = start((document, peer) -> {
            inside.countDown();
            await(release);
            return take(document);
        });
        var first = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        var second = client(dcc).sendAsync(post(server, DOCUMENT), HttpResponse.BodyHandlers.discarding());
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(status(server)).isEqualTo(503);
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(second.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
    }

    @Test
    void aPortInUseIsReportedByTheNumberOfTheFault() throws Exception {
        CallbackServer server = start((document, peer) -> take(document));
        assertThatThrownBy(() -> new CallbackServer(settings(server.port()), (document, peer) -> Receipt.TAKEN).start())
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-7002"));
    }
}
