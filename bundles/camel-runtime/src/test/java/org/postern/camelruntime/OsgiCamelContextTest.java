package org.postern.camelruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.postern.camelruntime.internal.PrometheusMetrics;

class OsgiCamelContextTest {

    @Test
    void aContextRunsItsRoutesAndMetersThem() throws Exception {
        PrometheusMetrics metrics = new PrometheusMetrics();
        try (OsgiCamelContext context = new OsgiCamelContext("trial", getClass())) {
            context.addRoutePolicyFactory(metrics.routes());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").routeId("trial-in").setBody(simple("${body}!"));
                }
            });
            context.start();
            assertThat(context.getName()).isEqualTo("trial");
            assertThat(context.createProducerTemplate().requestBody("direct:in", "hello", String.class))
                    .isEqualTo("hello!");
            assertThat(metrics.scrape()).contains("routeId=\"trial-in\"");
        }
    }

    @Test
    void countersTimersAndGaugesAppearInTheScrape() {
        PrometheusMetrics metrics = new PrometheusMetrics();
        metrics.count("postern.intake", "interface", "jms", "outcome", "admitted");
        metrics.count("postern.intake", "interface", "jms", "outcome", "admitted");
        metrics.time("postern.step", Duration.ofMillis(250), "step", "sign");
        metrics.gauge("postern.depth", () -> 3, "lane", "bulk");
        metrics.gauge("postern.depth", () -> 5, "lane", "bulk");
        assertThat(metrics.scrape())
                .contains("postern_intake_total{interface=\"jms\",outcome=\"admitted\"} 2.0")
                .contains("postern_step_seconds_sum{step=\"sign\"} 0.25")
                .contains("postern_depth{lane=\"bulk\"} 5.0")
                .contains("jvm_memory_used_bytes");
    }
}
