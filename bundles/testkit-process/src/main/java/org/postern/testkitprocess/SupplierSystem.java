package org.postern.testkitprocess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.BytesMessage;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.postern.catalogue.Sha256;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.testkit.Await;

/**
 * A supplier's system as it should be written: it submits a request without an answer again under the same correlation
 * id, and acknowledges a result only after recording it. It tolerates that the appliance stops at any time.
 */
public final class SupplierSystem implements AutoCloseable {

    /**
     * One received result.
     *
     * @param deliveryId Postern's id of the delivery
     * @param digest SHA-256 of its content
     * @param outcome the outcome of the request
     * @param form mmc, gbcs or duis; "null" for anything else
     * @param proven whether the device's MAC or signature was verified: yes or no; "null" where no device answered
     * @param text its content, where it is text
     */
    public record Result(String deliveryId, String digest, String outcome, String form, String proven, String text) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    private final PosternProcess postern;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, List<Result>> results = new ConcurrentHashMap<>();
    private final Thread collector = new Thread(this::collect, "supplier-results");
    private Connection connection;
    private Session session;
    private MessageProducer producer;
    private volatile boolean stopped;
    private volatile String lastError = "none";

    public SupplierSystem(PosternProcess postern) {
        this.postern = postern;
        collector.start();
    }

    /** Results so far, by correlation id; a result that was delivered twice is in it twice. */
    public Map<String, List<Result>> results() {
        return results;
    }

    /** Results of that request so far. */
    public List<Result> results(String correlation) {
        return results.getOrDefault(correlation, List.of());
    }

    /** The state of the collector of results, for the message of a test that misses one. */
    public String collecting() {
        int taken = results.values().stream().mapToInt(List::size).sum();
        return taken + " results received; the last error: " + lastError + "; its thread is " + collector.getState()
                + " at " + List.of(collector.getStackTrace());
    }

    /** Submits by HTTP until the request is accepted; returns the durable id. */
    public String http(SupplierRequest request) throws Exception {
        String[] id = new String[1];
        Await.until(request.correlation() + " is accepted over HTTP", TIMEOUT, () -> {
            try {
                HttpResponse<String> answer = post("application/json", request.json(), request.correlation());
                if (answer.statusCode() == 202) {
                    id[0] = id(answer);
                    return true;
                }
                if (answer.statusCode() < 500) {
                    throw new AssertionError(request + " was answered " + answer.statusCode() + " " + answer.body());
                }
                return false;
            } catch (IOException e) {
                return false;
            }
        });
        return id[0];
    }

    /** The durable id in an answer of the HTTP interface. */
    public static String id(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("id").asText();
    }

    /** One POST over HTTP. */
    public HttpResponse<String> post(String contentType, String body, String key)
            throws IOException, InterruptedException {
        return http.send(
                request("/service-requests")
                        .header("Content-Type", contentType)
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The state of a request, by the HTTP interface. */
    public JsonNode get(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request("/service-requests/" + id).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("GET of " + id + " answered " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + postern.ports().http() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + postern.secret("http-door.token"));
    }

    /** Submits by JMS until the broker has confirmed the message. */
    public void jms(SupplierRequest request) throws Exception {
        jms(request.correlation(), request.json());
    }

    /** As above, for any text. */
    public void jms(String correlation, String text) throws Exception {
        Await.until(correlation + " is sent over JMS", TIMEOUT, () -> {
            try {
                open();
                TextMessage message = session.createTextMessage(text);
                message.setJMSCorrelationID(correlation);
                message.setStringProperty("posternFormat", "json");
                producer.send(message);
                return true;
            } catch (JMSException | IOException e) {
                shut();
                return false;
            }
        });
    }

    private void open() throws JMSException, IOException {
        if (connection == null) {
            connection = connect();
            session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            producer = session.createProducer(session.createQueue("postern.requests"));
        }
    }

    private void shut() {
        close(connection);
        connection = null;
    }

    private Connection connect() throws JMSException, IOException {
        // the factory stays open: closing it would close the connection
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://127.0.0.1:"
                + postern.ports().broker() + "?callTimeout=10000&connectionTTL=10000&clientFailureCheckPeriod=3000");
        return factory.createConnection("supplier", postern.secret("broker-supplier.password"));
    }

    private static void close(Connection one) {
        if (one != null) {
            try {
                one.close();
            } catch (JMSException e) {
                // the broker has stopped already
            }
        }
    }

    private void collect() {
        while (!stopped) {
            Connection own = null;
            try {
                own = connect();
                Session taking = own.createSession(false, Session.CLIENT_ACKNOWLEDGE);
                MessageConsumer consumer = taking.createConsumer(taking.createQueue("postern.results"));
                own.start();
                while (!stopped) {
                    Message message = consumer.receive(500);
                    if (message != null) {
                        record(message);
                        message.acknowledge();
                    }
                }
            } catch (JMSException | IOException | RuntimeException e) {
                // a RuntimeException too: the client throws one if the broker stops while it connects
                lastError = e.toString();
                pause();
            } finally {
                close(own);
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private void record(Message message) throws JMSException {
        byte[] content;
        String text = "";
        if (message instanceof BytesMessage bytes) {
            content = new byte[(int) bytes.getBodyLength()];
            bytes.readBytes(content);
        } else {
            text = Optional.ofNullable(((TextMessage) message).getText()).orElse("");
            content = text.getBytes(StandardCharsets.UTF_8);
        }
        String correlation = Optional.ofNullable(message.getJMSCorrelationID()).orElse("none");
        results.computeIfAbsent(correlation, key -> new CopyOnWriteArrayList<>())
                .add(new Result(
                        String.valueOf(message.getStringProperty("postern_deliveryId")), Sha256.hex(content),
                        String.valueOf(message.getStringProperty("postern_outcome")),
                                String.valueOf(message.getStringProperty("postern_form")),
                        String.valueOf(message.getStringProperty("postern_authenticated")), text));
    }

    @Override
    public void close() {
        stopped = true;
        shut();
        try {
            collector.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
