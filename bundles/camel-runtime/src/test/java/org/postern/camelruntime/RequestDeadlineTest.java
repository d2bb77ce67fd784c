package org.postern.camelruntime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.netty.ChannelHandlerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In the places of a pipeline where Camel puts it. Time passes only where a test says so. */
class RequestDeadlineTest {

    private static final String GET = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel();

    RequestDeadlineTest() {
        channel.freezeTime();
        channel.pipeline()
                .addLast("decoder", new HttpRequestDecoder())
                .addLast(((ChannelHandlerFactory) RequestDeadline.of(Duration.ofSeconds(20))).newChannelHandler())
                .addLast("encoder", new HttpResponseEncoder())
                .addLast("aggregator", new HttpObjectAggregator(100))
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        // the aggregator's complaint about a connection that was closed
                    }
                });
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private static DefaultFullHttpResponse answer() {
        DefaultFullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer("x".repeat(1000), US_ASCII));
        answer.headers().set("Content-Length", 1000);
        return answer;
    }

    private String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(US_ASCII));
            bytes.release();
        }
        return text.toString();
    }

    @Test
    void aRequestThatIsNotWholeInTimeIsAnswered408() {
        receive("POST / HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc");
        pass(19);
        receive("d");
        assertThat(sent()).isEmpty();
        pass(1);
        assertThat(sent()).startsWith("HTTP/1.1 408");
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerMayTakeItsTimeAndTheConnectionIsKeptForAMinuteAfterIt() {
        receive(GET);
        pass(3600);
        assertThat(channel.isOpen()).isTrue();
        channel.writeOutbound(answer());
        assertThat(sent()).startsWith("HTTP/1.1 200");
        pass(59);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    /** Netty answers 413 at the head and reads on; nobody answers when the rest is there. */
    @Test
    void aConnectionIsNotHeldForEverByARequestThatWasRefusedWhileItCame() {
        receive("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
        assertThat(sent()).startsWith("HTTP/1.1 413");
        receive("x".repeat(1000));
        pass(3600);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatIsReadSlowlyIsNotCutOffAndOneThatIsNotReadIs() {
        receive(GET);
        var unused = channel.write(answer());
        pass(60);
        assertThat(channel.isOpen()).as("the client may be reading").isTrue();
        channel.unsafe().write(Unpooled.copiedBuffer("other bytes wait", US_ASCII), channel.voidPromise());
        pass(60);
        assertThat(channel.isOpen()).as("it has gone on").isTrue();
        pass(60);
        assertThat(channel.isOpen()).as("nothing was read for a minute").isFalse();
    }
}
