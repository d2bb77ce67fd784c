package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.FrameworkWiring;

class UpdatedModulesTest {

    private final AtomicLong updated = new AtomicLong(1);
    private final AtomicInteger refreshes = new AtomicInteger();

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) ->
                        answers.getOrDefault(method.getName(), none -> null).apply(args));
    }

    /** A module whose replaced code stays in use even after a refresh. */
    private BundleContext framework() {
        BundleRevision revision = fake(BundleRevision.class, Map.of());
        BundleRevisions revisions =
                fake(BundleRevisions.class, Map.of("getRevisions", any -> List.of(revision, revision)));
        Bundle module = fake(
                Bundle.class,
                Map.of(
                        "getSymbolicName",
                        any -> "org.postern.trial",
                        "getState",
                        any -> Bundle.ACTIVE,
                        "adapt",
                        any -> revisions,
                        "getLastModified",
                        any -> updated.get()));
        FrameworkWiring wiring = fake(FrameworkWiring.class, Map.of("refreshBundles", args -> {
            refreshes.incrementAndGet();
            ((FrameworkListener[]) args[1])[0].frameworkEvent(null);
            return null;
        }));
        BundleContext[] context = new BundleContext[1];
        Bundle system = fake(Bundle.class, Map.of("getBundleContext", any -> context[0], "adapt", any -> wiring));
        context[0] = fake(
                BundleContext.class, Map.of("getBundle", any -> system, "getBundles", any -> new Bundle[] {module}));
        return context[0];
    }

    @Test
    void aRefreshThatDidNotHelpIsNotRepeatedUntilThereIsAnotherUpdate() {
        UpdatedModules modules = new UpdatedModules(framework());
        try {
            for (int look = 0; look < 10; look++) {
                modules.poll();
            }
            assertThat(refreshes).hasValue(1);
            updated.set(2);
            for (int look = 0; look < 10; look++) {
                modules.poll();
            }
            assertThat(refreshes).hasValue(2);
        } finally {
            modules.stop();
        }
    }
}
