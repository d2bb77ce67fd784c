package org.postern.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.internal.GatewayComponent;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * CPU of the calling process for one exchange of 2 kB each way over mutual TLS on persistent connections: the gateway
 * against the JDK's HTTP client, in turn, median of the rounds; the server is a process of its own.
 * {@code HttpExchangeBenchmark [ROUNDS [EXCHANGES [CALLERS]]]}.
 */
public final class HttpExchangeBenchmark {

    private static final int BODY = 2048;
    private static final byte[] DOCUMENT = "x".repeat(BODY).getBytes(StandardCharsets.US_ASCII);

    private HttpExchangeBenchmark() {}

    /** One way to post the document. */
    private interface Way {
        boolean post() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 1 && args[0].equals("serve")) {
            serve(Path.of(args[1]));
            return;
        }
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int exchanges = args.length > 1 ? Integer.parseInt(args[1]) : 4000;
        int callers = args.length > 2 ? Integer.parseInt(args[2]) : 6;
        Path folder = Files.createTempDirectory("http-exchange");
        SimulatorPki.create(folder, new Population(1, 1), Clock.systemUTC());
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HttpExchangeBenchmark.class.getName(),
                        "serve",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            int port = Integer.parseInt(server.inputReader().readLine());
            measure(folder.resolve("postern/tls"), port, rounds, exchanges, callers);
        } finally {
            server.destroy();
            server.waitFor();
            delete(folder);
        }
    }

    private static void measure(Path tls, int port, int rounds, int exchanges, int callers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            Way[] ways = {gateway(tls, port), jdk(tls, port)};
            String[] names = {"gateway", "JDK client"};
            double[][] micros = new double[ways.length][rounds];
            for (int round = -2; round < rounds; round++) {
                for (int way = 0; way < ways.length; way++) {
                    double each = cpuMicros(threads, ways[way], exchanges, callers);
                    if (round >= 0) {
                        micros[way][round] = each;
                    }
                }
            }
            for (int way = 0; way < ways.length; way++) {
                Arrays.sort(micros[way]);
                System.out.printf(
                        Locale.ROOT,
                        "%-10s %6.0f us CPU per exchange (%.0f to %.0f)%n",
                        names[way],
                        micros[way][rounds / 2],
                        micros[way][0],
                        micros[way][rounds - 1]);
            }
            System.out.printf(
                    Locale.ROOT, "JDK client / gateway: %.2f%n", micros[1][rounds / 2] / micros[0][rounds / 2]);
        } finally {
            threads.shutdownNow();
        }
    }

    private static double cpuMicros(ExecutorService threads, Way way, int exchanges, int callers) throws Exception {
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = process.getProcessCpuTime();
        List<Future<?>> running = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            running.add(threads.submit(() -> {
                for (int i = 0; i < exchanges / callers; i++) {
                    if (!way.post()) {
                        throw new IllegalStateException("an exchange without an answer");
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        return (process.getProcessCpuTime() - before) / 1000.0 / (exchanges / callers * callers);
    }

    private static Way gateway(Path tls, int port) throws Exception {
        Constructor<?> constructor = GatewayComponent.class.getConstructors()[0];
        Class<?> config = constructor.getParameterTypes()[0];
        String password = tls.resolve("password").toString();
        Map<String, Object> values = Map.of(
                "baseUrl",
                "https://127.0.0.1:" + port,
                "keyStore",
                tls.resolve("client.p12").toString(),
                "keyStorePasswordFile",
                password,
                "trustStore",
                tls.resolve("trust.p12").toString(),
                "trustStorePasswordFile",
                password,
                "checkHostName",
                false);
        DccGateway gateway = (DccGateway) constructor.newInstance(Proxy.newProxyInstance(
                config.getClassLoader(),
                new Class<?>[] {config},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
        return () -> gateway.post(Lane.ROUTINE, ServiceEndpoint.SEND_COMMAND, DOCUMENT) instanceof Exchange.Answered;
    }

    private static Way jdk(Path tls, int port) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsKeys.context(tls, "client"))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/api/v1/serviceS"))
                .header("Content-Type", "application/xml")
                .POST(HttpRequest.BodyPublishers.ofByteArray(DOCUMENT))
                .build();
        return () -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                        .get()
                        .body()
                        .length
                == BODY;
    }

    /** Answers every request with as many bytes, on a thread for each connection, until the process is ended. */
    private static void serve(Path folder) throws Exception {
        SSLServerSocket socket = (SSLServerSocket) TlsKeys.context(folder.resolve("simulator/tls"), "server")
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        System.out.println(socket.getLocalPort());
        while (true) {
            SSLSocket connection = (SSLSocket) socket.accept();
            connection.setTcpNoDelay(true);
            Thread thread = new Thread(() -> answer(connection));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void answer(SSLSocket connection) {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: " + BODY + "\r\n\r\n"
                        + "y".repeat(BODY))
                .getBytes(StandardCharsets.US_ASCII);
        try (connection) {
            InputStream in = connection.getInputStream();
            OutputStream out = connection.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            int held = 0;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer, held, buffer.length - held)) {
                held += length;
                int head = new String(buffer, 0, held, StandardCharsets.US_ASCII).indexOf("\r\n\r\n");
                if (head >= 0 && held >= head + 4 + BODY) {
                    out.write(answer);
                    held = 0;
                }
            }
        } catch (IOException e) {
            // the caller went away
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
