package org.postern.camelruntime;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.spi.RoutePolicyFactory;

/**
 * The only metrics registry of the appliance, as an OSGi service. Names and labels must not contain a device, a person
 * or a payload.
 *
 * <p>The registry behind it is not exported: other bundles that can optionally use it (connection pools) would be wired
 * to camel-runtime and restart with it.
 */
public interface Metrics {

    /**
     * Adds one to a counter.
     *
     * @param name in lower case with dots, for example {@code postern.intake}
     * @param labels pairs of label and value, with few distinct values
     */
    void count(String name, String... labels);

    /**
     * Records one duration.
     *
     * @param name in lower case with dots
     * @param taken the time taken
     * @param labels pairs of label and value
     */
    void time(String name, Duration taken, String... labels);

    /**
     * Publishes a value that is read at each scrape; a second gauge with the same name and labels replaces the first.
     *
     * @param name in lower case with dots
     * @param value read on the scraping thread, so it must be fast
     * @param labels pairs of label and value
     */
    void gauge(String name, Supplier<Number> value, String... labels);

    /**
     * Adds one to the handled failures of a route, for a failure that the route's own code has handled, so that its
     * exchange succeeds or has already ended.
     *
     * @param context the Camel context's name
     * @param route the route's id
     */
    void failureHandled(String context, String route);

    /**
     * Meters requests that are not processed by a Camel route under the names and labels of Camel routes, so that an
     * interface that used to be a route keeps its metrics.
     *
     * @param context used like the name of a Camel context
     * @param route used like the id of a route
     * @return to be closed when the interface closes
     */
    Exchanges exchanges(String context, String route);

    /** The metrics of one interface. */
    interface Exchanges extends AutoCloseable {

        /**
         * Records one request.
         *
         * @param taken from the arrival of the request to the end of its answer
         * @param failed true if it could not be answered
         */
        void done(Duration taken, boolean failed);

        /** Removes the metrics. */
        @Override
        void close();
    }

    /**
     * A policy factory that meters every route of a context.
     *
     * @return to be added to a context before its routes
     */
    RoutePolicyFactory routes();

    /**
     * All current values.
     *
     * @return Prometheus text exposition format 0.0.4
     */
    String scrape();
}
