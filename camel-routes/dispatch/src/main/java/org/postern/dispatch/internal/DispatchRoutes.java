package org.postern.dispatch.internal;

import jakarta.jms.ConnectionFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
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
import org.osgi.service.metatype.annotations.Designate;
import org.postern.camelruntime.Metrics;
import org.postern.camelruntime.RunningRoutes;
import org.postern.catalogue.Lane;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

/**
 * Takes requests from the work queues and carries out their next step. Every lane has its own queue and threads, so
 * that a top-up never waits behind bulk requests. The queues are in this process; if several nodes share work, they are
 * in the broker.
 *
 * <p>Work that fails here is offered again; the ledger decides whether there is still something to do.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.dispatch",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DispatchConfig.class)
public final class DispatchRoutes extends RouteBuilder {

    private final Map<WorkStep, BiConsumer<ServiceRequests, String>> steps = Map.of(
            WorkStep.DISPATCH, ServiceRequests::step,
            WorkStep.PROCESS, ServiceRequests::process);
    private final ServiceRequests requests;
    private final DispatchConfig config;
    private final boolean shared;
    private final RunningRoutes running;
    private final LocalWorkQueue local;
    private final ServiceRegistration<WorkQueue> registration;

    @Activate
    public DispatchRoutes(
            BundleContext bundle,
            @Reference(target = "(name=postern)") ConnectionFactory connections,
            @Reference Metrics metrics,
            @Reference ServiceRequests requests,
            @Reference(target = "(" + ArtemisWorkQueue.PROPERTY + ")") WorkQueue broker,
            DispatchConfig config)
            throws Exception {
        this.requests = requests;
        this.config = config;
        this.shared = broker.takes(WorkStep.DISPATCH);
        this.running = RunningRoutes.start(bundle, "dispatch", connections, metrics, getClass(), List.of(this));
        if (shared) {
            this.local = null;
            this.registration = null;
        } else {
            ProducerTemplate routes = running.context().createProducerTemplate();
            // resolved once, because the context would normalise the address for each look-up of an endpoint
            Map<WorkStep, Map<Lane, Endpoint>> endpoints = endpoints(running.context());
            this.local = new LocalWorkQueue(
                    steps.keySet(),
                    this::consumers,
                    LocalWorkQueue.CAPACITY,
                    (step, lane, id) -> run(routes, endpoints.get(step).get(lane), id));
            this.registration = bundle == null ? null : bundle.registerService(WorkQueue.class, local, null);
        }
    }

    /** The queues in this process; null if they are in the broker. */
    WorkQueue local() {
        return local;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        steps.forEach((step, action) -> {
            for (Lane lane : Lane.values()) {
                from(shared
                                ? "jms:queue:" + ArtemisWorkQueue.name(step, lane) + "?concurrentConsumers="
                                        + consumers(lane)
                                : endpoint(step, lane))
                        .routeId((step + "-" + lane).toLowerCase(Locale.ROOT))
                        .process(exchange ->
                                action.accept(requests, exchange.getMessage().getBody(String.class)));
            }
        });
    }

    private Map<WorkStep, Map<Lane, Endpoint>> endpoints(CamelContext context) {
        Map<WorkStep, Map<Lane, Endpoint>> endpoints = new EnumMap<>(WorkStep.class);
        for (WorkStep step : steps.keySet()) {
            Map<Lane, Endpoint> lanes = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                lanes.put(lane, context.getEndpoint(endpoint(step, lane)));
            }
            endpoints.put(step, lanes);
        }
        return endpoints;
    }

    private static void run(ProducerTemplate routes, Endpoint endpoint, String id) throws Exception {
        Exchange done = routes.send(endpoint, exchange -> exchange.getMessage().setBody(id));
        if (done.getException() != null) {
            throw done.getException();
        }
    }

    private static String endpoint(WorkStep step, Lane lane) {
        return ("direct:" + step + "-" + lane).toLowerCase(Locale.ROOT);
    }

    private int consumers(Lane lane) {
        return switch (lane) {
            case PREPAYMENT -> config.prepayment();
            case INTERACTIVE -> config.interactive();
            case ROUTINE -> config.routine();
            case BULK -> config.bulk();
        };
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
