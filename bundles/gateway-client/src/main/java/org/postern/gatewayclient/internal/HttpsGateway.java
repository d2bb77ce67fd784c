package org.postern.gatewayclient.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
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
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final Clock clock;
    private final CountingTrust trust;
    private final HttpClient client;
    private final ExecutorService executor;
    private final Semaphore connections;
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private volatile Instant lastAnswerAt;

    HttpsGateway(GatewaySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.connections = new Semaphore(settings.maxConnections(), true);
        TlsMaterial tls = new TlsMaterial(GatewaySettings.PID, settings.tls());
        this.trust = new CountingTrust(tls.trustManager(), settings.checkHostName());
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(Math.min(4, settings.maxConnections()), task -> {
            Thread thread = new Thread(task, "postern-gateway-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(settings.tls().protocols().toArray(String[]::new));
        if (!settings.tls().cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.tls().cipherSuites().toArray(String[]::new));
        }
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout()).sslContext(tls.context(trust)).sslParameters(parameters)
                .executor(executor).build();
    }

    @Override
    public Exchange post(ServiceEndpoint endpoint, byte[] signedDuis) {
        boolean mine = false;
        try {
            mine = connections.tryAcquire(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                return count(new Exchange.Unreachable("all " + settings.maxConnections() + " connections are busy"));
            }
            return count(exchange(endpoint, signedDuis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return count(mine ? new Exchange.InDoubt("interrupted while waiting for the answer")
                    : new Exchange.Unreachable("interrupted before sending"));
        } finally {
            if (mine) {
                connections.release();
            }
        }
    }

    private Exchange exchange(ServiceEndpoint endpoint, byte[] signedDuis) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(settings.endpoints().get(endpoint))
                .header("Content-Type", "application/xml").header("Accept", "application/xml")
                .POST(BodyPublishers.ofByteArray(signedDuis)).build();
        CompletableFuture<HttpResponse<byte[]>> future = client.sendAsync(request, info -> new LimitedBody(settings.maxAnswerBytes()));
        try {
            return answer(future.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            future.cancel(true);
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
            return new Exchange.Refused(status, retryAfter(response));
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

    private static Exchange failure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnresolvedAddressException || cause instanceof java.net.UnknownHostException) {
                return new Exchange.Unreachable("no connection");
            }
            if (cause instanceof SSLHandshakeException) {
                return new Exchange.Unreachable("TLS handshake refused");
            }
            if (cause instanceof LimitedBody.TooLarge) {
                return new Exchange.InDoubt("answer larger than the limit");
            }
        }
        if (!(failure instanceof IOException)) {
            LOG.warn("{} an exchange failed in an unexpected way", GatewayFault.EXCHANGE_FAILED.code(), failure);
        }
        return new Exchange.InDoubt("connection lost before the answer was complete");
    }

    private Exchange count(Exchange exchange) {
        exchange.fold(a -> increment(answered), r -> increment(refused), d -> increment(inDoubt), u -> increment(unreachable));
        return exchange;
    }

    private static Void increment(LongAdder counter) {
        counter.increment();
        return null;
    }

    @Override
    public GatewayStatus status() {
        return new GatewayStatus(settings.baseUrl().toString(), answered.sum(), refused.sum(), inDoubt.sum(), unreachable.sum(),
                trust.handshakes(), Optional.ofNullable(lastAnswerAt));
    }

    /** Lets exchanges under way end, for a short while, then gives up the connections. */
    @Override
    public void close() {
        try {
            if (!connections.tryAcquire(settings.maxConnections(), CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("exchanges with the DCC still under way while the gateway client stops; they end in doubt");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
