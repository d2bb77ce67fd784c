package org.postern.unavailable.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.postern.unavailable.HttpPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers 503 with {@code Retry-After} at the address of the HTTP interface while its routes are not running: during
 * the start, while a module that they need is refreshed or updated, or if such a module is missing. It uses no other
 * bundle of Postern, so that no update of another bundle stops it.
 *
 * <p>It reads only the address and the key store from the settings; errors in them are reported by the routes.
 */
@Component(service = HttpPort.class, immediate = true, configurationPid = "inforce.org.postern.intake")
public final class StandIn implements HttpPort {

    static final String STARTING =
            "{\"type\":\"about:blank\",\"status\":503,\"title\":\"the HTTP interface is not open yet\","
                    + "\"detail\":\"Postern is starting; try again\"}";
    private static final String HEALTH = "{\"ready\":false,\"parts\":{\"intake\":false},\"troubles\":{\"intake\":"
            + "\"the routes of the HTTP interface are not running; the log and dcc:status name what is missing\"}}";
    private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);
    private static final String RETRY_SECONDS = "5";
    private static final long RETRY_STEP_MILLIS = 20;
    private static final long MAX_RETRY_MILLIS = 1000;
    private static final long RELEASE_TIMEOUT_MILLIS = 2000;
    private static final int READ_BYTES = 1 << 20;
    /** Number of clients served at once, so that a client that sends slowly or nothing does not delay the others. */
    private static final int MAX_CLIENTS = 32;

    private static final long IDLE_SECONDS = 5;

    private final BundleContext bundle;
    private final ScheduledExecutorService opener = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postern-http-stand-in");
        thread.setDaemon(true);
        return thread;
    });
    private final ThreadPoolExecutor answers = answers();
    private volatile String host;
    private int port;
    private Path keyStore;
    private Path passwordFile;
    private HttpServer server;
    private boolean taken;
    private volatile String problem = STARTING;

    @Activate
    public StandIn(BundleContext bundle, Map<String, Object> settings) {
        this.bundle = bundle;
        modified(settings);
    }

    @Modified
    synchronized void modified(Map<String, Object> settings) {
        shut();
        try {
            host = text(settings, "httpHost", "127.0.0.1");
            String store = text(settings, "httpKeyStore", "");
            keyStore = store.isEmpty() ? null : Path.of(store);
            passwordFile = Path.of(text(settings, "httpKeyStorePasswordFile", ""));
            // 0 before settings are in force: their validation requires the port to be free
            port = Integer.parseInt(text(settings, "httpPort", "0"));
        } catch (RuntimeException e) {
            LOG.debug("The port is not answered while the HTTP interface is not running: {}", e.toString());
            port = 0;
        }
        openSoon(0);
    }

    private static String text(Map<String, Object> settings, String name, String otherwise) {
        Object value = settings.get(name);
        return value == null ? otherwise : value.toString().strip();
    }

    private static SSLContext tls(Path store, Path passwordFile) throws IOException, GeneralSecurityException {
        char[] password = Files.readString(passwordFile)
                .lines()
                .findFirst()
                .orElse("")
                .strip()
                .toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static ThreadPoolExecutor answers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MAX_CLIENTS, MAX_CLIENTS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "postern-http-stand-in-answer");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public synchronized void take() {
        taken = true;
        shut();
    }

    @Override
    public synchronized void giveBack(String answer) {
        taken = false;
        problem = answer;
        openSoon(0);
    }

    private void openSoon(long millis) {
        try {
            var unused = opener.schedule(() -> open(millis), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // this component was stopped in the meantime
        }
    }

    private void open(long waited) {
        String configured = host;
        try {
            // resolved at each attempt, because a name server may become available late, and outside the lock that the
            // routes wait for
            open(configured, InetAddress.getByName(configured), waited);
        } catch (IOException e) {
            LOG.debug("The port is not answered while the HTTP interface is not running: {}", e.toString());
            openSoon(MAX_RETRY_MILLIS);
        }
    }

    private synchronized void open(String configured, InetAddress at, long waited) {
        // when the process is ending, the port must not be opened again
        boolean ending = bundle != null
                && bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
        if (taken || server != null || port <= 0 || !configured.equals(host) || ending || opener.isShutdown()) {
            return;
        }
        try {
            InetSocketAddress address = new InetSocketAddress(at, port);
            HttpServer opened;
            if (keyStore == null) {
                // without TLS the routes open the port for the local machine only
                if (!at.isLoopbackAddress()) {
                    return;
                }
                opened = HttpServer.create(address, 0);
            } else {
                // read before the port is opened, so that an unreadable key store leaves no open port; read at each
                // attempt, because the files may be replaced
                SSLContext keys = tls(keyStore, passwordFile);
                HttpsServer secured = HttpsServer.create(address, 0);
                secured.setHttpsConfigurator(new HttpsConfigurator(keys));
                opened = secured;
            }
            opened.createContext("/", this::answer);
            opened.setExecutor(answers);
            opened.start();
            server = opened;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // the routes have not released the port yet, another process has it, or the files named in the settings do
            // not exist
            LOG.debug("The port is not answered while the HTTP interface is not running: {}", e.toString());
            openSoon(Math.min(MAX_RETRY_MILLIS, waited + RETRY_STEP_MILLIS));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readNBytes(READ_BYTES);
            boolean health = exchange.getRequestURI().getPath().equals("/health");
            byte[] body = (health ? HEALTH : problem).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", health ? "application/json" : "application/problem+json");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
            // the next request may be for the routes
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops listening immediately and lets answers in progress finish. */
    private void shut() {
        HttpServer closing = server;
        server = null;
        if (closing == null) {
            return;
        }
        Thread stop = new Thread(() -> closing.stop(1), "postern-http-stand-in-stop");
        stop.setDaemon(true);
        stop.start();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RELEASE_TIMEOUT_MILLIS);
        while (!free(closing.getAddress()) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static boolean free(InetSocketAddress at) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(at);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Deactivate
    synchronized void stop() {
        opener.shutdownNow();
        shut();
        answers.shutdown();
    }
}
