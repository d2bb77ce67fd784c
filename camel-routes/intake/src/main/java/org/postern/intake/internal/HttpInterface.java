package org.postern.intake.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.postern.appliance.OwnThread;
import org.postern.camelruntime.Metrics;
import org.postern.intake.internal.HttpOperation.Access;
import org.postern.jettyruntime.BodyReader;
import org.postern.jettyruntime.HttpListener;
import org.postern.jettyruntime.RequestDeadline;
import org.postern.jettyruntime.Route;
import org.postern.jettyruntime.RouteTable;
import org.postern.servicerequests.LocalWorkQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP interface: checks size, token, route and headers of a request, and has its {@link HttpApi operation} carried
 * out. Jetty's threads never wait for ledger or vault; operations that do have threads of their own.
 */
final class HttpInterface implements AutoCloseable {

    /**
     * Where to listen, and the limits.
     *
     * @param tls null to listen without TLS
     * @param maxBytes largest body
     * @param deadline within which the whole request, head and body, must arrive
     */
    record Settings(String host, int port, @Nullable SSLContext tls, int maxBytes, Duration deadline) {}

    /** Operations in progress that wait for the ledger, and those that may wait for a thread. */
    private static final int REQUESTS_AT_ONCE = 32;

    private static final int REQUESTS_WAITING = 1000;
    /**
     * Top-ups in progress with the key vault: half of what a token processes at once, so that capacity remains for
     * others; and the top-ups that may wait.
     */
    static final int TOP_UPS_AT_ONCE = 8;

    static final int TOP_UPS_WAITING = 256;
    /** The names under which requests are metered: this interface was a Camel route once. */
    private static final String CONTEXT = "intake";

    private static final String ROUTE = "intake-http";
    /** Threads of Jetty for accepting, reading and writing, which never block. */
    private static final int LISTENER_THREADS = 16;

    private static final int MAX_HEAD_BYTES = 12 * 1024;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final long THREAD_IDLE_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(HttpInterface.class);

    private final Settings settings;
    private final IntakeChannel channel;
    private final HttpToken token;
    private final RouteTable<HttpOperation> operations;
    private final Metrics.Exchanges exchanges;
    private final ThreadPoolExecutor requests =
            threads("postern-http-requests", REQUESTS_AT_ONCE, REQUESTS_WAITING, LocalWorkQueue.ORDINARY_PRIORITY);
    private final ThreadPoolExecutor topUps =
            threads("postern-http-top-ups", TOP_UPS_AT_ONCE, TOP_UPS_WAITING, Thread.NORM_PRIORITY);
    private final WrongTokens wrongTokens = new WrongTokens(System::nanoTime);
    private final RequestDeadline deadline;
    private final HttpListener listener;

    HttpInterface(Settings settings, IntakeChannel channel, String token, HttpApi api, Metrics metrics) {
        this.settings = settings;
        this.channel = channel;
        this.token = new HttpToken(token);
        this.operations = api.routes();
        this.exchanges = metrics.exchanges(CONTEXT, ROUTE);
        this.deadline = new RequestDeadline(
                "postern-http-deadline", settings.deadline(), IDLE, System::nanoTime, this::lateHead);
        Duration idle = settings.deadline().plusSeconds(5);
        this.listener = new HttpListener(
                new HttpListener.Settings(
                        "postern-http",
                        settings.host(),
                        settings.port(),
                        LISTENER_THREADS,
                        MAX_HEAD_BYTES,
                        // a request that stops arriving is answered at the deadline; its connection is not closed
                        // earlier
                        idle.compareTo(IDLE) > 0 ? idle : IDLE,
                        0,
                        STOP_PATIENCE),
                settings.tls() == null ? null : tls(settings.tls()),
                deadline,
                new Requests(),
                this::refusedByJetty);
    }

