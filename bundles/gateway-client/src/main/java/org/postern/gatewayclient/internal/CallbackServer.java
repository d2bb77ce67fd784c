package org.postern.gatewayclient.internal;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntBiFunction;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.TlsFiles;
import org.postern.jettyruntime.BodyReader;
import org.postern.jettyruntime.HttpListener;
import org.postern.jettyruntime.RequestDeadline;
import org.postern.jettyruntime.Route;
import org.postern.jettyruntime.RouteTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP interface of Receive Response: a separate port with a required client certificate, and one operation on one
 * path. The answer is written after the handler has returned.
 */
final class CallbackServer implements AutoCloseable {

    static final String PID = "org.postern.receiveresponse";

    private static final Logger LOG = LoggerFactory.getLogger(CallbackServer.class);
    private static final String PEER = "org.postern.peer";
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_HEAD_BYTES = 8192;
    private static final int MIN_BYTES_PER_SECOND = 256;

    /**
     * The settings of the listener.
     *
     * @param maxBytes maximum size of a document
     * @param ackStatus HTTP status for a document that was stored
     * @param badStatus HTTP status for a document that is not acceptable
     * @param busyStatus HTTP status while documents cannot be stored
     * @param maxInFlight documents handled at the same time; further ones get {@code busyStatus}
     * @param deadline time from the first byte of a request to its last, after which the connection is closed
     */
    record Settings(
            String host,
            int port,
            String path,
            TlsFiles tls,
            int maxBytes,
            int ackStatus,
            int badStatus,
            int busyStatus,
            int maxInFlight,
            Duration idleTimeout,
            Duration deadline) {

        static final String DEFAULT_PATH = "/smartdcc/duis";
        static final int MAX_BYTES = 4_194_304;
        static final int ACK_STATUS = 204;
        static final int BAD_STATUS = 400;
        static final int BUSY_STATUS = 503;
        static final int MAX_IN_FLIGHT = 64;
        static final int IDLE_SECONDS = 60;
        static final int REQUEST_SECONDS = 20;
    }

    private final Settings settings;
    private final CallbackHandler handler;
    private final Semaphore inFlight;
    private final HttpListener listener;
    private final RouteTable<ToIntBiFunction<byte[], String>> operations;
    private final SslContextFactory.Server ssl = new SslContextFactory.Server();
    private final RequestDeadline deadline;
    private final LongAdder tooSlow = new LongAdder();
    private final LongAdder refusedCertificates = new LongAdder();
    private final LongAdder handshakesFailed = new LongAdder();
    private volatile String lastRefusal = "";
    private final Throttle refusalLog = new Throttle(Duration.ofMinutes(1));

