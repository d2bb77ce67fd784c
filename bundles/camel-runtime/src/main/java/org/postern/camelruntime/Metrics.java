package org.postern.camelruntime;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.camel.spi.RoutePolicyFactory;

/**
 * The appliance's one metrics registry, as an OSGi service. Names and labels only: no device, person or payload.
 *
 * <p>The registry behind it is not exported: other bundles that can optionally use it (connection pools) would wire to
 * camel-runtime and restart with it.
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
     * Publishes a value that is read at each scrape; the same name and labels replace the former reader.
     *
     * @param name in lower case with dots
     * @param value read on the scraping thread: must be cheap
     * @param labels pairs of label and value
     */
    void gauge(String name, Supplier<Number> value, String... labels);

    /**
     * Adds one to the failures that a route handled, for one that the route's own code has dealt with, so that its
     * exchange ends well, or has ended already.
     *
     * @param context the Camel context's name
     * @param route the route's id
     */
    void failureHandled(String context, String route);

    /**
     * Meters requests that no Camel route carries out, under the names and labels of Camel's routes: an interface that
     * was a route keeps its metrics.
     *
     * @param context as the name of a Camel context
     * @param route as the id of a route
     * @return to be closed when the interface closes
     */
    Exchanges exchanges(String context, String route);

    /** The metrics of one interface. */
    interface Exchanges extends AutoCloseable {

        /**
         * Records one request.
         *
         * @param taken from the request's arrival to the end of its answer
         * @param failed true where it could not be answered
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
     * All values now.
     *
     * @return Prometheus text exposition format 0.0.4
     */
    String scrape();
}
