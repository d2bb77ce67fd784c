package org.postern.camelruntime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.postern.camelruntime.Metrics;

class RouteMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void countsSuccessesAndFailuresOfEachRouteUnderCamelsNames() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.addRoutePolicyFactory(new RouteMeters(registry));
            context.addRoutes(routes());
            context.start();
            ProducerTemplate producer = context.createProducerTemplate();
            for (String body : new String[] {"good", "good", "bad"}) {
                producer.send("direct:outer", exchange -> exchange.getMessage().setBody(body));
            }
            assertThat(count("camel.exchanges.total", "outer")).isEqualTo(3);
            assertThat(count("camel.exchanges.succeeded", "outer")).isEqualTo(2);
            assertThat(count("camel.exchanges.failed", "outer")).isEqualTo(1);
            assertThat(count("camel.exchanges.total", "inner")).isEqualTo(3);
            assertThat(count("camel.exchanges.failures.handled", "outer")).isZero();
            RouteMeters.handled(registry, context.getName(), "outer").increment();
            assertThat(count("camel.exchanges.failures.handled", "outer"))
                    .as("failures that its own code handled")
                    .isEqualTo(1);
            assertThat(registry.find("camel.exchanges.failures.handled")
                            .tag("routeId", "outer")
                            .counters())
                    .hasSize(1);
            assertThat(registry.get("camel.route.policy")
                            .tag("routeId", "outer")
                            .tag("kind", "CamelRoute")
                            .tag("eventType", "route")
                            .timer()
                            .count())
                    .as("both routes take the time of one exchange")
                    .isEqualTo(3);
            assertThat(registry.get("camel.route.policy")
                            .tag("routeId", "inner")
                            .timer()
                            .count())
                    .isEqualTo(3);
            context.getRouteController().stopRoute("inner");
            context.removeRoute("inner");
            assertThat(registry.find("camel.exchanges.total")
                            .tag("routeId", "inner")
                            .counter())
                    .isNull();
        }
    }

    @Test
    void countsRequestsOfAnInterfaceThatIsNotARouteUnderTheSameNames() {
        try (Metrics.Exchanges exchanges = RouteMeters.exchanges(registry, "intake", "intake-http")) {
            exchanges.done(Duration.ofMillis(3), false);
            exchanges.done(Duration.ofMillis(5), true);
            RouteMeters.handled(registry, "intake", "intake-http").increment();
            assertThat(count("camel.exchanges.total", "intake-http")).isEqualTo(2);
            assertThat(count("camel.exchanges.succeeded", "intake-http")).isEqualTo(1);
            assertThat(count("camel.exchanges.failed", "intake-http")).isEqualTo(1);
            assertThat(count("camel.exchanges.failures.handled", "intake-http")).isEqualTo(1);
            assertThat(registry.get("camel.route.policy")
                            .tag("camelContext", "intake")
                            .timer()
                            .totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(8);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:outer").routeId("outer").to("direct:inner");
                from("direct:inner").routeId("inner").process(exchange -> {
                    if (exchange.getMessage().getBody(String.class).equals("bad")) {
                        throw new IllegalStateException("bad");
                    }
                });
            }
        };
    }

    private double count(String name, String route) {
        return registry.get(name).tag("routeId", route).counter().count();
    }
}
