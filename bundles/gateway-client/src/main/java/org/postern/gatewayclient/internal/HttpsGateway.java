package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.gatewayclient.OpenGateway;
import org.postern.jettyruntime.ConnectionPool;
import org.postern.jettyruntime.PooledConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway over HTTP/1.1 on a few connections that are kept. The thread that posts does all of it: it takes a
 * connection or opens one, writes, and waits for the answer.
 *
 * <p>Only what fails before the TLS handshake is through counts as certainly not sent; from the first byte of the
 * request on everything is in doubt, on a connection that was kept and had died as well.
 */
final class HttpsGateway implements OpenGateway {

    /** Our key, whom we trust, and what makes connections of both. */
    private record Keys(TlsMaterial material, CountingTrust trust, SSLSocketFactory factory) {}

    private static final Logger LOG = LoggerFactory.getLogger(HttpsGateway.class);
    private static final Duration REFUSAL = Duration.ofMillis(500);
    private static final Duration LISTENING = REFUSAL.plusSeconds(1);
    private static final String ALERT = "Received fatal alert: ";
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final Clock clock;
    private final GatewayHealth health;
    private final Connections connections;
    private final ConnectionPool pool;
    private volatile Keys keys;
    private final LongAdder handshakes = new LongAdder();
    private final LongAdder refusedCertificates = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private volatile @Nullable Instant lastAnswerAt;

    HttpsGateway(GatewaySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.connections = new Connections(settings.maxConnections(), settings.prepaymentConnections());
        this.health = new GatewayHealth(clock);
        TlsMaterial material = new TlsMaterial(GatewaySettings.PID, settings.tls());
        this.pool = new ConnectionPool("postern-gateway-deadlines", settings.idleTimeout());
        use(material);
    }

    /** Takes other keys or trust, for every connection from now on; those that are open are not used again. */
    synchronized void use(TlsMaterial material) {
        CountingTrust trust = new CountingTrust(material.trustManager(), settings.checkHostName(), who -> {
            refusedCertificates.increment();
            LOG.warn("{} the DCC's {}", GatewayFault.CERTIFICATE.code(), who);
        });
        keys = new Keys(material, trust, material.context(trust).getSocketFactory());
        // after the keys: who takes the new epoch has the new keys
        pool.renew();
    }

