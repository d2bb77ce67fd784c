package org.postern.camelruntime;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;

/**
 * Lets the next request of a connection pass when the one before is answered: a client may send several without waiting
 * (RFC 9112, section 9.3.2) and takes the answers in that order, whereas routes that answer on threads of their own
 * finish in any. Bind it in the registry and name it with {@code encoders=#name} on a netty-http endpoint.
 */
public final class OneAtATime extends DefaultChannelHandlerFactory {

    private OneAtATime() {}

    /** Handlers, typed as an object so that a route bundle needs no package of Netty. */
    public static Object handlers() {
        return new OneAtATime();
    }

    @Override
    public ChannelHandler newChannelHandler() {
        return new Requests();
    }

    /** Between Netty's codec and its aggregator; all of it on the connection's one thread. */
    private static final class Requests extends ChannelDuplexHandler {

        private final Queue<Object> held = new ArrayDeque<>();
        private long asked;
        private long answered;
        private boolean whole;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (busy() || !held.isEmpty()) {
                held.add(message);
                context.channel().config().setAutoRead(false);
            } else {
                pass(context, message);
            }
        }

        /** A request has passed whole, and its answer is to come; one that is refused unread is answered before. */
        private boolean busy() {
            return whole && answered < asked;
        }

        private void pass(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                asked++;
            }
            whole = message instanceof LastHttpContent;
            context.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            boolean interim = message instanceof HttpResponse response
                    && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (message instanceof LastHttpContent && !interim) {
                answered++;
                if (!held.isEmpty()) {
                    context.executor().execute(() -> next(context));
                }
            }
            super.write(context, message, promise);
        }

        private void next(ChannelHandlerContext context) {
            while (!busy() && !held.isEmpty()) {
                pass(context, held.remove());
            }
            context.fireChannelReadComplete();
            if (held.isEmpty()) {
                context.channel().config().setAutoRead(true);
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            held.forEach(ReferenceCountUtil::release);
            held.clear();
        }
    }
}
