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
 * Answers 503 with {@code Retry-After} at the address of the HTTP interface while its routes are not there: at the
 * start, while a module that they need is refreshed or updated, and where one is missing. It uses no other bundle of
 * ours, so that none takes it down.
 *
 * <p>Of the settings it reads the address and the key store; what is wrong with them is the routes' to say.
 */
@Component(service = HttpPort.class, immediate = true, configurationPid = "inforce.org.postern.intake")
public final class StandIn implements HttpPort {

    static final String STARTING =
            "{\"type\":\"about:blank\",\"status\":503,\"title\":\"the HTTP interface is not open yet\","
                    + "\"detail\":\"Postern is starting; try again\"}";
    private static final String HEALTH = "{\"ready\":false,\"parts\":{\"intake\":false},\"troubles\":{\"intake\":"
            + "\"the routes of the HTTP interface are not there; the log and dcc:status name what is missing\"}}";
    private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);
    private static final String RETRY_SECONDS = "5";
    private static final long AGAIN_MILLIS = 20;
    private static final long LONGEST_AGAIN_MILLIS = 1000;
    private static final long FREE_MILLIS = 2000;
    private static final int READ_BYTES = 1 << 20;
    /** Clients at once; one that sends slowly, or nothing, keeps none of the others waiting. */
    private static final int AT_ONCE = 32;

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
            // none before settings are in force: they are found right only while their port is free
            port = Integer.parseInt(text(settings, "httpPort", "0"));
        } catch (RuntimeException e) {
            LOG.debug("no answer while the HTTP interface is not there: {}", e.toString());
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
                AT_ONCE, AT_ONCE, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
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
            // stopped meanwhile
        }
    }

    private void open(long waited) {
        String named = host;
        try {
            // each time, as a name server may be late; and outside the lock that the routes wait for
            open(named, InetAddress.getByName(named), waited);
        } catch (IOException e) {
            LOG.debug("no answer while the HTTP interface is not there: {}", e.toString());
            openSoon(LONGEST_AGAIN_MILLIS);
        }
    }

    private synchronized void open(String named, InetAddress at, long waited) {
        // a process that ends closes its ports
        boolean ending = bundle != null
                && bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
        if (taken || server != null || port <= 0 || !named.equals(host) || ending || opener.isShutdown()) {
            return;
        }
        try {
            InetSocketAddress address = new InetSocketAddress(at, port);
            HttpServer opened;
            if (keyStore == null) {
                // in the clear the routes open it for this machine alone
                if (!at.isLoopbackAddress()) {
                    return;
                }
                opened = HttpServer.create(address, 0);
            } else {
                // first, so that no port is held where they cannot be read; each time, as they are replaced
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
            // the routes have not let go of it yet, or it is another's, or what the settings name is not there
            LOG.debug("no answer while the HTTP interface is not there: {}", e.toString());
            openSoon(Math.min(LONGEST_AGAIN_MILLIS, waited + AGAIN_MILLIS));
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
            // the next request may find the routes
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops listening at once, and lets answers end that have begun. */
    private void shut() {
        HttpServer closing = server;
        server = null;
        if (closing == null) {
            return;
        }
        Thread stop = new Thread(() -> closing.stop(1), "postern-http-stand-in-stop");
        stop.setDaemon(true);
        stop.start();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FREE_MILLIS);
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
