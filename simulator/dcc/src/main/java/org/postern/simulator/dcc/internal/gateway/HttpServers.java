package org.postern.simulator.dcc.internal.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.pki.SimulatorFault;

/**
 * The simulator's two HTTP servers: the three services over mutual TLS, and the control service on the loopback
 * address.
 */
final class HttpServers implements AutoCloseable {

    private static final int THREADS = 48;

    private final Server services;
    private final Server control;

    /**
     * Starts both.
     *
     * @param service takes service and document
     * @param command takes the request's method and path with query, and its body; gives JSON
     * @throws PosternException PST-9008 where a port cannot be bound
     */
    HttpServers(
            SimulatorSettings settings,
            SSLContext tls,
            BiFunction<ServiceEndpoint, byte[], Reply> service,
            ControlService command) {
        this.services = server("simulator-dcc");
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(tls);
        ssl.setNeedClientAuth(true);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.addCustomizer(new SecureRequestCustomizer(false));
        ServerConnector connector = new ServerConnector(services, ssl, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        services.addConnector(connector);
        services.setHandler(new ServiceHandler(settings, service));
        this.control = settings.controlPort() < 0 ? null : server("simulator-control");
        if (control != null) {
            ServerConnector loopback = new ServerConnector(control);
            loopback.setHost("127.0.0.1");
            loopback.setPort(settings.controlPort());
            control.addConnector(loopback);
            control.setHandler(new ControlHandler(command, settings.maxBodyBytes()));
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            // Jetty finds its services through the context class loader, which in OSGi is anything but its own
            Thread.currentThread().setContextClassLoader(Server.class.getClassLoader());
            services.start();
            if (control != null) {
                control.start();
            }
        } catch (Exception e) {
            close();
            throw new PosternException(
                    SimulatorFault.PORT.fault(
                            "port " + settings.port() + " or " + settings.controlPort(),
                            String.valueOf(e.getMessage())),
                    e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Server server(String name) {
        QueuedThreadPool pool = new QueuedThreadPool(THREADS, 4);
        pool.setName(name);
        pool.setDaemon(true);
        return new Server(pool);
    }

    int servicesPort() {
        return ((ServerConnector) services.getConnectors()[0]).getLocalPort();
    }

    int controlPort() {
        return control == null ? -1 : ((ServerConnector) control.getConnectors()[0]).getLocalPort();
    }

    @Override
    public void close() {
        for (Server server : new Server[] {services, control}) {
            if (server != null) {
                try {
                    server.stop();
                } catch (Exception e) {
                    // the process or bundle ends in any case, and the port is released with it
                }
            }
        }
    }

    /** The body, or null where it is larger than allowed. */
    private static byte[] body(Request request, int maxBytes) throws Exception {
        if (request.getLength() > maxBytes) {
            return null;
        }
        java.io.InputStream in = Content.Source.asInputStream(request);
        byte[] body = in.readNBytes(maxBytes);
        return in.read() >= 0 ? null : body;
    }

    private static void answer(Response response, Callback callback, int status, String type, byte[] body) {
        response.setStatus(status);
        if (body.length > 0) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        }
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static final class ServiceHandler extends Handler.Abstract {

        private final SimulatorSettings settings;
        private final BiFunction<ServiceEndpoint, byte[], Reply> service;

        private ServiceHandler(SimulatorSettings settings, BiFunction<ServiceEndpoint, byte[], Reply> service) {
            this.settings = settings;
            this.service = service;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            for (ServiceEndpoint endpoint : ServiceEndpoint.values()) {
                if (path.equals(settings.basePath() + endpoint.path())) {
                    serve(endpoint, request, response, callback);
                    return true;
                }
            }
            answer(response, callback, 404, "", new byte[0]);
            return true;
        }

        private void serve(ServiceEndpoint endpoint, Request request, Response response, Callback callback)
                throws Exception {
            if (!request.getMethod().equals("POST")) {
                answer(response, callback, 405, "", new byte[0]);
                return;
            }
            byte[] document = body(request, settings.maxBodyBytes());
            Reply reply = document == null ? Reply.status(413) : service.apply(endpoint, document);
            if (reply.status() == Reply.CLOSE) {
                request.getConnectionMetaData().getConnection().getEndPoint().close();
                callback.failed(new org.eclipse.jetty.io.EofException("closed by a fault"));
                return;
            }
            if (reply.retryAfter() >= 0) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(reply.retryAfter()));
            }
            answer(response, callback, reply.status(), "application/xml", reply.body());
        }
    }

    private static final class ControlHandler extends Handler.Abstract {

        private final ControlService service;
        private final int maxBytes;

        private ControlHandler(ControlService service, int maxBytes) {
            this.service = service;
            this.maxBytes = maxBytes;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            byte[] body = body(request, maxBytes);
            ControlService.Result result = service.call(
                    request.getMethod(),
                    Request.getPathInContext(request),
                    Request.extractQueryParameters(request)::getValue,
                    body == null ? "" : new String(body, StandardCharsets.UTF_8));
            answer(
                    response,
                    callback,
                    result.status(),
                    "application/json",
                    result.json().getBytes(StandardCharsets.UTF_8));
            return true;
        }
    }
}
