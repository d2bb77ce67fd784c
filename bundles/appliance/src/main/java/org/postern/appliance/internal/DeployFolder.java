package org.postern.appliance.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.postern.appliance.ApplianceFault;
import org.postern.appliance.PeriodicTask;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes what Felix File Install does with {@code deploy/}. File Install knows one file of each bundle: with two
 * copies there, it uninstalls the bundle when one of them is deleted; this class then installs the other copy. And File
 * Install ignores a jar that it cannot read; this class reports it.
 */
@Component(service = PartHealth.class, immediate = true)
public final class DeployFolder implements PartHealth {

    private static final Logger LOG = LoggerFactory.getLogger(DeployFolder.class);
    private static final long POLL_MILLIS = 2000;
    private static final int START_LEVEL = 80;

    private final BundleContext bundle;
    private final Path folder;
    private final ScheduledExecutorService poller;
    private final BundleListener listener = this::changed;
    /** Bundles that this class installed, by their id, and the file of each. */
    private final Map<Long, Path> installed = new HashMap<>();
    /** Files that cannot be read, as they were at the last poll. */
    private final Map<Path, Seen> unreadable = new ConcurrentHashMap<>();

    /**
     * State of a file at one poll; reported once it is the same at two polls, since a file that is being copied is
     * incomplete.
     */
    private record Seen(FileTime time, long size, boolean reported) {}

    @Activate
    public DeployFolder(BundleContext bundle) {
        this(bundle, Path.of(System.getProperty("karaf.base", "."), "deploy"));
        bundle.addBundleListener(listener);
        PeriodicTask.start(
                poller, "the check of the deploy folder", this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    DeployFolder(BundleContext bundle, Path folder) {
        this.bundle = bundle;
        this.folder = folder.toAbsolutePath();
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-deploy-folder");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void changed(BundleEvent event) {
        if (event.getType() == BundleEvent.UNINSTALLED
                && event.getBundle().getLocation().startsWith("file:")) {
            String name = event.getBundle().getSymbolicName();
            String location = event.getBundle().getLocation();
            try {
                poller.execute(() -> restore(name, location));
            } catch (RejectedExecutionException e) {
                // stopped meanwhile
            }
        }
    }

    /**
     * Installs another copy of a bundle that was uninstalled because its file was deleted. A bundle whose file still
     * exists was uninstalled by an operator, and stays so.
     *
     * @param location the location of the uninstalled bundle
     */
    void restore(String name, String location) {
        List<Path> copies;
        try {
            if (Files.exists(Path.of(URI.create(location)))) {
                return;
            }
            copies = jars().entrySet().stream()
                    .filter(jar -> jar.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .toList();
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot look for another copy of {}: {}", name, e.toString());
            return;
        }
        for (Path copy : copies) {
            if (Stream.of(bundle.getBundles()).anyMatch(other -> name.equals(other.getSymbolicName()))) {
                return;
            }
            try {
                install(copy);
                LOG.info("{} stays installed: {} is another copy of it", name, copy.getFileName());
            } catch (IOException | BundleException | RuntimeException e) {
                LOG.warn("{} is another copy of {}, which cannot be started: {}", copy, name, e.toString());
            }
        }
    }

    private void install(Path copy) throws IOException, BundleException {
        try (InputStream content = Files.newInputStream(copy)) {
            // the location that File Install would give it: if both install it at the same time, it is one bundle
            Bundle again = bundle.installBundle(copy.toFile().toURI().toString(), content);
            installed.put(again.getBundleId(), copy);
            try {
                again.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
                // a fragment cannot be started; it is attached to its host
                if (again.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                    again.start();
                }
            } catch (BundleException | RuntimeException e) {
                // otherwise it would count as an installed copy; the next poll removes it from the map
                again.uninstall();
                throw e;
            }
        }
    }

    void poll() {
        try {
            jars();
            for (Map.Entry<Long, Path> one : Map.copyOf(installed).entrySet()) {
                Bundle ours = bundle.getBundle(one.getKey());
                if (ours == null) {
                    installed.remove(one.getKey());
                } else if (!Files.exists(one.getValue())) {
                    ours.uninstall();
                    installed.remove(one.getKey());
                }
            }
        } catch (IOException | BundleException | RuntimeException e) {
            LOG.warn("the folder {} cannot be checked: {}", folder, e.toString());
        }
    }

    /** The jars in the folder and the symbolic name of each; those that cannot be read are logged. */
    private Map<Path, String> jars() throws IOException {
        if (!Files.isDirectory(folder)) {
            return Map.of();
        }
        Map<Path, String> jars = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            // File Install takes a folder for an unpacked bundle
            files.filter(file -> file.getFileName().toString().endsWith(".jar") && !Files.isDirectory(file))
                    .forEach(file -> name(file).ifPresent(name -> jars.put(file, name)));
        }
        unreadable.keySet().removeIf(file -> !Files.exists(file));
        return jars;
    }

    private Optional<String> name(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            String name = jar.getManifest() == null
                    ? null
                    : jar.getManifest().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            unreadable.remove(file);
            return Optional.ofNullable(name).map(value -> value.split(";")[0].strip());
        } catch (IOException e) {
            if (Files.exists(file)) {
                unreadable(file, e);
            }
            return Optional.empty();
        }
    }

    private void unreadable(Path file, IOException why) {
        try {
            Seen before = unreadable.get(file);
            FileTime time = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            boolean same = before != null && before.time().equals(time) && before.size() == size;
            if (same && !before.reported()) {
                LOG.warn(
                        "{} {} of {} bytes is not a complete jar and is not installed: {}",
                        ApplianceFault.JAR_UNREADABLE.code(),
                        file,
                        size,
                        why.getMessage());
            }
            unreadable.put(file, new Seen(time, size, same));
        } catch (IOException e) {
            // deleted meanwhile
            unreadable.remove(file);
        }
    }

    @Override
    public String part() {
        return "deploy folder";
    }

    @Override
    public Optional<Fault> trouble() {
        return Optional.empty();
    }

    @Override
    public List<Fault> remarks() {
        return unreadable.entrySet().stream()
                .filter(one -> one.getValue().reported())
                .map(one -> new Fault(
                        ApplianceFault.JAR_UNREADABLE,
                        one.getKey().toString(),
                        ApplianceFault.JAR_UNREADABLE.entry().rule(),
                        one.getValue().size() + " bytes that cannot be read as a jar",
                        ApplianceFault.JAR_UNREADABLE.entry().remedy()))
                .toList();
    }

    @Deactivate
    void stop() {
        bundle.removeBundleListener(listener);
        poller.shutdownNow();
    }
}
