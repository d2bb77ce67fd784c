package org.postern.console.internal;

import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.postern.catalogue.PosternException;

/**
 * Looks up the appliance's services for each command. Injected references would not do: Karaf would hide every command
 * while one of the services is missing.
 */
@FunctionalInterface
public interface Services {

    /** The service of that type, if it is registered. */
    <T> Optional<T> find(Class<T> type);

    /**
     * The service of that type.
     *
     * @throws PosternException PST-7090 if it is not registered
     */
    default <T> T need(Class<T> type) {
        return find(type)
                .orElseThrow(() -> new PosternException(ConsoleFault.SERVICE_AWAY.fault(
                        type.getSimpleName(),
                        "the part is running",
                        "it is not",
                        "see dcc:status and the log; it may be starting, or not be configured")));
    }

    /** The services of the bundle's framework. */
    static Services of(BundleContext context) {
        return new Services() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                ServiceReference<T> reference = context.getServiceReference(type);
                return Optional.ofNullable(reference).map(context::getService);
            }
        };
    }
}
