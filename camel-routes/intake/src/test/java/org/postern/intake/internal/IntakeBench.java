package org.postern.intake.internal;

import jakarta.jms.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.spi.RoutePolicyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.Readiness;
import org.postern.broker.Queues;
import org.postern.broker.internal.ReadableMessages;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Fault;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUps;
import org.postern.unavailable.HttpPort;

/** The three interfaces with a broker in this process; a test defines the answers of the life cycle behind them. */
abstract class IntakeBench {

    static final long WAIT = 10_000;
    static final int LIMIT = 2000;
    static final Fault FAULT = new Fault(
            ServiceRequestFault.SERVICE_NOT_FOR_ROLE, "service", "role", "may not send this", "ask another role");

    @TempDir
    Path home;

    final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    final BlockingQueue<Submission> submitted = new LinkedBlockingQueue<>();
    final BlockingQueue<Submission> toppedUp = new LinkedBlockingQueue<>();
    final BlockingQueue<String> counted = new LinkedBlockingQueue<>();
    volatile Function<Submission, Admission> answer = submission -> new Admission.Accepted("id-1", "A:B:7", false);
    volatile Optional<RequestRecord> found = Optional.empty();
    volatile List<OutboxEntry> delivered = List.of();
    volatile Map<String, String> troubles = Map.of();
    volatile boolean ready = true;
    final Deque<String> portEvents = new ConcurrentLinkedDeque<>();
    final HttpPort httpPort = new HttpPort() {
        @Override
        public void take() {
            portEvents.add("taken");
        }

        @Override
        public void giveBack(String problem) {
            portEvents.add(problem);
        }
    };
    ConnectionFactory connections;
    IntakeRoutes routes;
    int port;
    String token;

    @BeforeEach
    void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration(
                        new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", "8")))
                .addAddressSetting(
                        "#", new AddressSettings().setAutoCreateQueues(false).setAutoCreateAddresses(false))
                .addAddressSetting(
                        "postern.#",
                        new AddressSettings()
                                .setMaxDeliveryAttempts(-1)
                                .setRedeliveryDelay(50)
                                .setAutoCreateQueues(true)
                                .setAutoCreateAddresses(true))
                // The queue exists from the start, as in the appliance: the broker silently drops a message that a core
                // client sends to an address without a queue.
                .addQueueConfiguration(QueueConfiguration.of(Queues.REQUESTS)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setAutoDelete(false)));
        broker.start();
        broker.getActiveMQServer().registerBrokerPlugin(new ReadableMessages());
        connections = new ActiveMQConnectionFactory("vm://8");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        services = services();
        Readiness readiness = fake(
                Readiness.class,
                Map.of(
                        "ready",
                        none -> ready,
                        "parts",
                        none -> Map.of("broker", true),
                        "remarks",
                        none -> Map.of(),
                        "troubles",
                        none -> troubles,
                        "figures",
                        none -> Map.of("postern_part_up{part=\"broker\"}", 1L)));
        Metrics metrics = fake(
                Metrics.class,
                Map.of(
                        "scrape",
                        none -> "up 1\n",
                        "count",
                        arguments -> counted.add(String.join(" ", (String[]) arguments[1])),
                        "failureHandled",
                        arguments -> counted.add("handled by " + arguments[0] + " " + arguments[1]),
                        "exchanges",
                        none -> fake(Metrics.Exchanges.class, Map.of()),
                        "routes",
                        none -> (RoutePolicyFactory) (context, id, route) -> null));
        var lifeCycle =
                fake(org.postern.servicerequests.Metrics.class, Map.of("snapshot", none -> Map.of("sent_total", 3L)));
        routes = new IntakeRoutes(
                null, connections, metrics, services.ledger(), readiness, lifeCycle, httpPort, config());
        routes.bindRequests(services.requests());
        routes.bindTopUps(services.topUps());
        token = Files.readString(home.resolve("secrets/token")).strip();
    }

    Services services;

    /** The services behind the interfaces. */
    record Services(ServiceRequests requests, TopUps topUps, Ledger ledger) {}

    Services services() throws Exception {
        ServiceRequests requests = fake(
                ServiceRequests.class,
                Map.of(
                        "admit",
                        arguments -> {
                            submitted.add((Submission) arguments[0]);
                            return answer.apply((Submission) arguments[0]);
                        },
                        "lastSweep",
                        none -> Optional.empty()));
        TopUps topUps = fake(TopUps.class, Map.of("topUp", arguments -> {
            toppedUp.add((Submission) arguments[0]);
            return answer.apply((Submission) arguments[0]);
        }));
        return new Services(
                requests, topUps, fake(Ledger.class, Map.of("find", id -> found, "deliveriesOf", id -> delivered)));
    }

    @AfterEach
    void stop() throws Exception {
        routes.stop();
        broker.stop();
    }

    /** The deadline of an HTTP request. */
    int requestSeconds() {
        return 2;
    }

    IntakeConfig config() throws Exception {
        return (IntakeConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IntakeConfig.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "httpPort" -> port;
                    case "httpMaxBytes", "jmsMaxBytes", "fileMaxLineBytes" -> LIMIT;
                    case "httpTokenFile" -> home.resolve("secrets/token").toString();
                    case "folder" -> home.resolve("intake").toString();
                    case "jmsConsumers" -> 2;
                    case "httpRequestTimeoutSeconds" -> requestSeconds();
                    case "fileSettleMillis" -> 100;
                    default -> method.getDefaultValue();
                });
    }

    /** A partial implementation of an interface: the test needs only a few of its methods. */
    static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        methods.getOrDefault(method.getName(), none -> null).apply(arguments)));
    }
}
