package org.postern.dispatch.internal;

import jakarta.jms.ConnectionFactory;
import org.apache.camel.builder.RouteBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.camelruntime.Metrics;
import org.postern.camelruntime.RunningRoutes;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.WorkStep;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Takes work off the queues and carries it one step forward. Every lane has consumers of its own on queues of its own, so
 * however long the bulk queue is, a top-up never stands behind it.
 *
 * <p>What fails here is rolled back and comes again; whether there is still something to do, the ledger decides.
 */
@Component(service = {}, immediate = true, configurationPid = "org.postern.dispatch")
@Designate(ocd = DispatchConfig.class)
public final class DispatchRoutes extends RouteBuilder {

    private final Map<WorkStep, BiConsumer<ServiceRequests, String>> steps = Map.of(
            WorkStep.DISPATCH, ServiceRequests::step,
            WorkStep.PROCESS, ServiceRequests::process);
    private final ServiceRequests requests;
    private final DispatchConfig config;
    private final RunningRoutes running;

    @Activate
    public DispatchRoutes(BundleContext bundle, @Reference(target = "(name=postern)") ConnectionFactory connections,
                          @Reference Metrics metrics, @Reference ServiceRequests requests, DispatchConfig config)
            throws Exception {
        this.requests = requests;
        this.config = config;
        this.running = RunningRoutes.start(bundle, "dispatch", connections, metrics, List.of(this));
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        steps.forEach((step, action) -> {
            for (Lane lane : Lane.values()) {
                from("jms:queue:" + ArtemisWorkQueue.name(step, lane) + "?concurrentConsumers=" + consumers(lane))
                        .routeId((step + "-" + lane).toLowerCase(Locale.ROOT))
                        .process(exchange -> action.accept(requests, exchange.getMessage().getBody(String.class)));
            }
        });
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
        running.close();
    }
}
