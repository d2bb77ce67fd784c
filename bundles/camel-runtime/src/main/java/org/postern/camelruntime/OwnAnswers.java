package org.postern.camelruntime;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Gives a body to the refusals that Netty and Camel answer by themselves and leave empty: 400 to what is no HTTP
 * request, 413 above {@code chunkedMaxContentLength}, 408 of {@link RequestDeadline} and the like. Such a request never
 * reaches a route, so this is also the only place where its refusal can be told. Bind it in the registry and name it
 * with {@code encoders=#name} on a netty-http endpoint.
 */
@ChannelHandler.Sharable
public final class OwnAnswers extends ChannelOutboundHandlerAdapter {

    private static final int REFUSALS = 400;

    private final IntFunction<String> problem;

    private OwnAnswers(IntFunction<String> problem) {
        this.problem = problem;
    }

    /**
     * A handler, typed as an object so that a route bundle needs no package of Netty.
     *
     * @param problem from the status to the body, of type {@code application/problem+json}; called once for each such
     *     answer
     */
    public static Object with(IntFunction<String> problem) {
        return new OwnAnswers(problem);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        Object out = message;
        if (message instanceof HttpResponse response
                && response.status().code() >= REFUSALS
                && "0".equals(response.headers().get(HttpHeaderNames.CONTENT_LENGTH))) {
            byte[] body = problem.apply(response.status().code()).getBytes(StandardCharsets.UTF_8);
            FullHttpResponse full = new DefaultFullHttpResponse(
                    response.protocolVersion(), response.status(), Unpooled.wrappedBuffer(body));
            full.headers()
                    .set(response.headers())
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json");
            ReferenceCountUtil.release(message);
            out = full;
        }
        super.write(context, out, promise);
    }
}
