package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.GatewayStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway over the JDK's HTTP client, HTTP/1.1 on a few connections that are kept.
 *
 * <p>Only what fails before the TLS handshake is through counts as certainly not sent; everything later is in doubt,
 * the JDK's word for the failure notwithstanding.
 */
final class HttpsGateway implements DccGateway, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpsGateway.class);
    private static final int REFUSAL_MILLIS = 500;
    private static final String ALERT = "Received fatal alert: ";
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** A connection that is idle for so long is given up: firewalls forget idle connections, many after a minute, and tell nobody. */
    private static final String IDLE_SECONDS = "25";
    private static final String IDLE_PROPERTY = "jdk.httpclient.keepalive.timeout";

    private final GatewaySettings settings;
    private final Clock clock;
    private final GatewayHealth health;
    private final LongAdder handshakesBefore = new LongAdder();
    private final LongAdder refusedCertificates = new LongAdder();
    private volatile TlsMaterial tls;
    private volatile CountingTrust trust;
    private volatile HttpClient client;
    private final ExecutorService executor;
    private final Connections connections;
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private volatile Instant lastAnswerAt;

    HttpsGateway(GatewaySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.connections = new Connections(settings.maxConnections(), settings.prepaymentConnections());
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(Math.min(4, settings.maxConnections()), task -> {
            Thread thread = new Thread(task, "postern-gateway-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.health = new GatewayHealth(clock);
        // read once by the JDK, when the first client is made; whoever starts the process may set it
        if (System.getProperty(IDLE_PROPERTY) == null) {
            System.setProperty(IDLE_PROPERTY, IDLE_SECONDS);
        }
        use(new TlsMaterial(GatewaySettings.PID, settings.tls()));
    }

    /** Takes other keys or trust, for every connection from now on; those that are open are not used again. */
    synchronized void use(TlsMaterial material) {
        CountingTrust before = trust;
        // not this gateway itself: an HTTP client ends its thread when nobody holds the client, and that thread holds its trust
        LongAdder count = refusedCertificates;
        CountingTrust now = new CountingTrust(material.trustManager(), settings.checkHostName(),
                who -> {
                    count.increment();
                    LOG.warn("{} the DCC's {}", GatewayFault.CERTIFICATE.code(), who);
                });
        client = client(material, now);
        trust = now;
        tls = material;
        if (before != null) {
            handshakesBefore.add(before.handshakes());
        }
    }

    private HttpClient client(TlsMaterial material, CountingTrust trusted) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(settings.tls().protocols().toArray(String[]::new));
        if (!settings.tls().cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.tls().cipherSuites().toArray(String[]::new));
        }
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout()).sslContext(material.context(trusted)).sslParameters(parameters)
                .executor(executor).build();
    }

    /** One connection was lost without a word: the others of the pool lead the same way, and are not tried one after another. */
    private synchronized void freshConnections(HttpClient lost) {
        if (client == lost) {
            client = client(tls, trust);
        }
    }

    /** Opens a connection with TLS and closes it, unless the DCC was heard of lately; says nothing but what {@link #status()} shows. */
    void probe(Duration quiet) {
        if (!health.due(quiet)) {
            return;
        }
        URI address = settings.baseUrl();
        int port = address.getPort() < 0 ? 443 : address.getPort();
        try (Socket plain = new Socket()) {
            int millis = (int) settings.connectTimeout().toMillis();
            plain.connect(new InetSocketAddress(address.getHost(), port), millis);
            try (SSLSocket socket = (SSLSocket) tls.context(trust).getSocketFactory().createSocket(plain, address.getHost(), port, true)) {
                socket.setSoTimeout(millis);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(settings.tls().protocols().toArray(String[]::new));
                parameters.setEndpointIdentificationAlgorithm(settings.checkHostName() ? "HTTPS" : null);
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                // TLS 1.3 tells of a refused client certificate only afterwards
                socket.setSoTimeout(REFUSAL_MILLIS);
                try {
                    socket.getInputStream().read();
                } catch (SocketTimeoutException e) {
                    // silence is consent
                }
                health.reached();
            }
        } catch (IOException e) {
            health.failed(reason(e, "no connection: " + e.getClass().getSimpleName()));
        }
    }

    @Override
    public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
        try {
            connections.take(lane);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // says nothing of the DCC: not counted, and no trouble
            return new Exchange.Unreachable("interrupted before sending");
        }
        try {
            return count(exchange(endpoint, signedDuis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return count(new Exchange.InDoubt("interrupted while waiting for the answer"));
        } finally {
            connections.giveBack(lane);
        }
    }

    private Exchange exchange(ServiceEndpoint endpoint, byte[] signedDuis) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(settings.endpoints().get(endpoint))
                .header("Content-Type", "application/xml").header("Accept", "application/xml")
                .POST(BodyPublishers.ofByteArray(signedDuis)).build();
        HttpClient used = client;
        CompletableFuture<HttpResponse<byte[]>> future = used.sendAsync(request, info -> new LimitedBody(settings.maxAnswerBytes()));
        try {
            return answer(future.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            future.cancel(true);
            freshConnections(used);
            return new Exchange.InDoubt("no answer within " + settings.answerTimeout().toSeconds() + " s");
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            return failure(e.getCause());
        }
    }

    private Exchange answer(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status < 200 || status > 299) {
            return new Exchange.Refused(status, retryAfter(response), beginning(response.body()));
        }
        String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.split(";")[0].strip().equals("application/xml")) {
            return new Exchange.InDoubt("status " + status + " with a content type other than application/xml");
        }
        if (response.body().length == 0) {
            return new Exchange.InDoubt("status " + status + " without a document");
        }
        lastAnswerAt = clock.instant();
        return new Exchange.Answered(response.body());
    }

    /** The beginning of a body as text; what is no text becomes question marks. */
    private static String beginning(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 4 * Exchange.Refused.LONGEST_BODY), StandardCharsets.UTF_8)
                .replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFC]", "?").strip();
        return text.length() <= Exchange.Refused.LONGEST_BODY ? text : text.substring(0, Exchange.Refused.LONGEST_BODY);
    }

    private Optional<Duration> retryAfter(HttpResponse<?> response) {
        String value = response.headers().firstValue("Retry-After").orElse("").strip();
        Duration wait;
        try {
            wait = value.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        if (wait.isNegative()) {
            return Optional.of(Duration.ZERO);
        }
        return Optional.of(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    private Exchange failure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnresolvedAddressException || cause instanceof java.net.UnknownHostException) {
                return new Exchange.Unreachable("no connection");
            }
            if (cause instanceof SSLHandshakeException) {
                return new Exchange.Unreachable(reason(failure, "TLS handshake refused"));
            }
            if (cause instanceof LimitedBody.TooLarge) {
                return new Exchange.InDoubt("answer larger than the limit");
            }
        }
        if (!(failure instanceof IOException)) {
            LOG.warn("{} an exchange failed in an unexpected way", GatewayFault.EXCHANGE_FAILED.code(), failure);
        }
        return new Exchange.InDoubt(reason(failure, "connection lost before the answer was complete"));
    }

    /** Names the certificate where one was refused: the DCC's by us, or ours by the DCC, which says so with an alert. */
    private String reason(Throwable failure, String otherwise) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "TLS handshake refused: we refuse the DCC's " + trust.lastRefusal();
            }
            String message = cause instanceof SSLException && cause.getMessage() != null ? cause.getMessage() : "";
            int alert = message.indexOf(ALERT);
            if (alert >= 0) {
                String name = message.substring(alert + ALERT.length());
                return name.contains("certificate") || name.contains("unknown_ca") || name.contains("access_denied")
                        ? "TLS handshake refused: the DCC refuses our " + CountingTrust.named(tls.chain()) + ": " + name
                        : "TLS handshake refused: " + name;
            }
        }
        return otherwise;
    }

    private Exchange count(Exchange exchange) {
        exchange.fold(a -> increment(answered), r -> increment(refused), d -> increment(inDoubt), u -> increment(unreachable));
        exchange.fold(a -> health.reached(), r -> health.reached(), d -> health.failed(d.reason()), u -> health.failed(u.reason()));
        return exchange;
    }

    private static Void increment(LongAdder counter) {
        counter.increment();
        return null;
    }

    @Override
    public GatewayStatus status() {
        return new GatewayStatus(settings.baseUrl().toString(), answered.sum(), refused.sum(), inDoubt.sum(), unreachable.sum(),
                handshakesBefore.sum() + trust.handshakes(), Optional.ofNullable(lastAnswerAt), health.trouble());
    }

    /** Certificates of the DCC that were refused, since start. */
    long refusedCertificates() {
        return refusedCertificates.sum();
    }

    /** Lets exchanges under way end, for a short while, then gives up the connections. */
    @Override
    public void close() {
        try {
            if (!connections.allBackWithin(CLOSE_PATIENCE)) {
                LOG.info("exchanges with the DCC still under way while the gateway client stops; they end in doubt");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
