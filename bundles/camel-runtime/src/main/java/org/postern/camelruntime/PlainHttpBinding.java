package org.postern.camelruntime;

import io.netty.handler.codec.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.netty.http.DefaultNettyHttpBinding;
import org.apache.camel.component.netty.http.NettyHttpConfiguration;

/**
 * Hands a request to a route as it came: method, path and the headers that the route asks for. Camel's own binding reads a body that
 * calls itself a form into message headers and closes the connection without an answer where it is none, and lets any header
 * of a stranger into the message. Bind it in the registry and name it with {@code nettyHttpBinding=#name}.
 */
public final class PlainHttpBinding extends DefaultNettyHttpBinding {

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
    public void populateCamelHeaders(HttpRequest request, Map<String, Object> headers, Exchange exchange,
            NettyHttpConfiguration configuration) {
        headers.put(Exchange.HTTP_METHOD, request.method().name());
        headers.put(Exchange.HTTP_PATH, path(request.uri()));
        for (String name : names) {
            String value = request.headers().get(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
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
