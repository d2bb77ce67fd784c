package org.postern.benchmarks.appliance;

import jakarta.jms.Connection;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * The other side of a floor, in a process of its own, so that its CPU does not count. It ends with its standard input.
 */
public final class PeerProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader said;

    private PeerProcess(Process process) {
        this.process = process;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param arguments of {@link #main} */
    static PeerProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PeerProcess.class.getName()));
        command.addAll(List.of(arguments));
        return new PeerProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Its next line; null where it has ended. */
    String line() throws IOException {
        return said.readLine();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /**
     * {@code jms PORT} takes messages and prints how many, now and then; {@code serve FOLDER ANSWER} answers over TLS
     * and prints its port first; {@code call PORT FOLDER SENT ANSWER} calls over TLS, or without where the folder is
     * "-", until it is ended.
     */
    public static void main(String[] arguments) throws Exception {
        Thread parent = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // this stream carries no answers
                        }
                    } catch (IOException e) {
                        // as if it had ended
                    }
                    Runtime.getRuntime().halt(0);
                },
                "parent");
        parent.setDaemon(true);
        parent.start();
        switch (arguments[0]) {
            case "jms" -> take(Integer.parseInt(arguments[1]));
            case "serve" -> ExchangeFloor.serve(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            case "call" ->
                ExchangeFloor.call(Integer.parseInt(arguments[1]), arguments[2], Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException("no such peer: " + arguments[0]);
        }
        Thread.currentThread().join();
    }

    private static void take(int port) throws Exception {
        Connection connection =
                new ActiveMQConnectionFactory("tcp://127.0.0.1:" + port + "?dupsOKBatchSize=131072").createConnection();
        Session session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        int[] taken = {0};
        session.createConsumer(session.createQueue(JmsFloor.QUEUE)).setMessageListener(message -> {
            if (++taken[0] == CommitFloor.TOGETHER) {
                System.out.println(taken[0]);
                taken[0] = 0;
            }
        });
        connection.start();
    }
}
