package org.postern.appliance.internal;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of code that a refresh replaced, where the framework itself holds it for ever (Felix Framework 7.0.5, SCR
 * 2.2.6; also in SCR 2.2.18). Neither offers a way but its private fields; where these are not there, this says so once
 * and does nothing more.
 *
 * <p>Of two threads that define one class at the same time, the one that comes second may stay in the bundle's table of
 * class locks. When that thread has ended, its context class loader stays with it. And a component whose service could
 * not be made, as its bundle was stopping, is waited for by all that wanted it, although its reference is never used
 * again.
 */
final class FormerCode {

    private static final Logger LOG = LoggerFactory.getLogger(FormerCode.class);
    private static final String COMPONENTS = "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private final BundleContext framework;
    private boolean unknown;

    FormerCode(BundleContext framework) {
        this.framework = framework;
    }

    /** Lets go of what is held at this time. Never throws. */
    synchronized void release() {
        if (unknown) {
            return;
        }
        try {
            for (Bundle bundle : framework.getBundles()) {
                endedThreads(bundle);
            }
            unregisteredServices();
        } catch (ReflectiveOperationException | ClassCastException | InaccessibleObjectException e) {
            unknown = true;
            LOG.warn(
                    "this framework is another than the one known here: what bundle:refresh leaves stays in memory", e);
        } catch (RuntimeException e) {
            LOG.debug("something stopped meanwhile; the next look is soon", e);
        }
    }

    /** A thread that has ended locks nothing. */
    private static void endedThreads(Bundle bundle) throws ReflectiveOperationException {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        // the field, as the getter would make a loader for each bundle that has none yet
        if (wiring != null
                && bundle.getBundleId() != 0
                && value(wiring, "m_classLoader") instanceof ClassLoader loader) {
            ((Map<?, ?>) value(loader, "m_classLocks")).values().removeIf(holder -> !((Thread) holder).isAlive());
        }
    }

    /** A reference that was taken back is never registered again. */
    private void unregisteredServices() throws ReflectiveOperationException {
        ServiceReference<?> reference = framework.getServiceReference(COMPONENTS);
        Object components = reference == null ? null : framework.getService(reference);
        if (components == null) {
            return;
        }
        try {
            Object registry = value(components, "componentRegistry");
            // its own lock
            synchronized (registry) {
                ((Map<?, ?>) value(registry, "m_missingDependencies"))
                        .keySet()
                        .removeIf(service -> ((ServiceReference<?>) service).getBundle() == null);
            }
        } finally {
            framework.ungetService(reference);
        }
    }

    private static Object value(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        throw new NoSuchFieldException(of.getClass().getName() + "." + name);
    }
}
