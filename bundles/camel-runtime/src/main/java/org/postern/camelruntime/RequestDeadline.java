package org.postern.camelruntime;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.netty.DefaultChannelHandlerFactory;

/**
 * Answers 408 and closes where a request is not here whole in time, from the connection's opening or the request's
 * first byte to its last: Netty has a timeout for silence alone, and a sender of one byte now and then is never silent.
 * A connection between two requests may be silent for a minute; where an answer is still being read, that counts from
 * the last byte. Bind it in the registry and name it with {@code decoders=#name} on a netty-http endpoint.
 */
public final class RequestDeadline extends DefaultChannelHandlerFactory {

    private static final Duration IDLE = Duration.ofMinutes(1);
    /**
     * For an answer to a request of which something was said while it came in: it may have been its answer, or a mere
     * 100.
     */
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /**
     * Long enough for the answer to be read; closing at once over bytes that nobody read would reset the connection.
     */
    private static final Duration LINGER = Duration.ofMillis(500);

    private final Duration deadline;

    private RequestDeadline(Duration deadline) {
        this.deadline = deadline;
    }

    /** Handlers, typed as an object so that a route bundle needs no package of Netty. */
    public static Object of(Duration deadline) {
        return new RequestDeadline(deadline);
    }

    @Override
    public ChannelHandler newChannelHandler() {
        return new Requests();
    }

    /** After Netty's decoder: sees where a request ends. */
    private final class Requests extends ChannelInboundHandlerAdapter {

        private final Bytes bytes = new Bytes();

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.pipeline().addBefore("decoder", "request-deadline", bytes);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof LastHttpContent) {
                bytes.whole(context);
            }
            super.channelRead(context, message);
        }
    }

    /**
     * Before Netty's decoder: sees where a request begins, and that an answer is given. All of it on the connection's
     * one thread.
     */
    private final class Bytes extends ChannelDuplexHandler {

        private Future<?> timer;
        private boolean begun;
        private boolean unanswered;
        private boolean spoken;
        private boolean late;
        /** Bytes of answers that were not sent yet at the last look. */
        private long left;

        @Override
        public void channelActive(ChannelHandlerContext context) throws Exception {
            after(context, deadline);
            super.channelActive(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (late) {
                // what was answered with 408 must not become whole after all
                ReferenceCountUtil.release(message);
                return;
            }
            if (!begun) {
                begun = true;
                after(context, deadline);
            }
            super.channelRead(context, message);
        }

        void whole(ChannelHandlerContext context) {
            begun = false;
            unanswered = true;
            if (spoken) {
                after(context, LONGEST);
            } else {
                timer.cancel(false);
            }
            spoken = false;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (begun) {
                spoken = true;
            } else if (!late) {
                unanswered = false;
                after(context, IDLE);
            }
            super.write(context, message, promise);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            if (timer != null) {
                timer.cancel(false);
            }
            super.channelInactive(context);
        }

        private void after(ChannelHandlerContext context, Duration time) {
            if (timer != null) {
                timer.cancel(false);
            }
            timer = context.executor().schedule(() -> expired(context), time.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** The client reads what it was answered, slowly. */
        private boolean reading(ChannelHandlerContext context) {
            ChannelOutboundBuffer answers = context.channel().unsafe().outboundBuffer();
            long before = left;
            left = answers == null ? 0 : answers.totalPendingWriteBytes();
            return left > 0 && left != before;
        }

        private void expired(ChannelHandlerContext context) {
            if (!begun && !unanswered && reading(context)) {
                after(context, IDLE);
                return;
            }
            late = true;
            if (!begun || unanswered) {
                // nothing was asked, or another answer is to come first
                var unused = context.close();
                return;
            }
            FullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT);
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, "close");
            var unusedWrite = context.channel().writeAndFlush(answer);
            var unused = context.executor()
                    .schedule(
                            () -> {
                                var unusedClosing = context.close();
                            },
                            LINGER.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
