package org.postern.camelruntime;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.netty.NettyConstants;
import org.apache.camel.component.netty.http.DefaultNettyHttpBinding;
import org.apache.camel.component.netty.http.NettyHttpConfiguration;
import org.apache.camel.component.netty.http.NettyHttpConstants;
import org.apache.camel.component.netty.http.NettyHttpMessage;

/**
 * Hands a request to a route as it came: method, path and the headers that the route asks for. Camel's own binding
 * reads a body that calls itself a form into message headers and closes the connection without an answer where it is
 * none, and lets any header of a stranger into the message. Bind it in the registry and name it with
 * {@code nettyHttpBinding=#name}.
 */
public final class PlainHttpBinding extends DefaultNettyHttpBinding {

    private static final String CLOSE = HttpHeaderValues.CLOSE.toString();
    private static final String CONNECTION = NettyHttpConstants.CONNECTION;

    private final Set<String> names;

    private PlainHttpBinding(Set<String> names) {
        this.names = names;
    }

    /**
     * A binding, typed as an object so that a route bundle needs no package of Netty.
     *
     * @param names headers that the route reads, as it spells them
     */
    public static Object of(Set<String> names) {
        return new PlainHttpBinding(Set.copyOf(names));
    }

    @Override
    public PlainHttpBinding copy() {
        return new PlainHttpBinding(names);
    }

    @Override
    public void populateCamelHeaders(
            HttpRequest request, Map<String, Object> headers, Exchange exchange, NettyHttpConfiguration configuration) {
        headers.put(Exchange.HTTP_METHOD, request.method().name());
        headers.put(Exchange.HTTP_PATH, path(request.uri()));
        for (String name : names) {
            String value = request.headers().get(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
    }

    /**
     * The body as bytes that are the route's own: Camel's stream over Netty's would be copied, counted and given back
     * by whoever reads it.
     */
    @Override
    public Message toCamelMessage(FullHttpRequest request, Exchange exchange, NettyHttpConfiguration configuration) {
        NettyHttpMessage message = new NettyHttpMessage(exchange.getContext(), request, null);
        message.setExchange(exchange);
        populateCamelHeaders(request, message.getHeaders(), exchange, configuration);
        message.setBody(ByteBufUtil.getBytes(request.content()));
        return message;
    }

    /**
     * A body of bytes and headers of single texts go out as they are; anything else, and a failure, as Camel has it.
     */
    @Override
    public HttpResponse toNettyResponse(Message message, NettyHttpConfiguration configuration) throws Exception {
        Exchange exchange = message.getExchange();
        if (!(message.getBody() instanceof byte[] body)
                || exchange.getException() != null
                || !(message.getHeader(Exchange.HTTP_RESPONSE_CODE) instanceof Integer status)) {
            return super.toNettyResponse(message, configuration);
        }
        // the answer to HEAD says how long the body would be and has none: its bytes would be read as the next answer
        boolean head = exchange.getIn() instanceof NettyHttpMessage asked
                && asked.getHttpRequest() != null
                && HttpMethod.HEAD.equals(asked.getHttpRequest().method());
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        HttpHeaders headers = response.headers();
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel") && value instanceof String text) {
                headers.set(name, text);
            }
        });
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        // what the client asked for is noted with the exchange
        boolean close = CLOSE.equals(exchange.getProperty(CONNECTION)) || !configuration.isKeepAlive();
        headers.set(HttpHeaderNames.CONNECTION, close ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        if (close) {
            message.setHeader(NettyConstants.NETTY_CLOSE_CHANNEL_WHEN_COMPLETE, true);
        }
        return response;
    }

    /** The path of a request's target, without scheme, host and query, as it was sent. */
    private static String path(String target) {
        int scheme = target.indexOf("://");
        int from = scheme < 0 || target.startsWith("/") ? 0 : target.indexOf('/', scheme + 3);
        if (from < 0) {
            return "/";
        }
        String path = target.substring(from);
        int end = path.indexOf('?');
        int fragment = path.indexOf('#');
        end = end < 0 || fragment >= 0 && fragment < end ? fragment : end;
        return end < 0 ? path : path.substring(0, end);
    }
}
