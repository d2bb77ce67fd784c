package org.postern.delivery.internal;

import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.broker.Queues;
import org.postern.camelruntime.Metrics;
import org.postern.camelruntime.RunningRoutes;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the entries of the outbox: sends an entry and then marks it as delivered. After a crash between the two, the
 * entry is sent again with the same duplicate id.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.delivery",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DeliveryConfig.class)
public final class DeliveryRoutes extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryRoutes.class);
    private static final String CONTEXT = "delivery";
    private static final String ENTRY = "posternEntry";
    private static final String LANE = "posternLane";

    private final Outbox outbox;
    private final Metrics metrics;
    private final JmsSender messages;
    private final JmsBatches batches;
    private final ResultFiles files;
    private final int consumers;
    private final boolean copies;
    private final boolean shared;
    private final RunningRoutes running;
    private final LocalWorkQueue local;
    private final ServiceRegistration<WorkQueue> registration;

    @Activate
    public DeliveryRoutes(
            BundleContext bundle,
            @Reference(target = "(name=postern)") ConnectionFactory connections,
            @Reference Metrics metrics,
            @Reference Outbox outbox,
            @Reference(
                            target = "(postern.work=broker)",
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    WorkQueue broker,
            DeliveryConfig config)
            throws Exception {
        this.outbox = outbox;
        this.metrics = metrics;
        this.messages = new JmsSender(
                connections, Duration.ofHours(config.resultHours()), Duration.ofHours(config.copyHours()));
        this.batches = new JmsBatches(messages, new BatchOutcomes());
        this.files = new ResultFiles(Path.of(config.resultsFolder()));
        this.consumers = config.consumers();
        this.copies = config.copyHours() > 0;
        this.shared = broker != null && broker.takes(WorkStep.DELIVER);
        this.running = RunningRoutes.start(bundle, CONTEXT, connections, metrics, getClass(), List.of(this));
        if (shared) {
            this.local = null;
            this.registration = null;
        } else {
            ProducerTemplate routes = running.context().createProducerTemplate();
            // resolved once, because the context would normalise the address for each look-up of an endpoint
            Map<Lane, Endpoint> endpoints = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                endpoints.put(lane, running.context().getEndpoint(endpoint(lane)));
            }
            this.local = new LocalWorkQueue(
                    Set.of(WorkStep.DELIVER),
                    lane -> consumers,
                    LocalWorkQueue.CAPACITY,
                    (step, lane, id) -> run(routes, endpoints.get(lane), id));
            this.registration = bundle == null ? null : bundle.registerService(WorkQueue.class, local, null);
        }
    }

    /** The queue in this process; null if it is in the broker. */
    WorkQueue local() {
        return local;
    }

    private static void run(ProducerTemplate routes, Endpoint endpoint, String id) throws Exception {
        Exchange done = routes.send(endpoint, exchange -> exchange.getMessage().setBody(id));
        if (done.getException() != null) {
            throw done.getException();
        }
    }

    private static String endpoint(Lane lane) {
        return "direct:" + route(lane);
    }

    private static String route(Lane lane) {
        return ("deliver-" + lane).toLowerCase(Locale.ROOT);
    }

    @Override
    public void configure() {
        // each step handles its failures itself; the error handler of Camel would copy each exchange for a possible
        // retry
        errorHandler(noErrorHandler());
        for (Lane lane : Lane.values()) {
            from(shared
                            ? "jms:queue:" + Queues.WORK_PREFIX + WorkStep.DELIVER + "." + lane
                                    + "?concurrentConsumers=" + consumers
                            : endpoint(lane))
                    .routeId(route(lane))
                    .setProperty(LANE, constant(lane))
                    .process(this::take)
                    .filter(exchangeProperty(ENTRY).isNotNull())
                    .process(this::send)
                    .filter(exchangeProperty(ENTRY).isNotNull())
                    .process(this::mark);
        }
    }

    private void take(Exchange exchange) {
        try {
            outbox.take(exchange.getMessage().getBody(String.class))
                    .ifPresent(entry -> exchange.setProperty(ENTRY, entry));
        } catch (RuntimeException e) {
            metrics.count("postern.deliveries", "kind", "any", "outcome", "failed");
            // the entry could not be read from the outbox: its queue redelivers the id
            throw e;
        }
    }

    /** Sends the entry. If that fails, the ledger records when to retry; the work does not stay in the queue. */
    private void send(Exchange exchange) {
        OutboxEntry entry = exchange.getProperty(ENTRY, OutboxEntry.class);
        try {
            send(exchange, entry);
        } catch (Exception | LinkageError e) {
            // also for an Error, which can occur while a module is replaced: a broker would redeliver the work at once
            // until its limit is reached
            exchange.removeProperty(ENTRY);
            later(entry, exchange.getProperty(LANE, Lane.class), e);
        }
    }

    private void send(Exchange exchange, OutboxEntry entry) throws Exception {
        ReplyAddress to = entry.destination();
        if (to.kind() == ReplyAddress.Kind.FILE) {
            files.write(entry, to);
        } else if (to.kind() == ReplyAddress.Kind.COPY && !copies) {
            LOG.debug("Delivery {} is not sent, because its caller reads it by its id", entry.id());
        } else if (shared) {
            // the work message of the broker is acknowledged at the end of the route
            messages.send(entry, to);
        } else {
            // marked as delivered or as failed later, when the broker has confirmed or refused it
            exchange.removeProperty(ENTRY);
            batches.send(new Delivery(entry, exchange.getProperty(LANE, Lane.class)));
        }
    }

    private void mark(Exchange exchange) {
        mark(exchange.getProperty(ENTRY, OutboxEntry.class));
    }

    /**
     * Marks an entry as delivered. If that fails, it is only logged, because the entry was sent. The ledger still has
     * it as pending without a failed attempt, so it is sent again with the same duplicate id and not, as after a
     * failure, with a new one.
     */
    private void mark(OutboxEntry entry) {
        try {
            outbox.delivered(entry.id());
            metrics.count("postern.deliveries", "kind", entry.kind().name(), "outcome", "delivered");
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Delivery {} was sent but could not be marked as delivered: {}", entry.id(), e.toString());
        }
    }

    private void later(OutboxEntry entry, Lane lane, Throwable cause) {
        metrics.count("postern.deliveries", "kind", "any", "outcome", "failed");
        metrics.failureHandled(CONTEXT, route(lane));
        LOG.warn("Delivery {} failed and is retried later: {}", entry.id(), cause.toString());
        outbox.failed(entry, lane, cause.getClass().getSimpleName());
    }

    /** Records the outcome of entries that are sent in batches, after their route has completed. */
    private final class BatchOutcomes implements JmsBatches.Outcomes {

        @Override
        public void sent(Delivery delivery) {
            mark(delivery.entry());
        }

        @Override
        public void failed(Delivery delivery, Throwable why) {
            try {
                later(delivery.entry(), delivery.lane(), why);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn(
                        "Delivery {}: the ledger cannot record when to retry; it stays pending: {}",
                        delivery.entry().id(),
                        e.toString());
            }
        }
    }

    @Deactivate
    void stop() {
        if (registration != null) {
            registration.unregister();
        }
        if (local != null) {
            local.close();
        }
        running.close();
    }
}
