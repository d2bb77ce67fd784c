package org.postern.jettyruntime;

import java.time.Duration;
import java.util.EventListener;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 listener: a port with its own TLS settings, threads, limits and deadline. Listeners share nothing but
 * this code.
 */
public final class HttpListener {

    /**
     * Where to listen, and the limits.
     *
     * @param name name of the threads
     * @param host address to listen on; empty for all addresses of the machine
     * @param port 0 for a free one
     * @param maxThreads all threads of this listener
     * @param maxHeadBytes largest request line with headers
     * @param idleTimeout a connection is closed after this time without a byte in either direction
     * @param minBytesPerSecond a body that arrives more slowly is refused; 0 for no such limit
     * @param stopPatience how long a stop waits for requests in progress
     */
    public record Settings(
            String name,
            String host,
            int port,
            int maxThreads,
            int maxHeadBytes,
            Duration idleTimeout,
            int minBytesPerSecond,
            Duration stopPatience) {}

    private final Server server;
    private final ServerConnector connector;
    private final RequestDeadline deadline;

    /**
     * Makes a listener that is not open yet.
     *
     * @param tls null to listen without TLS
     * @param handler handles every request
     * @param refusals answers requests that Jetty itself refuses; the response has its status already
     */
    public HttpListener(
            Settings settings,
            SslContextFactory.@Nullable Server tls,
            RequestDeadline deadline,
            Handler handler,
            Request.Handler refusals) {
        this.deadline = deadline;
        QueuedThreadPool threads = new QueuedThreadPool(settings.maxThreads(), Math.min(4, settings.maxThreads()));
        threads.setName(settings.name());
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration(settings));
        connector = tls == null
                ? new ServerConnector(server, 1, 1, http)
                : new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), http);
        connector.setHost(settings.host().isEmpty() ? null : settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.addBean(deadline);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(handler));
        server.setErrorHandler(refusals);
        server.setStopTimeout(settings.stopPatience().toMillis());
    }

    @SuppressWarnings("removal") // setMinRequestDataRate is deprecated for removal; this version of Jetty still has it
    private static HttpConfiguration configuration(Settings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(settings.maxHeadBytes());
        if (settings.minBytesPerSecond() > 0) {
            http.setMinRequestDataRate(settings.minBytesPerSecond());
        }
        // no SNI check: clients may address this machine by an IP address or a local name not in the certificate
        http.addCustomizer(new SecureRequestCustomizer(false));
        return http;
    }

    /** Adds a listener for events of the connections, for example of TLS. */
    public void addConnectionListener(EventListener listener) {
        connector.addBean(listener);
    }

    /**
     * Opens the port.
     *
     * @throws Exception where it cannot be opened; the caller stops the listener
     */
    public void start() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        // Jetty finds its own components with ServiceLoader, which in OSGi needs the class loader of Jetty's bundle
        Thread.currentThread().setContextClassLoader(Server.class.getClassLoader());
        try {
            server.start();
            deadline.start();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** The port that is open. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Closes the port, waits for the requests in progress, and closes the connections. */
    public void stop() throws Exception {
        try {
            server.stop();
        } finally {
            deadline.close();
        }
    }
}
