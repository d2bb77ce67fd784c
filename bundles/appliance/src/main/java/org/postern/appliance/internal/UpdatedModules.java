package org.postern.appliance.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.postern.appliance.PeriodicTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes what an update left behind. After {@code bundle:update} the other modules stay wired to the former code,
 * whose services are gone: the appliance would be down until somebody types {@code bundle:refresh}, and nothing would
 * say so.
 */
@Component(service = UpdatedModules.class, immediate = true)
public final class UpdatedModules {

    private static final Logger LOG = LoggerFactory.getLogger(UpdatedModules.class);
    private static final String OURS = "org.postern.";
    private static final long LOOK_MILLIS = 1000;

    private final BundleContext framework;
    private final ScheduledExecutorService looks;
    private Set<String> before = Set.of();
    /** What was refreshed the last time: where that did not help, it is not repeated for ever. */
    private Set<String> refreshed = Set.of();

    private volatile boolean refreshing;

    @Activate
    public UpdatedModules(BundleContext bundle) {
        this.framework = bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-updated-modules");
            thread.setDaemon(true);
            return thread;
        });
        PeriodicTask.start(
                looks, "the check for updated modules", this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        PeriodicTask.start(
                looks,
                "the release of former code",
                new FormerCode(framework)::release,
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Modules of ours that were updated, and whose former code is still in use. Takes no lock of the framework. */
    static List<Bundle> pending(BundleContext framework) {
        return Stream.of(framework.getBundles())
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).startsWith(OURS))
                .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
                .filter(bundle ->
                        bundle.adapt(BundleRevisions.class).getRevisions().size() > 1)
                .toList();
    }

    /** Twice the same: nobody is at it any more. */
    synchronized void look() {
        // the framework does it in its own time, once
        if (refreshing) {
            return;
        }
        try {
            List<Bundle> pending = pending(framework);
            Set<String> now = pending.stream()
                    .map(bundle -> bundle.getSymbolicName() + " " + bundle.getLastModified())
                    .collect(Collectors.toSet());
            if (!now.isEmpty() && now.equals(before) && !now.equals(refreshed)) {
                LOG.warn(
                        "Updated: {}; what still uses the former code is restarted, as bundle:refresh does",
                        pending.stream().map(Bundle::getSymbolicName).toList());
                refreshing = true;
                refreshed = now;
                framework.getBundle().adapt(FrameworkWiring.class).refreshBundles(pending, event -> refreshing = false);
                now = Set.of();
            }
            before = now;
        } catch (RuntimeException | Error e) {
            refreshing = false;
            LOG.warn("modules that were updated cannot be refreshed", e);
        }
    }

    @Deactivate
    void stop() {
        looks.shutdownNow();
    }
}
