package org.postern.camelruntime.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
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
import org.postern.camelruntime.Metrics;

/**
 * Meters each route: its exchanges, how they ended and how long they took, under the names and labels of Camel's own
 * metering (camel-micrometer). camel-micrometer itself is not used, because it formats a text at the start and at the
 * end of every exchange and looks up its timer by all labels each time.
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

    /** The failures that a route handled: those known to Camel, and those handled by its own code. */
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

    /** The same metrics for requests that are not processed by a route. */
    static Metrics.Exchanges exchanges(MeterRegistry registry, String context, String routeId) {
        return new Instruments(registry, context, routeId);
    }

    /** The metrics of one route. */
    private static final class Instruments implements Metrics.Exchanges {

        private final MeterRegistry registry;
        private final Timer time;
        private final Counter all;
        private final Counter succeeded;
        private final Counter failed;
        private final Counter handled;
        private final Counter redelivered;

        Instruments(MeterRegistry registry, String context, String routeId) {
            Tags tags = tags(context, routeId);
            this.registry = registry;
            this.time = Timer.builder("camel.route.policy")
                    .tags(tags)
                    .description("Time of exchanges in the route")
                    .register(registry);
            this.all = counter(registry, "camel.exchanges.total", tags, "Exchanges");
            this.succeeded = counter(registry, "camel.exchanges.succeeded", tags, "Exchanges without a failure");
            this.failed = counter(
                    registry, "camel.exchanges.failed", tags, "Exchanges with a failure that the route did not handle");
            this.handled = handled(registry, context, routeId);
            this.redelivered = counter(
                    registry,
                    "camel.exchanges.external.redeliveries",
                    tags,
                    "Exchanges of messages that the broker redelivered");
        }

        @Override
        public void done(Duration taken, boolean unhandled) {
            time.record(taken);
            ended(unhandled);
        }

        private void ended(boolean unhandled) {
            all.increment();
            (unhandled ? failed : succeeded).increment();
        }

        @Override
        public void close() {
            for (Meter meter : List.of(time, all, succeeded, failed, handled, redelivered)) {
                registry.remove(meter);
            }
        }
    }

    private static final class Meters extends RoutePolicySupport {

        private final Instruments instruments;
        /**
         * Property of the exchange with the time at which it entered this route; an exchange may pass several routes.
         */
        private final String startedAt;

        Meters(MeterRegistry registry, String context, String routeId) {
            this.instruments = new Instruments(registry, context, routeId);
            this.startedAt = "posternStartedAt-" + routeId;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(startedAt, System.nanoTime());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.removeProperty(startedAt) instanceof Long since) {
                instruments.time.record(System.nanoTime() - since, TimeUnit.NANOSECONDS);
            }
            instruments.ended(exchange.isFailed());
            if (ExchangeHelper.isFailureHandled(exchange)) {
                instruments.handled.increment();
            }
            if (exchange.isExternalRedelivered()) {
                instruments.redelivered.increment();
            }
        }

        @Override
        public void onRemove(Route route) {
            instruments.close();
        }
    }
}