    CallbackServer(Settings settings, CallbackHandler handler) {
        this.settings = settings;
        this.handler = handler;
        this.inFlight = new Semaphore(settings.maxInFlight());
        this.operations = new RouteTable<>(List.of(new Route<>(
                "POST",
                settings.path(),
                List.of("application/xml", "text/xml"),
                Route.Match.EXACT,
                Map.of(
                        settings.ackStatus(), List.of(),
                        settings.badStatus(), List.of(),
                        settings.busyStatus(), List.of()),
                this::status)));
        this.deadline = new RequestDeadline(
                "postern-receive-response-deadline",
                settings.deadline(),
                settings.idleTimeout(),
                System::nanoTime,
                this::late);
        ssl.setSslContext(context(new TlsMaterial(PID, settings.tls())));
        ssl.setNeedClientAuth(true);
        ssl.setIncludeProtocols(settings.tls().protocols().toArray(String[]::new));
        if (!settings.tls().cipherSuites().isEmpty()) {
            ssl.setIncludeCipherSuites(settings.tls().cipherSuites().toArray(String[]::new));
        }
        this.listener = new HttpListener(
                new HttpListener.Settings(
                        "postern-receive-response",
                        settings.host(),
                        settings.port(),
                        settings.maxInFlight() + 8,
                        MAX_HEAD_BYTES,
                        settings.idleTimeout(),
                        MIN_BYTES_PER_SECOND,
                        STOP_PATIENCE),
                ssl,
                deadline,
                new Documents(),
                (request, response, callback) -> {
                    callback.succeeded();
                    return true;
                });
        listener.addConnectionListener(new SslHandshakeListener() {
            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                handshakesFailed.increment();
                String why = String.valueOf(failure.getMessage());
                // a certificate that was refused is logged by the trust manager
                if (!hasCause(failure, CertificateException.class) && refusalLog.mayLog(why)) {
                    LOG.warn("{} the TLS handshake of a caller failed: {}", GatewayFault.CERTIFICATE.code(), why);
                }
            }
        });
    }

    private byte[] late(boolean begun) {
        tooSlow.increment();
        LOG.warn(
                "{} a request did not arrive completely within {} s; its connection is closed",
                GatewayFault.TOO_SLOW.code(),
                settings.deadline().toSeconds());
        return new byte[0];
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private SSLContext context(TlsMaterial tls) {
        return tls.context(new CountingTrustManager(tls.trustManager(), false, who -> {
            refusedCertificates.increment();
            lastRefusal = who;
            if (refusalLog.mayLog(who)) {
                LOG.warn("{} refused a caller's {}", GatewayFault.CERTIFICATE.code(), who);
            }
        }));
    }

    /** Uses these keys and this trust for new connections; connections that are open continue. */
    void use(TlsMaterial tls) {
        try {
            ssl.reload(factory -> factory.setSslContext(context(tls)));
        } catch (Exception e) {
            throw new PosternException(
                    GatewayFault.SETTING.fault(
                            PID + "/keyStore",
                            "a key that TLS can use",
                            e.getClass().getSimpleName(),
                            "correct the file"),
                    e);
        }
    }

    /** Subject, serial number and reason of the last certificate of a caller that was refused; empty where none was. */
    String lastRefusal() {
        return lastRefusal;
    }

    /** Counters since start, by metric name. */
    Map<String, Long> figures() {
        return Map.of(
                "postern_receive_response_certificates_refused_total",
                refusedCertificates.sum(),
                "postern_receive_response_handshakes_failed_total",
                handshakesFailed.sum(),
                "postern_receive_response_too_slow_total",
                tooSlow.sum());
    }

    /** Opens the port. */
    CallbackServer start() {
        try {
            listener.start();
            return this;
        } catch (Exception e) {
            close();
            throw new PosternException(
                    GatewayFault.PORT.fault(PID + "/port", e.getClass().getSimpleName()), e);
        }
    }

    /** The port that is open. */
    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        try {
            listener.stop();
        } catch (Exception e) {
            LOG.warn("{} Receive Response did not stop cleanly", GatewayFault.STOP_NOT_CLEAN.code(), e);
        }
    }

    private int status(byte[] document, String peer) {
        CallbackHandler.Receipt receipt;
        try {
            receipt = handler.receive(document, peer);
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} a document from the DCC could not be stored; the DCC is asked to send it again",
                    GatewayFault.DOCUMENT_NOT_TAKEN.code(),
                    e);
            receipt = CallbackHandler.Receipt.BUSY;
        }
        if (receipt == CallbackHandler.Receipt.TAKEN) {
            return settings.ackStatus();
        }
        return receipt == CallbackHandler.Receipt.BAD ? settings.badStatus() : settings.busyStatus();
    }

    private final class Documents extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Connection connection = request.getConnectionMetaData().getConnection();
            Request.addCompletionListener(request, failure -> deadline.answered(connection));
            var operation = operations.find(request.getMethod(), Request.getPathInContext(request));
            if (!(operation instanceof RouteTable.Found<ToIntBiFunction<byte[], String>> found)) {
                return refuseUnread(
                        request,
                        response,
                        callback,
                        operation instanceof RouteTable.NoPath
                                ? HttpStatus.NOT_FOUND_404
                                : HttpStatus.METHOD_NOT_ALLOWED_405);
            }
            String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
            if (!found.route().takes(type == null ? "" : type)) {
                return refuseUnread(request, response, callback, HttpStatus.UNSUPPORTED_MEDIA_TYPE_415);
            }
            if (request.getLength() > settings.maxBytes()) {
                return refuseUnread(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
            }
            // counted as in flight only once it has arrived: a slow sender occupies nothing but its connection
            BodyReader.read(request, settings.maxBytes(), (document, failure) -> {
                boolean inTime = deadline.received(connection);
                if (failure != null || !inTime) {
                    callback.failed(
                            failure == null ? new EofException("closed because the request was late") : failure);
                } else if (document == null) {
                    refuseUnread(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
                } else {
                    received(
                            request, response, callback, document, found.route().handler());
                }
            });
            return true;
        }

        private void received(
                Request request,
                Response response,
                Callback callback,
                byte[] document,
                ToIntBiFunction<byte[], String> operation) {
            if (!inFlight.tryAcquire()) {
                end(response, callback, settings.busyStatus(), false);
                return;
            }
            try {
                end(response, callback, operation.applyAsInt(document, peer(request)), false);
            } finally {
                inFlight.release();
            }
        }

        /**
         * Refuses a request without its body. Logged, because only a caller with a trusted certificate gets this far.
         */
        private boolean refuseUnread(Request request, Response response, Callback callback, int status) {
            LOG.warn(
                    "{} a request from {} with declared length {} was refused with HTTP {}, its body unread",
                    GatewayFault.UNREAD.code(),
                    peer(request),
                    request.getLength(),
                    status);
            return end(response, callback, status, true);
        }

        private boolean end(Response response, Callback callback, int status, boolean unread) {
            response.setStatus(status);
            if (status == settings.busyStatus()) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
            }
            if (unread) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            callback.succeeded();
            return true;
        }

        private String peer(Request request) {
            return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData session
                    ? peer(session)
                    : "";
        }

        /** Cached in the TLS session, because a certificate composes the name at each call. */
        private static String peer(EndPoint.SslSessionData session) {
            if (session.sslSession().getValue(PEER) instanceof String cached) {
                return cached;
            }
            X509Certificate[] chain = session.peerCertificates();
            String name = chain == null || chain.length == 0
                    ? ""
                    : chain[0].getSubjectX500Principal().getName();
            session.sslSession().putValue(PEER, name);
            return name;
        }
    }
}