    private SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(settings.tls().protocols().toArray(String[]::new));
        if (!settings.tls().cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.tls().cipherSuites().toArray(String[]::new));
        }
        parameters.setEndpointIdentificationAlgorithm(settings.checkHostName() ? "HTTPS" : null);
        return parameters;
    }

    @SuppressWarnings("try") // the use is for its end: it cuts the connection off
    private void open(PooledConnection connection) throws IOException {
        try (ConnectionPool.Use use = pool.use(connection, settings.connectTimeout())) {
            connection.open(settings.baseUrl(), keys.factory(), parameters(), settings.connectTimeout());
            handshakes.increment();
        }
    }

    /**
     * Opens a connection with TLS and closes it, unless the DCC was heard of lately; says nothing but what
     * {@link #status()} shows.
     */
    void probe(Duration quiet) {
        if (!health.due(quiet)) {
            return;
        }
        try {
            listen();
            health.reached();
        } catch (IOException e) {
            health.failed(reason(e, "no connection: " + e.getClass().getSimpleName()));
        }
    }

    /**
     * Opens a connection, waits whether the DCC refuses us, which with TLS 1.3 it says only after the handshake, and
     * closes it.
     */
    @SuppressWarnings("try") // as above
    private void listen() throws IOException {
        PooledConnection connection = new PooledConnection(pool.epoch());
        try {
            open(connection);
            // in all: who sends the beginning of a word, a byte now and then, is never silent for so long
            try (ConnectionPool.Use use = pool.use(connection, LISTENING)) {
                connection.awaitRefusal(REFUSAL);
            }
        } finally {
            connection.close();
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
            return count(exchange(Objects.requireNonNull(settings.endpoints().get(endpoint)), signedDuis));
        } finally {
            connections.giveBack(lane);
        }
    }

    @SuppressWarnings("try") // as above
    private Exchange exchange(URI address, byte[] signedDuis) {
        PooledConnection connection = pool.idleConnection();
        if (connection == null) {
            boolean opened = false;
            try {
                connection = new PooledConnection(pool.epoch());
                open(connection);
                opened = true;
            } catch (IOException | RuntimeException e) {
                return notSent(connection, e);
            } finally {
                // after an Error too, as while a module is exchanged
                if (!opened && connection != null) {
                    connection.close();
                }
            }
        }
        try (ConnectionPool.Use use = pool.use(connection, settings.answerTimeout())) {
            return answer(connection.post(address, signedDuis, settings.maxAnswerBytes()));
        } catch (IOException | HttpException | RuntimeException e) {
            return inDoubt(connection, e);
        } finally {
            pool.release(connection);
        }
    }

    /** No connection, so no byte of the request has left. */
    private Exchange notSent(@Nullable PooledConnection connection, Exception failure) {
        boolean late = connection != null && connection.aborted();
        if (!(failure instanceof IOException)) {
            LOG.warn("{} a connection failed in an unexpected way", GatewayFault.EXCHANGE_FAILED.code(), failure);
        }
        return new Exchange.Unreachable(
                !late && failure instanceof SSLException ? reason(failure, "TLS handshake refused") : "no connection");
    }

    private Exchange inDoubt(PooledConnection connection, Exception failure) {
        if (Thread.currentThread().isInterrupted()) {
            return new Exchange.InDoubt("interrupted while waiting for the answer");
        }
        if (connection.aborted()) {
            if (pool.closed()) {
                return new Exchange.InDoubt("the gateway client stopped before the answer was complete");
            }
            // lost without a word: the others of the pool lead the same way, and are not tried one after another
            pool.renew(connection.epoch());
            return new Exchange.InDoubt(
                    "no answer within " + settings.answerTimeout().toSeconds() + " s");
        }
        if (failure instanceof PooledConnection.TooLarge) {
            return new Exchange.InDoubt("answer larger than the limit");
        }
        if (failure instanceof RuntimeException) {
            LOG.warn("{} an exchange failed in an unexpected way", GatewayFault.EXCHANGE_FAILED.code(), failure);
        }
        String lost = reason(failure, "connection lost before the answer was complete");
        return new Exchange.InDoubt(connection.answers() == 0 && failure instanceof IOException ? refusal(lost) : lost);
    }

    /**
     * Why the first exchange of a connection may have failed: with TLS 1.3 the DCC refuses our certificate after the
     * handshake, and who writes meanwhile may find the connection closed before its alert is read. A connection on
     * which nothing is written hears it.
     */
    private String refusal(String otherwise) {
        try {
            listen();
            return otherwise;
        } catch (IOException e) {
            return reason(e, otherwise);
        }
    }

    private Exchange answer(PooledConnection.Answer response) {
        int status = response.status();
        if (status < 200 || status > 299) {
            return new Exchange.Refused(status, retryAfter(response.retryAfter().strip()), beginning(response.body()));
        }
        String type = response.contentType().toLowerCase(Locale.ROOT);
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
        String text = new String(
                        body, 0, Math.min(body.length, 4 * Exchange.Refused.LONGEST_BODY), StandardCharsets.UTF_8)
                .replaceAll("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFC]", "?")
                .strip();
        return text.length() <= Exchange.Refused.LONGEST_BODY ? text : text.substring(0, Exchange.Refused.LONGEST_BODY);
    }

    private Optional<Duration> retryAfter(String value) {
        Duration wait;
        try {
            wait = value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        if (wait.isNegative()) {
            return Optional.of(Duration.ZERO);
        }
        return Optional.of(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /**
     * Names the certificate where one was refused: the DCC's by us, or ours by the DCC, which says so with an alert.
     */
    private String reason(Throwable failure, String otherwise) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "TLS handshake refused: we refuse the DCC's "
                        + keys.trust().lastRefusal();
            }
            String message = cause instanceof SSLException && cause.getMessage() != null ? cause.getMessage() : "";
            int alert = message.indexOf(ALERT);
            if (alert >= 0) {
                String name = message.substring(alert + ALERT.length());
                return name.contains("certificate") || name.contains("unknown_ca") || name.contains("access_denied")
                        ? "TLS handshake refused: the DCC refuses our "
                                + CountingTrust.named(keys.material().chain()) + ": " + name
                        : "TLS handshake refused: " + name;
            }
        }
        return otherwise;
    }

    private Exchange count(Exchange exchange) {
        exchange.fold(
                a -> increment(answered),
                r -> increment(refused),
                d -> increment(inDoubt),
                u -> increment(unreachable));
        exchange.fold(
                a -> health.reached(),
                r -> health.reached(),
                d -> health.failed(d.reason()),
                u -> health.failed(u.reason()));
        return exchange;
    }

    private static Void increment(LongAdder counter) {
        counter.increment();
        return null;
    }

    @Override
    public GatewayStatus status() {
        return new GatewayStatus(
                settings.baseUrl().toString(),
                answered.sum(),
                refused.sum(),
                inDoubt.sum(),
                unreachable.sum(),
                handshakes.sum(),
                Optional.ofNullable(lastAnswerAt),
                health.trouble());
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
        pool.close();
    }
}
