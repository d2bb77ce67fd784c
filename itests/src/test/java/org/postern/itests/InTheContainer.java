package org.postern.itests;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Base of tests inside the container. It waits for services; if one is not registered in time, the failure names the
 * components that wait and what they wait for, down to the root cause.
 */
public abstract class InTheContainer {

    static final long WAIT_MILLIS = 60_000;
    private static final long POLL_MILLIS = 50;

    @Inject
    private BundleContext context;

    /** The bundle of this test. */
    BundleContext context() {
        return context;
    }

    /** Waits up to a minute for a service; fails with the reason if it is not registered by then. */
    <T> T service(Class<T> type) throws InterruptedException {
        return service(context, type, null);
    }

    /**
     * As above, for a service with certain properties.
     *
     * @param filter null for any
     */
    static <T> T service(BundleContext context, Class<T> type, String filter) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        while (true) {
            T found = find(context, type, filter);
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no service " + type.getName() + (filter == null ? "" : " " + filter)
                        + " within " + WAIT_MILLIS + " ms:\n"
                        + missing(context).why(type.getName(), filter));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static <T> T find(BundleContext context, Class<T> type, String filter) {
        try {
            for (ServiceReference<T> reference : context.getServiceReferences(type, filter)) {
                T found = context.getService(reference);
                if (found != null) {
                    return found;
                }
            }
            return null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter, e);
        }
    }

    /** Waits for a condition; its failure names every component that waits. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(context, what, condition);
    }

    static void await(BundleContext context, String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                String waiting = missing(context).all();
                throw new AssertionError("not within " + WAIT_MILLIS + " ms: " + what
                        + (waiting.isEmpty() ? "; no component waits for anything" : "\n" + waiting));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static MissingServices missing(BundleContext context) {
        ServiceReference<ServiceComponentRuntime> runtime = context.getServiceReference(ServiceComponentRuntime.class);
        if (runtime == null) {
            throw new AssertionError("no Declarative Services in this container");
        }
        return MissingServices.in(context, context.getService(runtime));
    }
}
