package org.postern.intake.internal;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.camel.spi.RoutePolicyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.appliance.Readiness;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUps;

import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

class IntakeRoutesTest {

    private static final long WAIT = 10_000;
    private static final int LIMIT = 2000;
    private static final Fault FAULT = new Fault(ServiceRequestFault.SERVICE_NOT_FOR_ROLE, "service", "role",
            "may not send this", "ask another role");

    @TempDir
    Path home;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final BlockingQueue<Submission> submitted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Submission> toppedUp = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> counted = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Function<Submission, Admission> answer = submission -> new Admission.Accepted("id-1", "A:B:7", false);
    private volatile Optional<RequestRecord> found = Optional.empty();
    private volatile List<OutboxEntry> delivered = List.of();
    private volatile Map<String, String> troubles = Map.of();
    private ConnectionFactory connections;
    private IntakeRoutes routes;
    private int port;
    private String token;

    @BeforeEach
    void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl().setSecurityEnabled(false).setPersistenceEnabled(false)
                .addAcceptorConfiguration(new TransportConfiguration(InVMAcceptorFactory.class.getName(),
                        Map.of("serverId", "8")))
                .addAddressSetting("#", new AddressSettings().setAutoCreateQueues(false).setAutoCreateAddresses(false))
                .addAddressSetting("postern.#", new AddressSettings().setAutoCreateQueues(true).setAutoCreateAddresses(true)));
        broker.start();
        connections = new ActiveMQConnectionFactory("vm://8");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ServiceRequests requests = fake(ServiceRequests.class, Map.of("admit", arguments -> {
            submitted.add((Submission) arguments[0]);
            return answer.apply((Submission) arguments[0]);
        }));
        TopUps topUps = fake(TopUps.class, Map.of("topUp", arguments -> {
            toppedUp.add((Submission) arguments[0]);
            return answer.apply((Submission) arguments[0]);
        }));
        Readiness readiness = fake(Readiness.class, Map.of("ready", none -> true, "parts", none -> Map.of("broker", true),
                "troubles", none -> troubles, "figures", none -> Map.of("postern_part_up{part=\"broker\"}", 1L)));
        Metrics metrics = fake(Metrics.class, Map.of("scrape", none -> "up 1\n",
                "count", arguments -> counted.add(String.join(" ", (String[]) arguments[1])),
                "routes", none -> (RoutePolicyFactory) (context, id, route) -> null));
        Ledger ledger = fake(Ledger.class, Map.of("find", id -> found, "deliveriesOf", id -> delivered));
        var lifeCycle = fake(org.postern.servicerequests.Metrics.class, Map.of("snapshot", none -> Map.of("sent_total", 3L)));
        routes = new IntakeRoutes(null, connections, metrics, requests, topUps, ledger, readiness, lifeCycle, config());
        token = Files.readString(home.resolve("secrets/token")).strip();
    }

    @AfterEach
    void stop() throws Exception {
        routes.stop();
        broker.stop();
    }

    @Test
    void aMessageIsAdmittedWithItsReplyQueueCorrelationAndLane() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("<Request/>");
            request.setJMSReplyTo(supplier.createQueue("postern.reply.crm"));
            request.setStringProperty("posternFormat", "json");
            supplier.createProducer().setJMSCorrelationID("c-1").setPriority(9)
                    .send(supplier.createQueue("postern.requests"), request);
        }
        Submission taken = submitted.poll(WAIT, TimeUnit.MILLISECONDS);
        assertThat(taken.channel()).isEqualTo(Channel.JMS);
        assertThat(taken.format()).isEqualTo(Submission.Format.XML);
        assertThat(taken.bytes()).asString().isEqualTo("<Request/>");
        assertThat(taken.replyTo().map(ReplyAddress::toString)).contains("queue:postern.reply.crm?format=json");
        assertThat(taken.correlationId()).contains("c-1");
        assertThat(taken.lane()).contains(Lane.PREPAYMENT);
    }

    @Test
    void aRefusedMessageIsAnsweredAtItsReplyQueue() throws Exception {
        answer = submission -> Admission.Refused.forGood("id-2", FAULT);
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue("postern.reply.crm");
            supplier.createProducer().setJMSReplyTo(reply).setJMSCorrelationID("c-2")
                    .send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(reply).receive(WAIT);
            assertThat(refusal.getBody(String.class)).contains("PST-2104", "ask another role", "id-2");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-2");
            assertThat(refusal.getStringProperty("postern_outcome")).isEqualTo("REJECTED");
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-2104");
        }
    }

    @Test
    void aTemporaryReplyQueueIsHonouredAndTheRefusalOutlivesIt() throws Exception {
        String gone;
        try (JMSContext supplier = connections.createContext()) {
            Queue own = supplier.createTemporaryQueue();
            gone = own.getQueueName();
            supplier.createProducer().setJMSReplyTo(own).send(supplier.createQueue("postern.requests"), "{}");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString)).contains("queue:" + gone);
        }
        answer = submission -> Admission.Refused.forGood("id-4", FAULT);
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(ActiveMQDestination.createTemporaryQueue(gone));
            supplier.createProducer().setJMSCorrelationID("c-4").send(supplier.createQueue("postern.requests"), request);
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results")).receive(WAIT);
            assertThat(refusal.getBody(String.class)).contains("PST-2104", "id-4");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-4");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString)).contains("queue:" + gone);
            assertThat(submitted).as("it did not come again").isEmpty();
        }
    }

    @Test
    void aMessageThatCannotBeAdmittedNowComesAgainUntilItCan() throws Exception {
        int[] tries = {0};
        answer = submission -> ++tries[0] < 3 ? Admission.Refused.notNow(FAULT)
                : new Admission.Accepted("id-3", "A:B:8", false);
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().send(supplier.createQueue("postern.requests"), "{}");
            String first = submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId().orElseThrow();
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId()).contains(first);
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).correlationId()).contains(first);
            assertThat(supplier.createConsumer(supplier.createQueue("postern.results")).receiveNoWait()).isNull();
        }
    }

    @Test
    void aReplyToThatWouldFeedPosternItselfIsNotFollowed() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().setJMSReplyTo(supplier.createQueue("postern.requests"))
                    .send(supplier.createQueue("postern.requests"), "{}");
        }
        assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS).replyTo().map(ReplyAddress::toString)).contains("queue:postern.results");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.reply.*", "postern.reply.#", "postern.reply.crm::other", "#"})
    void aReplyToThatNamesNoSingleQueueIsRefusedAtTheCommonResults(String name) throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().setJMSReplyTo(ActiveMQDestination.createQueue(name)).setJMSCorrelationID("c-5")
                    .send(supplier.createQueue("postern.requests"), "{}");
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results")).receive(WAIT);
            assertThat(refusal).isNotNull();
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7320");
            assertThat(refusal.getJMSCorrelationID()).isEqualTo("c-5");
        }
        assertThat(submitted).isEmpty();
    }

    @Test
    void aRequestThatWasAnsweredBeforeGetsItsAnswerAgainWhereItAsksNow() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(delivery("d1", "queue:postern.reply.old", DeliveryState.DELIVERED),
                delivery("d2", "queue:postern.reply.new", DeliveryState.DELIVERED));
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue("postern.reply.new");
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(reply);
            request.setStringProperty("posternFormat", "json");
            supplier.createProducer().setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), request);
            JMSConsumer replies = supplier.createConsumer(reply);
            for (String id : List.of("d1", "d2")) {
                Message again = replies.receive(WAIT);
                assertThat(again).as(id).isNotNull();
                assertThat(again.getBody(String.class)).isEqualTo("{\"id\":\"" + id + "\"}");
                assertThat(again.getStringProperty("postern_deliveryId")).isEqualTo(id);
                assertThat(again.getStringProperty("postern_outcome")).isEqualTo("success");
                assertThat(again.getStringProperty("postern_again")).isEqualTo("yes");
                assertThat(again.getJMSCorrelationID()).isEqualTo("c-9");
            }
            assertThat(replies.receiveNoWait()).isNull();
        }
    }

    @Test
    void whatIsStillToComeToTheSameQueueIsNotSentTwice() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(delivery("d1", "queue:postern.reply.crm", DeliveryState.PENDING));
        try (JMSContext supplier = connections.createContext()) {
            for (String name : List.of("postern.reply.crm", "postern.reply.other")) {
                supplier.createProducer().setJMSReplyTo(supplier.createQueue(name)).setJMSCorrelationID("c-9")
                        .send(supplier.createQueue("postern.requests"), "{}");
            }
            Message elsewhere = supplier.createConsumer(supplier.createQueue("postern.reply.other")).receive(WAIT);
            assertThat(elsewhere.getBody(String.class)).isEqualTo("<result id=\"d1\"/>");
            assertThat(submitted).hasSize(2);
            assertThat(supplier.createConsumer(supplier.createQueue("postern.reply.crm")).receiveNoWait()).isNull();
        }
    }

    @Test
    void anAnswerThatIsSentAgainOutlivesItsTemporaryQueue() throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        delivered = List.of(delivery("d1", "queue:postern.reply.old", DeliveryState.DELIVERED));
        String gone;
        try (JMSContext supplier = connections.createContext()) {
            gone = supplier.createTemporaryQueue().getQueueName();
        }
        try (JMSContext supplier = connections.createContext()) {
            TextMessage request = supplier.createTextMessage("{}");
            request.setJMSReplyTo(ActiveMQDestination.createTemporaryQueue(gone));
            supplier.createProducer().setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), request);
            Message again = supplier.createConsumer(supplier.createQueue("postern.results")).receive(WAIT);
            assertThat(again.getStringProperty("postern_deliveryId")).isEqualTo("d1");
        }
    }

    private static OutboxEntry delivery(String id, String destination, DeliveryState state) {
        byte[] xml = ("<result id=\"" + id + "\"/>").getBytes(StandardCharsets.UTF_8);
        return new OutboxEntry(id, Optional.of("id-9"), DeliveryKind.RESULT,
                ReplyAddress.parse(destination).orElseThrow(), Map.of("correlationId", "c-9", "outcome", "success"),
                "application/xml", xml, Optional.of("{\"id\":\"" + id + "\"}"), state, 0, Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED,postern.reply.crm,true", "SENT,postern.reply.other,true", "SENT,postern.reply.crm,false"})
    void whereNothingWasDeliveredItIsToldHowTheRequestStands(RequestState state, String name, boolean told)
            throws Exception {
        answer = submission -> new Admission.Accepted("id-9", "A:B:9", true);
        Origin origin = new Origin(Channel.JMS, Optional.of("c-9"), ReplyAddress.parse("postern.reply.crm"),
                "supplier", "xml");
        found = Optional.of(new RequestRecord("id-9", Optional.empty(), origin, Target.UNREAD, Lane.ROUTINE,
                new RequestRecord.Progress(state, "why", Optional.empty(), Optional.empty()), RequestRecord.Sending.NONE,
                new RequestRecord.Dating(Optional.empty(), Optional.empty(), 0), Instant.EPOCH, Instant.EPOCH));
        try (JMSContext supplier = connections.createContext()) {
            Queue reply = supplier.createQueue(name);
            supplier.createProducer().setJMSReplyTo(reply).setJMSCorrelationID("c-9")
                    .send(supplier.createQueue("postern.requests"), "{}");
            assertThat(submitted.poll(WAIT, TimeUnit.MILLISECONDS)).isNotNull();
            JMSConsumer replies = supplier.createConsumer(reply);
            if (told) {
                Message status = replies.receive(WAIT);
                assertThat(status.getStringProperty("postern_kind")).isEqualTo("STATUS");
                assertThat(status.getStringProperty("postern_outcome")).isEqualTo(state.name());
                assertThat(status.getBody(String.class)).contains("\"replyTo\":\"postern.reply.crm\"", "id-9");
                assertThat(status.getJMSCorrelationID()).isEqualTo("c-9");
            } else {
                assertThat(replies.receive(500)).isNull();
            }
        }
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedUnseen() throws Exception {
        try (JMSContext supplier = connections.createContext()) {
            supplier.createProducer().send(supplier.createQueue("postern.requests"), "x".repeat(LIMIT + 1));
            Message refusal = supplier.createConsumer(supplier.createQueue("postern.results")).receive(WAIT);
            assertThat(refusal.getStringProperty("postern_code")).isEqualTo("PST-7301");
        }
        assertThat(submitted).isEmpty();
    }

    @Test
    void httpAnswers202WithTheIdAndWhereToLook() throws Exception {
        HttpResponse<String> response = send(post("application/json", "{\"service\":\"4.1.1\"}").header("Idempotency-Key", "k1"));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Location")).contains("/service-requests/id-1");
        assertThat(response.body()).contains("\"id\":\"id-1\"", "\"requestId\":\"A:B:7\"");
        Submission taken = submitted.poll();
        assertThat(taken.format()).isEqualTo(Submission.Format.JSON);
        assertThat(taken.correlationId()).contains("k1");
    }

    @Test
    void httpRefusesWithAProblemThatNamesFieldAndRemedy() throws Exception {
        answer = submission -> Admission.Refused.forGood("id-4", FAULT);
        HttpResponse<String> response = send(post("application/xml", "<Request/>"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"code\":\"PST-2104\"", "\"field\":\"service\"", "ask another role");
        answer = submission -> Admission.Refused.notNow(FAULT);
        response = send(post("application/xml", "<Request/>"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aTopUpIsAnsweredWithItsDigits() throws Exception {
        answer = submission -> new Admission.Accepted("id-1", "A:B:4294967296", false, Optional.of(new TopUpDigits("73946144332040217315")));
        HttpResponse<String> response = send(post("/top-ups", "application/json", "{\"topUp\":{\"pence\":1250}}").header("Idempotency-Key", "till-7"));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/service-requests/id-1");
        assertThat(response.body()).contains("\"utrn\":\"73946144332040217315\"", "\"grouped\":\"7394 6144 3320 4021 7315\"", "\"again\":false");
        Submission taken = toppedUp.poll();
        assertThat(taken.channel()).isEqualTo(Channel.HTTP);
        assertThat(taken.correlationId()).contains("till-7");
        assertThat(taken.replyTo()).isEmpty();
        assertThat(taken.bytes()).asString().isEqualTo("{\"topUp\":{\"pence\":1250}}");
        assertThat(submitted).as("it does not go the way of other requests").isEmpty();
        assertThat(counted).containsOnlyOnce("door http outcome admitted");
        // the same form among the other requests is answered alike, under their status
        response = send(post("application/json", "{\"service\":\"2.2\",\"topUp\":{\"pence\":1250}}"));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).contains("\"utrn\":\"73946144332040217315\"");
    }

    @Test
    void aTopUpNeedsAKeyJsonAndTheToken() throws Exception {
        assertThat(send(post("/top-ups", "application/json", "{}")).statusCode()).isEqualTo(400);
        assertThat(send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "a b")).statusCode()).isEqualTo(400);
        assertThat(send(post("/top-ups", "application/xml", "<x/>").header("Idempotency-Key", "k")).statusCode()).isEqualTo(415);
        assertThat(send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k").setHeader("Authorization", "Bearer guess"))
                .statusCode()).isEqualTo(401);
        assertThat(send(get("/top-ups")).statusCode()).isEqualTo(405);
        assertThat(toppedUp).isEmpty();
        answer = submission -> Admission.Refused.forGood("id-9", new Fault(ServiceRequestFault.TOP_UP_AMOUNT,
                "topUp", "1 to 8191", "nothing", "pay more"));
        HttpResponse<String> response = send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("\"code\":\"PST-2250\"").doesNotContain("utrn");
        answer = submission -> Admission.Refused.notNow(FAULT);
        response = send(post("/top-ups", "application/json", "{}").header("Idempotency-Key", "k"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void httpKeepsOutWhoHasNoTokenAndWhatIsTooLarge() throws Exception {
        HttpRequest.Builder bare = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/service-requests"))
                .POST(HttpRequest.BodyPublishers.ofString("{}")).header("Content-Type", "application/json");
        assertThat(send(bare.copy()).statusCode()).isEqualTo(401);
        assertThat(send(bare.copy().header("Authorization", "Bearer guess")).statusCode()).isEqualTo(401);
        assertThat(send(post("application/json", "x".repeat(LIMIT + 1))).statusCode()).isEqualTo(413);
        // Netty refuses it before any route sees it; it is told all the same
        assertThat(counted).containsOnlyOnce("door http outcome refused");
        assertThat(send(post("text/plain", "x")).statusCode()).isEqualTo(415);
        assertThat(submitted).isEmpty();
    }

    @Test
    void aBodyThatSaysItIsAFormIsAnsweredWithWhatToSend() throws Exception {
        for (String type : List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/x-java-serialized-object",
                "", "nonsense", "application/json; charset=\u0000", "text/xml")) {
            for (String body : List.of("{\"service\":\"4.1.1\"}", "a=b&c", "%", "=&=&%zz", "")) {
                int status = raw("POST /service-requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n"
                        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(status).as(type + " " + body).isIn(type.contains("xml") ? List.of(202) : type.contains("\u0000") ? List.of(400, 202) : List.of(415));
            }
        }
    }

    /** The status of the answer, or 0 where there is none. */
    private int raw(String request) throws Exception {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) WAIT);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String line = new java.io.BufferedReader(new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)).readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        }
    }

    @Test
    void wrongTokensAreSlowedDownAndRightOnesAreNot() throws Exception {
        HttpRequest.Builder wrong = get("/metrics").copy().setHeader("Authorization", "Bearer guess");
        for (int i = 0; i < 7; i++) {
            assertThat(send(wrong).statusCode()).isEqualTo(401);
        }
        long begun = System.nanoTime();
        assertThat(send(wrong).statusCode()).isEqualTo(401);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        begun = System.nanoTime();
        assertThat(send(get("/metrics")).statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(400));
    }

    @Test
    void healthNeedsNoTokenAndMetricsDo() throws Exception {
        HttpRequest.Builder health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"));
        assertThat(send(health).body()).isEqualTo("{\"ready\":true,\"parts\":{\"broker\":true}}");
        troubles = Map.of("gateway", "PST-7008 DCC: no connection");
        assertThat(send(health).body()).contains("\"troubles\":{\"gateway\":\"PST-7008 DCC: no connection\"}");
        assertThat(send(get("/metrics")).body()).isEqualTo("up 1\nsent_total 3\npostern_part_up{part=\"broker\"} 1\n");
        assertThat(send(get("/metrics").copy().setHeader("Authorization", "none")).statusCode()).isEqualTo(401);
        assertThat(send(get("/service-requests/unknown")).statusCode()).isEqualTo(404);
        assertThat(send(get("/etc/passwd")).statusCode()).isEqualTo(404);
    }

    @Test
    void aBadLineOfABatchNeverBlocksTheRest() throws Exception {
        answer = submission -> new String(submission.bytes(), StandardCharsets.UTF_8).contains("bad")
                ? Admission.Refused.forGood("id-5", FAULT) : new Admission.Accepted("id-6", "A:B:9", false);
        drop("batch.csv", "service,device,role,body.ReadDate\n4.1.1,00-01,IS,\"2026-01-01\"\n4.1.1,only-two\nbad,00-02,IS,\n"
                + "11.2,00-03,IS,\n" + "z".repeat(LIMIT + 1) + "\n8.2,,GS,\n");
        Path report = home.resolve("intake/done/batch.csv.report.csv");
        await(home.resolve("intake/done/batch.csv"));
        List<String> lines = Files.readAllLines(report);
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1)).startsWith("2,ADMITTED,id-6,A:B:9");
        assertThat(lines.get(2)).startsWith("3,REFUSED,,,PST-7309");
        assertThat(lines.get(3)).startsWith("4,REFUSED,id-5,,PST-2104");
        assertThat(lines.get(4)).startsWith("5,ADMITTED");
        assertThat(lines.get(5)).startsWith("6,REFUSED,,,PST-7309");
        assertThat(lines.get(6)).startsWith("7,ADMITTED");
        assertThat(submitted).extracting(submission -> new String(submission.bytes(), StandardCharsets.UTF_8))
                .contains("{\"service\":\"4.1.1\",\"device\":\"00-01\",\"role\":\"IS\",\"body\":{\"ReadDate\":\"2026-01-01\"}}");
        assertThat(submitted.peek().replyTo().orElseThrow().toString()).startsWith("file:batch-csv-").endsWith("?format=json");
    }

    @Test
    void aFileWithNothingInItThatCouldBeAdmittedIsRejected() throws Exception {
        answer = submission -> Admission.Refused.forGood("id-7", FAULT);
        drop("one.xml", "<Request/>");
        await(home.resolve("intake/rejected/one.xml"));
        assertThat(home.resolve("intake/rejected/one.xml.report.csv")).content().contains("PST-2104");
        assertThat(submitted.poll().format()).isEqualTo(Submission.Format.XML);
    }

    @Test
    void aFileWaitsWhileTheLedgerCannotWriteAndIsThenReadWithTheSameLineIds() throws Exception {
        int[] tries = {0};
        answer = submission -> ++tries[0] == 1 ? Admission.Refused.notNow(FAULT)
                : new Admission.Accepted("id-8", "A:B:10", false);
        drop("lines.jsonl", "{\"service\":\"8.2\"}\n");
        await(home.resolve("intake/done/lines.jsonl"));
        assertThat(submitted).hasSize(2);
        assertThat(submitted.poll().correlationId()).isEqualTo(submitted.poll().correlationId());
    }

    private void drop(String name, String content) throws Exception {
        Path draft = Files.writeString(home.resolve("intake/" + name + ".part"), content);
        Files.move(draft, home.resolve("intake/" + name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void await(Path file) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT);
        while (!Files.exists(file) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(file).exists();
    }

    private HttpRequest.Builder post(String type, String body) {
        return post("/service-requests", type, body);
    }

    private HttpRequest.Builder post(String path, String type, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", type)
                .header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofMillis(WAIT)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private IntakeConfig config() {
        return (IntakeConfig) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{IntakeConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "httpPort" -> port;
                    case "httpMaxBytes", "jmsMaxBytes", "fileMaxLineBytes" -> LIMIT;
                    case "httpTokenFile" -> home.resolve("secrets/token").toString();
                    case "folder" -> home.resolve("intake").toString();
                    case "jmsConsumers" -> 2;
                    case "fileSettleMillis" -> 100;
                    default -> method.getDefaultValue();
                });
    }

    /** An object of an interface of which the test needs a few methods only. */
    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, arguments) ->
                methods.getOrDefault(method.getName(), none -> null).apply(arguments)));
    }
}
