package org.postern.dispatch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.ConnectionFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.spi.RoutePolicyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

class DispatchRoutesTest {

    private static final long WAIT = 10_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private volatile Consumer<String> work = id -> {};
    private JmsPoolConnectionFactory connections;
    private ArtemisWorkQueue overBroker;
    private WorkQueue queue;
    private DispatchRoutes routes;

    /** True if the queues are in the broker; false if they are in this process. */
    boolean shared() {
        return false;
    }

    @BeforeEach
    void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration(
                        new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", "9"))));
        broker.start();
        connections = new JmsPoolConnectionFactory();
        connections.setConnectionFactory((ConnectionFactory) new ActiveMQConnectionFactory("vm://9"));
        connections.setUseAnonymousProducers(true);
        connections.start();
        ArtemisWorkQueue.Config settings =
                fake(ArtemisWorkQueue.Config.class, Map.of("shared", none -> shared(), "persistent", none -> false));
        overBroker = new ArtemisWorkQueue(connections, settings);
        ServiceRequests requests = fake(
                ServiceRequests.class,
                Map.of(
                        "step", arguments -> carry("step", (String) arguments[0]),
                        "process", arguments -> carry("process", (String) arguments[0])));
        Metrics metrics =
                fake(Metrics.class, Map.of("routes", none -> (RoutePolicyFactory) (context, id, route) -> null));
        routes = new DispatchRoutes(
                null,
                connections,
                metrics,
                requests,
                overBroker,
                fake(
                        DispatchConfig.class,
                        Map.of(
                                "prepayment",
                                none -> 1,
                                "interactive",
                                none -> 1,
                                "routine",
                                none -> 1,
                                "bulk",
                                none -> 1)));
        queue = shared() ? overBroker : routes.local();
    }

    @AfterEach
    void stop() throws Exception {
        routes.stop();
        overBroker.stop();
        connections.stop();
        broker.stop();
    }

    @Test
    void everyStepCallsItsOwnMethod() throws Exception {
        queue.offer(WorkStep.DISPATCH, Lane.ROUTINE, "r1");
        assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("step r1");
        queue.offer(WorkStep.PROCESS, Lane.ROUTINE, "i1");
        assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("process i1");
    }

    @Test
    void aTopUpDoesNotWaitBehindBulk() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        work = id -> {
            if (id.startsWith("bulk")) {
                try {
                    release.await(WAIT, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        for (int i = 0; i < 50; i++) {
            queue.offer(WorkStep.DISPATCH, Lane.BULK, "bulk-" + i);
        }
        queue.offer(WorkStep.DISPATCH, Lane.PREPAYMENT, "top-up");
        assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("step top-up");
        release.countDown();
        assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("step bulk-0");
    }

    @Test
    void workThatFailsIsRepeated() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        work = id -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("the ledger cannot write");
            }
        };
        queue.offer(WorkStep.DISPATCH, Lane.INTERACTIVE, "r2");
        assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS)).isEqualTo("step r2");
        assertThat(tries).hasValue(3);
    }

    @Test
    void anOfferNeverWaitsForAnUnavailableBroker() throws Exception {
        broker.stop();
        long begun = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            queue.offer(WorkStep.PROCESS, Lane.ROUTINE, "i" + i);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        if (!shared()) {
            assertThat(done.poll(WAIT, TimeUnit.MILLISECONDS))
                    .as("the work is done without the broker")
                    .isEqualTo("process i0");
        }
    }

    @Test
    void exactlyOneQueueTakesEachStep() {
        for (WorkStep step : List.of(WorkStep.DISPATCH, WorkStep.PROCESS)) {
            assertThat(queue.takes(step)).isTrue();
            assertThat(overBroker.takes(step)).isEqualTo(shared());
        }
        assertThat(queue.takes(WorkStep.DELIVER))
                .as("delivery has its own queue unless the queues are shared")
                .isEqualTo(shared());
    }

    private Object carry(String call, String id) {
        work.accept(id);
        done.add(call + " " + id);
        return null;
    }

    /** A partial implementation of an interface: the test needs only a few of its methods. */
    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        methods.getOrDefault(method.getName(), none -> null).apply(arguments)));
    }
}
