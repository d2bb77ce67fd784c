package org.postern.console.internal;

import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.postern.catalogue.PosternException;

/**
 * The appliance's services as they are at this moment. Looked up for each command, because Karaf would otherwise show
 * no command at all while any one of them is missing.
 */
@FunctionalInterface
public interface Services {

    /** The service of that type, if it is there. */
    <T> Optional<T> find(Class<T> type);

    /**
     * The service of that type.
     *
     * @throws PosternException PST-7090 where it is not there
     */
    default <T> T need(Class<T> type) {
        return find(type)
                .orElseThrow(() -> new PosternException(ConsoleFault.SERVICE_AWAY.fault(
                        type.getSimpleName(),
                        "the part is running",
                        "it is not",
                        "see dcc:status and the log; it may be starting, or not be configured")));
    }

    /** Those of a bundle's framework. */
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
