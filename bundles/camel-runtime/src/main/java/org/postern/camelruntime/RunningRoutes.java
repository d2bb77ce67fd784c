package org.postern.camelruntime;

import jakarta.jms.ConnectionFactory;
import java.util.Hashtable;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.postern.appliance.OwnThread;

/**
 * The running routes of one bundle: a Camel context with the transacted {@code jms} component and metering. It is
 * published as a service; the presence of the service shows that the routes are running.
 */
public final class RunningRoutes implements AutoCloseable {

    private final OsgiCamelContext context;
    private final ServiceRegistration<CamelContext> registration;

    private RunningRoutes(OsgiCamelContext context, ServiceRegistration<CamelContext> registration) {
        this.context = context;
        this.registration = registration;
    }

    /**
     * Starts routes.
     *
     * @param bundle where the service is registered; null in tests without OSGi
     * @param name the context's name, also the service's property {@code name}
     * @param connections connections to the broker
     * @param metrics where the routes are metered
     * @param caller a class of the bundle that the routes belong to
     * @param routes the routes to run; may be empty
     * @return running routes, to be closed
     * @throws Exception if a route cannot start; nothing stays running then
     */
    public static RunningRoutes start(
            BundleContext bundle,
            String name,
            ConnectionFactory connections,
            Metrics metrics,
            Class<?> caller,
            List<? extends RoutesBuilder> routes)
            throws Exception {
        OsgiCamelContext context = OwnThread.call(
                "postern-start-" + name,
                RunningRoutes.class.getClassLoader(),
                () -> context(name, connections, metrics, caller, routes));
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("name", name);
        return new RunningRoutes(
                context, bundle == null ? null : bundle.registerService(CamelContext.class, context, properties));
    }

    private static OsgiCamelContext context(
            String name,
            ConnectionFactory connections,
            Metrics metrics,
            Class<?> caller,
            List<? extends RoutesBuilder> routes)
            throws Exception {
        OsgiCamelContext context = new OsgiCamelContext(name, caller);
        try {
            context.addComponent("jms", TransactedJms.component(connections));
            context.addRoutePolicyFactory(metrics.routes());
            for (RoutesBuilder builder : routes) {
                context.addRoutes(builder);
            }
            context.start();
        } catch (Exception | Error e) {
            context.stop();
            throw e;
        }
        return context;
    }

    /**
     * The context.
     *
     * @return the context, for sending to its routes or inspecting them
     */
    public CamelContext context() {
        return context;
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.unregister();
        }
        try {
            OwnThread.call("postern-stop-" + context.getName(), RunningRoutes.class.getClassLoader(), () -> {
                context.stop();
                return null;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
