package org.postern.camelruntime;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Turns the answer 404 that Camel gives by itself, while it listens and its route is not bound yet or not any more,
 * into 503 with {@code Retry-After}: nothing is wrong with the request. Answers of a route carry
 * {@code X-Content-Type-Options} and stay as they are. Bind it in the registry and name it with {@code encoders=#name}
 * on a netty-http endpoint whose route takes every path.
 */
@ChannelHandler.Sharable
public final class NoRoute extends ChannelOutboundHandlerAdapter {

    private static final int RETRY_SECONDS = 5;

    private NoRoute() {}

    /**
     * The handler.
     *
     * @return typed as an object so that a route bundle needs no package of Netty
     */
    public static Object handler() {
        return new NoRoute();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response
                && HttpResponseStatus.NOT_FOUND.equals(response.status())
                && !response.headers().contains("X-Content-Type-Options")) {
            response.setStatus(HttpResponseStatus.SERVICE_UNAVAILABLE);
            response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        super.write(context, message, promise);
    }
}
