package org.postern.camelruntime.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Meters each route: its exchanges, how they ended and how long they took, under the names and labels of Camel's own
 * metering (camel-micrometer). That one formats a text for every exchange as it begins and as it ends, and looks its
 * timer up by all labels.
 */
final class RouteMeters implements RoutePolicyFactory {

    private final MeterRegistry registry;

    RouteMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        return new Meters(registry, context.getName(), routeId);
    }

    /** The failures that a route handled: those that Camel knows of, and those that its own code deals with. */
    static Counter handled(MeterRegistry registry, String context, String routeId) {
        return counter(
                registry,
                "camel.exchanges.failures.handled",
                tags(context, routeId),
                "Failures that the route handled");
    }

    private static Tags tags(String context, String routeId) {
        return Tags.of("camelContext", context, "kind", "CamelRoute", "routeId", routeId, "eventType", "route");
    }

    private static Counter counter(MeterRegistry registry, String name, Tags tags, String description) {
        return Counter.builder(name).tags(tags).description(description).register(registry);
    }

    private static final class Meters extends RoutePolicySupport {

        private final MeterRegistry registry;
        /** Under which an exchange, which may go through several routes, has the time when it came into this one. */
        private final String begun;

        private final Timer time;
        private final Counter all;
        private final Counter succeeded;
        private final Counter failed;
        private final Counter handled;
        private final Counter again;

        Meters(MeterRegistry registry, String context, String routeId) {
            Tags tags = tags(context, routeId);
            this.registry = registry;
            this.begun = "posternBegun-" + routeId;
            this.time = Timer.builder("camel.route.policy")
                    .tags(tags)
                    .description("Time of exchanges in the route")
                    .register(registry);
            this.all = counter(registry, "camel.exchanges.total", tags, "Exchanges");
            this.succeeded = counter(registry, "camel.exchanges.succeeded", tags, "Exchanges without a failure");
            this.failed = counter(
                    registry, "camel.exchanges.failed", tags, "Exchanges with a failure that the route did not handle");
            this.handled = handled(registry, context, routeId);
            this.again = counter(
                    registry,
                    "camel.exchanges.external.redeliveries",
                    tags,
                    "Exchanges that the broker gave out again");
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(begun, System.nanoTime());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.removeProperty(begun) instanceof Long since) {
                time.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
            }
            all.increment();
            (exchange.isFailed() ? failed : succeeded).increment();
            if (ExchangeHelper.isFailureHandled(exchange)) {
                handled.increment();
            }
            if (exchange.isExternalRedelivered()) {
                again.increment();
            }
        }

        @Override
        public void onRemove(Route route) {
            for (Meter meter : List.of(time, all, succeeded, failed, handled, again)) {
                registry.remove(meter);
            }
        }
    }
}
