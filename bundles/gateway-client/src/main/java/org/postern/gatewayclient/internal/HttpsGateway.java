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
 * The gateway over HTTP/1.1 on a small number of persistent connections. The posting thread itself takes an idle
 * connection or opens one, writes the request, and waits for the answer.
 *
 * <p>Only a failure before the end of the TLS handshake means that nothing was sent. After the first byte of the
 * request every failure leaves the exchange in doubt, also on a pooled connection that turns out to be dead.
 */
final class HttpsGateway implements OpenGateway {

    /** Our key, the trust manager, and the socket factory made from both. */
    private record Keys(TlsMaterial material, CountingTrustManager trust, SSLSocketFactory factory) {}

    private static final Logger LOG = LoggerFactory.getLogger(HttpsGateway.class);
    private static final Duration REFUSAL_WAIT = Duration.ofMillis(500);
    private static final Duration REFUSAL_DEADLINE = REFUSAL_WAIT.plusSeconds(1);
    private static final String ALERT = "Received fatal alert: ";
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final Clock clock;
    private final GatewayHealth health;
    private final ConnectionSlots slots;
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
        this.slots = new ConnectionSlots(settings.maxConnections(), settings.prepaymentConnections());
        this.health = new GatewayHealth(clock);
        TlsMaterial material = new TlsMaterial(GatewaySettings.PID, settings.tls());
        this.pool = new ConnectionPool("postern-gateway-deadlines", settings.idleTimeout());
        use(material);
    }

    /** Uses these keys and this trust for new connections; the present connections are not used for another request. */
    synchronized void use(TlsMaterial material) {
        CountingTrustManager trust =
                new CountingTrustManager(material.trustManager(), settings.checkHostName(), who -> {
                    refusedCertificates.increment();
                    LOG.warn("{} refused the DCC's {}", GatewayFault.CERTIFICATE.code(), who);
                });
        keys = new Keys(material, trust, material.context(trust).getSocketFactory());
        // only now: a connection of the new epoch has to have the new keys
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

    @SuppressWarnings("try") // the use is needed only for its deadline and its close()
    private void open(PooledConnection connection) throws IOException {
        try (ConnectionPool.Use use = pool.use(connection, settings.connectTimeout())) {
            connection.open(settings.baseUrl(), keys.factory(), parameters(), settings.connectTimeout());
            handshakes.increment();
        }
    }

    /**
     * Opens a TLS connection and closes it again, unless there was an exchange or probe within that time. The result is
     * shown by {@link #status()}.
     */
    void probe(Duration quiet) {
        if (!health.due(quiet)) {
            return;
        }
        try {
            openAndAwaitRefusal();
            health.reached();
        } catch (IOException e) {
            health.failed(reason(e, "no connection: " + e.getClass().getSimpleName()));
        }
    }

    /**
     * Opens a connection, waits whether the DCC refuses our certificate, which with TLS 1.3 it does only after the
     * handshake, and closes the connection.
     */
    @SuppressWarnings("try") // as above
    private void openAndAwaitRefusal() throws IOException {
        PooledConnection connection = new PooledConnection(pool.epoch());
        try {
            open(connection);
            // limits the whole wait: a TLS record sent byte by byte never causes a read timeout
            try (ConnectionPool.Use use = pool.use(connection, REFUSAL_DEADLINE)) {
                connection.awaitRefusal(REFUSAL_WAIT);
            }
        } finally {
            connection.close();
        }
    }

    @Override
    public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
        try {
            slots.acquire(lane);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // not counted as a failure, because it has nothing to do with the DCC
            return new Exchange.Unreachable("interrupted before sending");
        }
        try {
            return count(exchange(Objects.requireNonNull(settings.endpoints().get(endpoint)), signedDuis));
        } finally {
            slots.release(lane);
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
                // also after an Error, for example while an OSGi bundle is being updated
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

    /** There was no connection, so no byte of the request was sent. */
    private Exchange notSent(@Nullable PooledConnection connection, Exception failure) {
        boolean late = connection != null && connection.aborted();
        if (!(failure instanceof IOException)) {
            LOG.warn("{} a connection failed unexpectedly", GatewayFault.EXCHANGE_FAILED.code(), failure);
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
            // lost without notice: the other pooled connections have probably died too and are not tried one by one
            pool.renew(connection.epoch());
            return new Exchange.InDoubt(
                    "no answer within " + settings.answerTimeout().toSeconds() + " s");
        }
        if (failure instanceof PooledConnection.TooLarge) {
            return new Exchange.InDoubt("answer larger than the limit");
        }
        if (failure instanceof RuntimeException) {
            LOG.warn("{} an exchange failed unexpectedly", GatewayFault.EXCHANGE_FAILED.code(), failure);
        }
        String lost = reason(failure, "connection lost before the answer was complete");
        return new Exchange.InDoubt(
                connection.answers() == 0 && failure instanceof IOException ? refusalReason(lost) : lost);
    }

    /**
     * Finds out whether the first exchange of a connection failed because the DCC refuses our certificate. With TLS 1.3
     * its alert comes after the handshake, and a thread that writes meanwhile may find the connection closed before it
     * has read the alert. On another connection, on which nothing is written, the alert is received.
     */
    private String refusalReason(String otherwise) {
        try {
            openAndAwaitRefusal();
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

    /** The beginning of a body as text, in which each character that is not allowed becomes a question mark. */
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
        return Optional.of(wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait);
    }

    /**
     * The reason of a failure. It names the certificate where we refused the DCC's, or the DCC refused ours with an
     * alert.
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
                                + CountingTrustManager.named(keys.material().chain()) + ": " + name
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

    /** The number of certificates of the DCC that were refused since start. */
    long refusedCertificates() {
        return refusedCertificates.sum();
    }

    /** Waits a few seconds for exchanges in progress, then closes all connections. */
    @Override
    public void close() {
        try {
            if (!slots.awaitAllReleased(CLOSE_PATIENCE)) {
                LOG.info("exchanges with the DCC still in progress when the gateway client stops end in doubt");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }
}
