package org.postern.camelruntime;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Sees the answer 413 that Netty gives by itself to a request above {@code chunkedMaxContentLength}: the request never
 * reaches a route, so this is the only place where its refusal can be told. Bind it in the registry and name it with
 * {@code encoders=#name} on a netty-http endpoint.
 */
@ChannelHandler.Sharable
public final class TooLarge extends ChannelOutboundHandlerAdapter {

    private final Runnable told;

    private TooLarge(Runnable told) {
        this.told = told;
    }

    /**
     * A watch, typed as an object so that a route bundle needs no package of Netty.
     *
     * @param told called for every request that was refused unread
     */
    public static Object watch(Runnable told) {
        return new TooLarge(told);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response && HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.equals(response.status())) {
            told.run();
        }
        super.write(context, message, promise);
    }
}
