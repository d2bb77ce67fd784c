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
 * Releases class loaders of refreshed bundles that the framework itself never releases (Felix Framework 7.0.5, SCR
 * 2.2.6; also in SCR 2.2.18). Neither has an interface for that, so this class uses their private fields. Where these
 * do not exist, it logs that once and does nothing more.
 *
 * <p>There are two such leaks. When two threads define the same class at the same time, the second may stay in the
 * bundle's table of class locks; after that thread has ended, its context class loader stays referenced. And when SCR
 * cannot create a component because its bundle is stopping, it keeps the service reference and the components that
 * asked for it, although that reference is never used again.
 */
final class FormerCode {

    private static final Logger LOG = LoggerFactory.getLogger(FormerCode.class);
    private static final String COMPONENTS = "org.osgi.service.component.runtime.ServiceComponentRuntime";

    private final BundleContext framework;
    private boolean unknown;

    FormerCode(BundleContext framework) {
        this.framework = framework;
    }

    /** Releases what is held at this time. Never throws. */
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
                    "the framework has other internals than this version knows: replaced code stays in memory after bundle:refresh",
                    e);
        } catch (RuntimeException e) {
            LOG.debug("a bundle or service stopped meanwhile; tried again at the next poll", e);
        }
    }

    /** Removes locks of ended threads: they lock nothing. */
    private static void endedThreads(Bundle bundle) throws ReflectiveOperationException {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        // reads the field, since the getter would create a class loader for a bundle that has none yet
        if (wiring != null
                && bundle.getBundleId() != 0
                && value(wiring, "m_classLoader") instanceof ClassLoader loader) {
            ((Map<?, ?>) value(loader, "m_classLocks")).values().removeIf(holder -> !((Thread) holder).isAlive());
        }
    }

    /** Removes references of unregistered services: such a reference is never registered again. */
    private void unregisteredServices() throws ReflectiveOperationException {
        ServiceReference<?> reference = framework.getServiceReference(COMPONENTS);
        Object components = reference == null ? null : framework.getService(reference);
        if (components == null) {
            return;
        }
        try {
            Object registry = value(components, "componentRegistry");
            // SCR itself synchronizes on this object
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
