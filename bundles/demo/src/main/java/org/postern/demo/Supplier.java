package org.postern.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A supplier's systems: they submit requests by JMS, HTTP and files, and receive results and alerts. */
final class Supplier implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ALERT_ROLES = List.of("IS", "GS", "ED");

    private final Appliance appliance;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token;
    /** Stays open: closing it would close the connection. */
    private final ActiveMQConnectionFactory factory;

    private final Connection connection;
    private final Session sending;
    private final MessageProducer producer;
    /** Outcomes of the results received by JMS, by the supplier's correlation id. */
    final Map<String, String> jmsOutcomes = new ConcurrentHashMap<>();
    /** Alerts received by JMS. */
    final ConcurrentLinkedQueue<String> alerts = new ConcurrentLinkedQueue<>();

    Supplier(Appliance appliance) throws IOException, JMSException {
        this.appliance = appliance;
        this.token = appliance.secret("http-door.token");
        this.factory = new ActiveMQConnectionFactory(
                "tcp://127.0.0.1:" + appliance.ports().broker());
        this.connection = factory.createConnection("supplier", appliance.secret("broker-supplier.password"));
        listen("postern.results", message -> {
            String id = message.getJMSCorrelationID();
            jmsOutcomes.put(
                    id == null ? message.getJMSMessageID() : id,
                    String.valueOf(message.getStringProperty("postern_outcome")));
        });
        for (String role : ALERT_ROLES) {
            listen(
                    "postern.alerts::postern.alerts." + role,
                    message -> alerts.add(role + " " + message.getStringProperty("postern_kind")));
        }
        this.sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        this.producer = sending.createProducer(sending.createQueue("postern.requests"));
        connection.start();
    }

    private interface MessageHandler {
        void handle(Message message) throws JMSException;
    }

    private void listen(String queue, MessageHandler handler) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        consumer.setMessageListener(message -> {
            try {
                handler.handle(message);
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Submits one request by JMS. */
    void jms(String correlation, String json) throws JMSException {
        TextMessage message = sending.createTextMessage(json);
        message.setJMSCorrelationID(correlation);
        message.setStringProperty("posternFormat", "json");
        producer.send(message);
    }

    /** Submits one request by HTTP. */
    HttpResponse<String> http(String contentType, String body) throws IOException, InterruptedException {
        return http.send(
                request("/service-requests")
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Orders a top-up by HTTP. */
    JsonNode topUp(String key, String json) throws IOException, InterruptedException, DemoFailure {
        HttpResponse<String> response = http.send(
                request("/top-ups")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 201) {
            throw new DemoFailure("POST /top-ups answered " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Reads a request, or its result, by the HTTP interface. */
    JsonNode get(String path) throws IOException, InterruptedException, DemoFailure {
        HttpResponse<String> response = http.send(
                request(path).header("Accept", "application/json").GET().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new DemoFailure("GET " + path + " answered " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + appliance.ports().http() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }

    /** Submits a file of JSON lines, which appears complete under its name. */
    void file(String name, List<String> lines) throws IOException {
        Path folder = appliance.home().resolve("state/intake");
        Path part = folder.resolve(name + ".part");
        Files.write(part, lines);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Names of the result files. */
    List<String> fileResults() throws IOException {
        Path folder = appliance.home().resolve("state/results");
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(f -> f.getFileName().toString())
                        .filter(n -> !n.startsWith("."))
                        .forEach(names::add);
            }
        }
        return names;
    }

    @Override
    public void close() {
        try {
            connection.close();
            factory.close();
        } catch (JMSException e) {
            // the broker may have stopped already
        }
    }
}
