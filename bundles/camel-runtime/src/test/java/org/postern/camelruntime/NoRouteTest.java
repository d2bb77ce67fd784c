package org.postern.camelruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

class NoRouteTest {

    private final EmbeddedChannel channel = new EmbeddedChannel((ChannelHandler) NoRoute.handler());

    private HttpResponse written(HttpResponse response) {
        channel.writeOutbound(response);
        return channel.readOutbound();
    }

    @Test
    void camelsOwn404AsksToComeAgain() {
        HttpResponse answer = written(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND));
        assertThat(answer.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE);
        assertThat(answer.headers().getInt("Retry-After")).isEqualTo(5);
    }

    @Test
    void theRoutesOwn404Stays() {
        HttpResponse ours = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND);
        ours.headers().set("X-Content-Type-Options", "nosniff");
        assertThat(written(ours).status()).isEqualTo(HttpResponseStatus.NOT_FOUND);
        assertThat(ours.headers().contains("Retry-After")).isFalse();
    }
}