    private static ThreadPoolExecutor threads(String name, int atOnce, int waiting, int priority) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                atOnce, atOnce, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    thread.setPriority(priority);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The JDK's protocols and cipher suites, without those that do not authenticate or do not encrypt. */
    private static SslContextFactory.Server tls(SSLContext context) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(context);
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        tls.setExcludeCipherSuites(
                ".*_NULL_.*", ".*_anon_.*", ".*_EXPORT_.*", ".*_DES_.*", ".*_3DES_.*", ".*_RC4_.*", ".*MD5.*");
        return tls;
    }

    /** Opens the port. @throws Exception where it cannot be opened; nothing stays open then */
    HttpInterface start() throws Exception {
        try {
            OwnThread.call("postern-http-start", HttpListener.class.getClassLoader(), () -> {
                listener.start();
                return null;
            });
            return this;
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            OwnThread.call("postern-http-stop", HttpListener.class.getClassLoader(), () -> {
                listener.stop();
                return null;
            });
        } catch (Exception e) {
            LOG.warn("{} the HTTP interface did not stop cleanly", IntakeFault.INTERFACE_FAILED.code(), e);
        } finally {
            requests.shutdownNow();
            topUps.shutdownNow();
            exchanges.close();
        }
    }

    /** The answer to a request that is refused before it reaches an operation; counted and logged. */
    private HttpReply refusedUnread(int status) {
        IntakeFault fault = faultUnread(status);
        channel.count("refused");
        LOG.warn(
                "{} submission at interface http refused unread: {}",
                fault.code(),
                fault.entry().rule());
        return unread(status);
    }

    private static HttpReply unread(int status) {
        IntakeFault fault = faultUnread(status);
        HttpReply reply = HttpReply.of(
                status, Refusals.problem(status, fault, "request", fault.entry().remedy()));
        return status == 503 ? reply.retry() : reply;
    }

    private static IntakeFault faultUnread(int status) {
        return switch (status) {
            case 408 -> IntakeFault.TOO_SLOW;
            case 413 -> IntakeFault.TOO_LARGE;
            case 417 -> IntakeFault.HEADERS;
            case 500 -> IntakeFault.INTERFACE_FAILED;
            case 503 -> IntakeFault.ROUTES_NOT_THERE;
            default -> IntakeFault.NOT_HTTP;
        };
    }

    /** The bytes of the answer to a request whose head is late; none if nothing of it has arrived. */
    private byte[] lateHead(boolean begun) {
        if (!begun) {
            return new byte[0];
        }
        HttpReply reply = refusedUnread(408);
        byte[] head = ("HTTP/1.1 408 Request Timeout\r\nContent-Type: " + reply.contentType() + "\r\nContent-Length: "
                        + reply.body().length + "\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(head, head.length + reply.body().length);
        System.arraycopy(reply.body(), 0, answer, head.length, reply.body().length);
        return answer;
    }

    /** What Jetty refuses by itself: bytes that are not an HTTP request, and requests that arrive while it stops. */
    private boolean refusedByJetty(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        if (!deadline.received(connection)) {
            abandon(connection, callback);
            return true;
        }
        int status = documented(response.getStatus());
        boolean lost = status == 500 && !(request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException);
        // a client that went away is no refusal, and reads no answer
        HttpReply reply = lost ? failed() : refusedUnread(status);
        write(response, reply, true, callback);
        return true;
    }

    /** Maps the statuses of Jetty for malformed HTTP requests to those that this interface documents. */
    private static int documented(int status) {
        return HttpApi.EVERYWHERE.contains(status)
                ? status
                : status < 500 || status == 505 || status == 501 ? 400 : 500;
    }

    private static void abandon(Connection connection, Callback callback) {
        connection.getEndPoint().close();
        callback.failed(new EofException("the request was late and was answered"));
    }

    private static HttpReply failed() {
        return HttpReply.of(
                500,
                Refusals.problem(
                        500,
                        IntakeFault.INTERFACE_FAILED,
                        "request",
                        "nothing was admitted unless a later try with the same Idempotency-Key says so"));
    }

    private static void write(Response response, HttpReply reply, boolean close, Callback callback) {
        response.setStatus(reply.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        reply.headers().forEach(headers::put);
        if (close) {
            headers.put(HttpHeader.CONNECTION, "close");
        }
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }

    private final class Requests extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            new Exchange(request, response, callback).begin();
            return true;
        }
    }

    /** One request with its answer. */
    private final class Exchange {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final Connection connection;
        /** When the whole request had arrived; 0 before that. */
        private long arrived;
        /** How long the answer is delayed. */
        private Duration wait = Duration.ZERO;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.connection = request.getConnectionMetaData().getConnection();
        }

        void begin() {
            Request.addCompletionListener(request, failure -> {
                deadline.answered(connection);
                if (arrived != 0) {
                    exchanges.done(Duration.ofNanos(System.nanoTime() - arrived), failure != null);
                }
            });
            // an operation may take longer than the idle timeout of the connection
            request.addIdleTimeoutListener(expired -> false);
            if (!deadline.headRead(connection, () -> write(response, unread(408), true, Callback.NOOP))) {
                abandon(connection, callback);
                return;
            }
            if (request.getLength() > settings.maxBytes()) {
                tooLarge();
                return;
            }
            String path = request.getHttpURI().getPath();
            RouteTable.Lookup<HttpOperation> found = operations.find(request.getMethod(), path == null ? "" : path);
            Optional<Supplier<HttpReply>> refusal = refusal(found);
            if (refusal.isEmpty()) {
                BodyReader.read(request, settings.maxBytes(), (body, failure) -> {
                    if (arrived(body, failure)) {
                        carryOut((RouteTable.Found<HttpOperation>) found, body);
                    }
                });
            } else if (request.getHeaders().contains(HttpHeader.EXPECT)) {
                // the client does not send the body before it receives 100 Continue
                refuse(refusal.get().get());
            } else {
                BodyReader.discard(request, settings.maxBytes(), (body, failure) -> {
                    if (arrived(body, failure)) {
                        refuse(refusal.get().get());
                    }
                });
            }
        }

        /** True if the whole request arrived in time; otherwise it has been answered or abandoned. */
        private boolean arrived(byte @Nullable [] body, @Nullable Throwable failure) {
            if (failure == null && body == null) {
                tooLarge();
                return false;
            }
            if (!deadline.received(connection)) {
                abandon(connection, callback);
                return false;
            }
            if (failure != null) {
                callback.failed(failure);
                return false;
            }
            arrived = System.nanoTime();
            return true;
        }

        /** Answers immediately and then reads the rest of the request, so that the client can read the answer. */
        private void tooLarge() {
            if (!deadline.answeredEarly(connection)) {
                abandon(connection, callback);
                return;
            }
            boolean waits = request.getHeaders().contains(HttpHeader.EXPECT);
            write(
                    response,
                    refusedUnread(413),
                    true,
                    Callback.from(
                            () -> {
                                if (waits) {
                                    callback.succeeded();
                                } else {
                                    BodyReader.discard(
                                            request, Long.MAX_VALUE, (body, failure) -> callback.succeeded());
                                }
                            },
                            callback::failed));
        }

        /** Why the request is refused, as far as its head shows. */
        private Optional<Supplier<HttpReply>> refusal(RouteTable.Lookup<HttpOperation> lookup) {
            HttpFields headers = request.getHeaders();
            if (!open(lookup)) {
                if (!token.accepts(headers.get(HttpHeader.AUTHORIZATION))) {
                    return Optional.of(this::unauthorized);
                }
                if (wrongTokens.sources() > 0) {
                    wrongTokens.right(Request.getRemoteAddr(request));
                }
            }
            if (lookup instanceof RouteTable.OtherMethod<HttpOperation> other) {
                return Optional.of(() -> HttpReply.of(
                                405,
                                Refusals.problem(
                                        405, IntakeFault.METHOD_NOT_ALLOWED, "method", "use " + other.allowed()))
                        .with("Allow", other.allowed()));
            }
            if (!(lookup instanceof RouteTable.Found<HttpOperation> found)) {
                return Optional.of(() -> HttpReply.of(
                        404, Refusals.problem(404, IntakeFault.NO_SUCH_PATH, "path", "see docs/openapi.yaml")));
            }
            String type = headers.get(HttpHeader.CONTENT_TYPE);
            if (!found.route().takes(type == null ? "" : type)) {
                return Optional.of(() -> HttpApi.wrongHeader(
                        415, "Content-Type", found.route().handler().headersRule()));
            }
            return Optional.empty();
        }

        private static boolean open(RouteTable.Lookup<HttpOperation> lookup) {
            List<Route<HttpOperation>> routes = lookup instanceof RouteTable.Found<HttpOperation> found
                    ? List.of(found.route())
                    : lookup instanceof RouteTable.OtherMethod<HttpOperation> other ? other.routes() : List.of();
            return routes.stream().anyMatch(route -> route.handler().access() == Access.ANYBODY);
        }

        private HttpReply unauthorized() {
            channel.count("unauthorized");
            wait = wrongTokens.wrong(Request.getRemoteAddr(request));
            return HttpReply.of(
                            401,
                            Refusals.problem(
                                    401,
                                    IntakeFault.UNAUTHORIZED,
                                    "Authorization",
                                    "send the token of the HTTP interface"))
                    .with("WWW-Authenticate", HttpToken.CHALLENGE);
        }

        private void refuse(HttpReply reply) {
            if (wait.isZero()) {
                write(response, reply, false, callback);
            } else {
                // no thread is blocked during the delay
                request.getComponents()
                        .getScheduler()
                        .schedule(
                                () -> write(response, reply, false, callback), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void carryOut(RouteTable.Found<HttpOperation> found, byte[] body) {
            HttpOperation operation = found.route().handler();
            HttpOperation.Call call = new HttpOperation.Call(request.getHeaders()::get, found.parameters(), body);
            Runnable work = () -> write(response, reply(operation, call), false, callback);
            Executor threads = switch (operation.threads()) {
                case CONNECTION -> Runnable::run;
                case REQUESTS -> requests;
                case TOP_UPS -> topUps;
                case BY_CONTENT -> mayBeTopUp(body) ? topUps : requests;
            };
            try {
                threads.execute(work);
            } catch (RejectedExecutionException full) {
                channel.count("unavailable");
                write(
                        response,
                        HttpReply.of(
                                        503,
                                        Refusals.problem(
                                                503,
                                                IntakeFault.BUSY,
                                                "request",
                                                IntakeFault.BUSY.entry().remedy()))
                                .retry(),
                        false,
                        callback);
            }
        }

        private HttpReply reply(HttpOperation operation, HttpOperation.Call call) {
            try {
                return operation.work().apply(call);
            } catch (Throwable e) {
                // also for an Error, which can occur while a module is replaced: the client waits for an answer
                LOG.error(
                        "{} a request at the HTTP interface failed by a fault of Postern",
                        IntakeFault.INTERFACE_FAILED.code(),
                        e);
                channel.failed(CONTEXT, ROUTE);
                return failed();
            }
        }
    }

    /**
     * Selects only the threads: a top-up among the other requests must not delay them, and a service 2.2 request in XML
     * or JSON, whose token was made elsewhere, must not run at the lower priority. A false match has no other effect.
     */
    private static boolean mayBeTopUp(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.contains("\"topUp\"") || text.contains(">2.2<") || text.contains("\"2.2\"");
    }
}
