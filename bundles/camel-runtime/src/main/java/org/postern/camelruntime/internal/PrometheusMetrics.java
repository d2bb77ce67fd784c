package org.postern.camelruntime.internal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.spi.RoutePolicyFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.postern.camelruntime.Metrics;

/** Micrometer with a Prometheus registry. */
@Component(service = Metrics.class)
public final class PrometheusMetrics implements Metrics {

    private final PrometheusMeterRegistry registry;

    @Activate
    public PrometheusMetrics() {
        // The registry's text writer is found by class name through the context class loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(PrometheusMetrics.class.getClassLoader());
        try {
            registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            new ClassLoaderMetrics().bindTo(registry);
            new JvmMemoryMetrics().bindTo(registry);
            new JvmThreadMetrics().bindTo(registry);
            new ProcessorMetrics().bindTo(registry);
            new UptimeMetrics().bindTo(registry);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void count(String name, String... labels) {
        registry.counter(name, labels).increment();
    }

    @Override
    public void time(String name, Duration taken, String... labels) {
        registry.timer(name, labels).record(taken);
    }

    @Override
    public void gauge(String name, Supplier<Number> value, String... labels) {
        Meter former = registry.find(name).tags(labels).gauge();
        if (former != null) {
            registry.remove(former);
        }
        Gauge.builder(name, value).tags(Tags.of(labels)).strongReference(true).register(registry);
    }

    @Override
    public void failureHandled(String context, String route) {
        RouteMeters.handled(registry, context, route).increment();
    }

    @Override
    public Exchanges exchanges(String context, String route) {
        return RouteMeters.exchanges(registry, context, route);
    }

    @Override
    public RoutePolicyFactory routes() {
        return new RouteMeters(registry);
    }

    @Override
    public String scrape() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(PrometheusMetrics.class.getClassLoader());
        try {
            return registry.scrape();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Deactivate
    void close() {
        registry.close();
    }
}
