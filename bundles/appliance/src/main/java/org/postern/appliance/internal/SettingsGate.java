package org.postern.appliance.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.appliance.ApplianceFault;
import org.postern.appliance.PeriodicTask;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.HeldSettings;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsCheck;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the settings files before their values reach the parts (components). A file's values are those of its PID
 * ({@code org.postern.intake}); a part reads those of the PID {@code inforce.org.postern.intake}, which only this class
 * writes, after it has checked the file. A file with a wrong value changes nothing: the values in force stay, across
 * restarts as well. The rules are in the parts' metatype ({@link Setting}); a part can add a check of its own
 * ({@link SettingsCheck}).
 *
 * <p>Where nothing was ever in force, as at the first start, a file with a wrong value means that its part has no
 * settings at all and does not start: with standard values it might do something else than the operator wanted.
 * Standard values apply to settings that are not set, and to parts that have no file and need none.
 *
 * <p>This bundle starts before the bundles of the parts.
 */
@Component(
        service = {ConfigurationListener.class, PartHealth.class, HeldSettings.class},
        immediate = true)
public final class SettingsGate implements ConfigurationListener, SynchronousBundleListener, PartHealth, HeldSettings {

    /** Property of settings in force: the URL of the file that they come from. */
    static final String FROM = "postern.file";

    private static final Logger LOG = LoggerFactory.getLogger(SettingsGate.class);
    private static final String OURS = "org.postern.";
    private static final long POLL_SECONDS = 5;
    /** The start level at which the parts start. */
    private static final int PARTS_LEVEL = 40;

    private final ConfigurationAdmin configurations;
    private final BooleanSupplier starting;
    private final Runnable stop;
    private final Map<String, SettingsTable> tables = new ConcurrentHashMap<>();
    private final SettingsFindings findings = new SettingsFindings();
    private final Set<SettingsCheck> checks = new CopyOnWriteArraySet<>();
    /** PIDs of bundles that register a check of their own when they start. */
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    private final UnreadFiles unread;
    private final LastGood lastGood;
    private final Path etc;
    private final Executor soon;

    /** Checks the settings of all parts before any of them starts. */
    @Activate
    public SettingsGate(
            BundleContext context,
            @Reference ConfigurationAdmin configurations,
            @Reference StaleSettings afterStaleOnesAreDropped) {
        this.configurations = configurations;
        FrameworkStartLevel level =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class);
        this.starting = () -> level.getStartLevel() < PARTS_LEVEL;
        this.unread = new UnreadFiles(context::getProperty);
        this.etc = Path.of(System.getProperty("karaf.etc", "etc")).toAbsolutePath();
        this.lastGood = new LastGood(Path.of(System.getProperty("postern.state", "state"), "settings"), etc);
        ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-settings");
            thread.setDaemon(true);
            return thread;
        });
        this.soon = task -> {
            try {
                poller.execute(task);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopped meanwhile");
            }
        };
        checks.add(new PartsSettingCheck());
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            read(bundle);
        }
        poll();
        // polled, since a file or port that a setting names may become available later, and an event may be lost
        // while this class restarts
        PeriodicTask.start(
                poller, "the check of the settings", this::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
        stop = () -> {
            context.removeBundleListener(this);
            poller.shutdownNow();
        };
    }

    /**
     * For tests: with these parts, with the settings stored below the folder {@code base}, and without periodic polls.
     */
    public SettingsGate(ConfigurationAdmin configurations, Path base, Collection<SettingsTable> parts) {
        this(configurations, base, parts, Set.of(), () -> false);
    }

    /** For tests: as above, where the parts {@code checked} have a check of their own. */
    SettingsGate(
            ConfigurationAdmin configurations,
            Path base,
            Collection<SettingsTable> parts,
            Set<String> checked,
            BooleanSupplier starting) {
        this.configurations = configurations;
        this.starting = starting;
        this.unread = new UnreadFiles(System::getProperty);
        this.etc = base.resolve("etc");
        this.lastGood = new LastGood(base.resolve("state/settings"), etc);
        this.soon = Runnable::run;
        parts.forEach(table -> tables.put(table.pid(), table));
        this.checked.addAll(checked);
        stop = () -> {};
    }

    @Deactivate
    void stop() {
        stop.run();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addCheck(SettingsCheck check) {
        checks.add(check);
        // not on this thread: the caller may hold locks
        soon.execute(() -> take(check.pid()));
    }

    void removeCheck(SettingsCheck check) {
        checks.remove(check);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED) {
            read(event.getBundle()).forEach(this::take);
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        // events of the settings in force as well: a change that somebody else made to them is undone
        String pid = event.getPid().startsWith(SettingsTable.IN_FORCE)
                ? event.getPid().substring(SettingsTable.IN_FORCE.length())
                : event.getPid();
        if (pid.startsWith(OURS)) {
            take(pid);
        }
    }

    /** Reads the metatype of a bundle; returns the PIDs of its settings. */
    private List<String> read(Bundle bundle) {
        List<String> pids = new ArrayList<>();
        // getEntryPaths, unlike findEntries, does not resolve a bundle that is only installed
        Enumeration<String> documents =
                bundle.getSymbolicName() == null || !bundle.getSymbolicName().startsWith(OURS)
                        ? null
                        : bundle.getEntryPaths(SettingsTable.FOLDER);
        for (String document : documents == null ? List.<String>of() : Collections.list(documents)) {
            try (InputStream in = bundle.getEntry(document).openStream()) {
                SettingsTable.read(in).forEach(table -> {
                    tables.put(table.pid(), table);
                    pids.add(table.pid());
                    String offers = String.valueOf(bundle.getHeaders("").get(Constants.PROVIDE_CAPABILITY));
                    if (offers.contains(SettingsCheck.class.getName())) {
                        checked.add(table.pid());
                    }
                });
            } catch (IOException e) {
                LOG.error(
                        "{} the metatype of {} cannot be read",
                        ApplianceFault.SETTINGS_HELD.code(),
                        bundle.getSymbolicName(),
                        e);
            }
        }
        return pids;
    }

    /** Checks all settings. */
    public void poll() {
        Set<String> pids = new TreeSet<>(tables.keySet());
        try {
            Configuration[] all =
                    configurations.listConfigurations("(service.pid=" + SettingsTable.IN_FORCE + OURS + "*)");
            Stream.ofNullable(all)
                    .flatMap(Stream::of)
                    .forEach(each -> pids.add(each.getPid().substring(SettingsTable.IN_FORCE.length())));
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.warn("the settings in force cannot be listed", e);
        }
        pids.forEach(this::take);
        pids.forEach(this::compare);
    }

    /** Compares the settings with their file: File Install may have missed a change of it. */
    private synchronized void compare(String pid) {
        try {
            find(pid).ifPresent(asked -> unread.poll(asked.getProperties()));
        } catch (IOException | InvalidSyntaxException | RuntimeException e) {
            LOG.debug("the file of the settings {} cannot be compared", pid, e);
        }
    }

    /** Puts the settings of a PID in force, if they are right and not in force already. */
    private synchronized void take(String pid) {
        try {
            SettingsTable table = tables.get(pid);
            Optional<Configuration> asked = find(pid);
            Optional<Configuration> given = find(SettingsTable.IN_FORCE + pid);
            Optional<Path> file = file(pid, asked.or(() -> given));
            Optional<String> unreadable = file.flatMap(UnreadFiles::unreadable);
            if (unreadable.isPresent() && table != null) {
                takeUnread(table, file.get(), unreadable.get(), given);
            } else if (asked.isPresent()) {
                if (table != null
                        && (given.isEmpty() || !unread.beingSaved(asked.get().getProperties()))) {
                    take(table, asked.get().getProperties(), given);
                }
            } else if (file.isEmpty()) {
                takeWithoutFile(pid, table, given);
            }
            // otherwise an editor is replacing the file, or File Install has not read it yet
        } catch (IOException | InvalidSyntaxException | RuntimeException | LinkageError e) {
            // the next poll tries again; LinkageError: the bundle of a check may just have been removed
            LOG.error("{} the settings {} cannot be checked", ApplianceFault.SETTING_REFUSED.code(), pid, e);
        }
    }

    /**
     * Without a file there are no settings: a part that needs none gets its standard values, any other part has no
     * configuration.
     */
    private void takeWithoutFile(String pid, SettingsTable table, Optional<Configuration> given) throws IOException {
        findings.forget(pid);
        lastGood.forget(pid);
        if (table != null && table.settings().values().stream().noneMatch(Setting::mustBeSet)) {
            if (given.isEmpty()
                    || !SettingsRules.values(table, given.get().getProperties()).isEmpty()) {
                put(table, Map.of(), null);
            }
        } else if (given.isPresent()) {
            given.get().delete();
        }
    }

    /** A file that cannot be read changes nothing. */
    private void takeUnread(SettingsTable table, Path file, String why, Optional<Configuration> given)
            throws IOException {
        Optional<Map<String, List<String>>> before = before(table, given);
        if (before.isPresent() && !inForce(table, given).equals(before)) {
            put(table, before.get(), file.toUri());
        }
        String name = file.getFileName().toString();
        findings.report(
                table.pid(),
                name,
                new SettingsFindings.Finding(
                        before.isEmpty(),
                        List.of(SettingFaults.wrong(
                                before.isEmpty(),
                                name,
                                "a file that Postern may read, in the form of Java's property files",
                                why))));
    }

    /** The settings in force, or else those last in force; empty where they do not fit the rules of this version. */
    private Optional<Map<String, List<String>>> before(SettingsTable table, Optional<Configuration> given) {
        return given.map(each -> SettingsRules.values(table, each.getProperties()))
                .or(() -> lastGood.read(table))
                .filter(values -> SettingsRules.fit(table, values));
    }

    /** The file of a PID, if it exists: the one it was read from, or the one named after the PID. */
    private Optional<Path> file(String pid, Optional<Configuration> read) {
        List<Path> files = new ArrayList<>();
        for (String key : List.of(SettingFaults.FILE, FROM)) {
            try {
                read.map(each -> each.getProperties().get(key))
                        .ifPresent(from -> files.add(Path.of(URI.create(from.toString()))));
            } catch (IllegalArgumentException | FileSystemNotFoundException e) {
                LOG.debug("{}: {} is no file's address", pid, key);
            }
        }
        files.add(etc.resolve(pid + ".cfg"));
        return files.stream().filter(Files::exists).findFirst();
    }

    private Optional<Configuration> find(String pid) throws IOException, InvalidSyntaxException {
        Configuration[] found = configurations.listConfigurations("(service.pid=" + pid + ")");
        return found == null || found[0].getProperties() == null ? Optional.empty() : Optional.of(found[0]);
    }

    private void take(SettingsTable table, Dictionary<String, Object> file, Optional<Configuration> given)
            throws IOException {
        Map<String, List<String>> proposed = SettingsRules.values(table, file);
        Optional<Map<String, List<String>>> before = before(table, given);
        // a start without a cache runs at a higher level, but then nothing is in force
        boolean inUse = given.isPresent() && !starting.getAsBoolean();
        Map<String, String> wrong = SettingsRules.wrong(table, proposed, checksOf(table), before, inUse);
        boolean checkMissing = checked.contains(table.pid()) && checksOf(table).isEmpty();
        if (wrong.isEmpty() && checkMissing && !before.equals(Optional.of(proposed))) {
            // checked as soon as the part's bundle runs; until then the part is given no settings that are about to
            // change
            if (starting.getAsBoolean() && given.isPresent() && before.isPresent() && store(table, before.get())) {
                given.get().delete();
            }
            return;
        }
        Optional<Map<String, List<String>>> now = wrong.isEmpty() ? Optional.of(proposed) : before;
        if (now.isPresent()) {
            if (!inForce(table, given).equals(now)) {
                put(table, now.get(), file.get(SettingFaults.FILE));
            }
            store(table, now.get());
        } else if (given.isPresent()) {
            // they are of a version with other rules
            given.get().delete();
        }
        findings.report(
                table.pid(),
                SettingFaults.place(table, file),
                new SettingsFindings.Finding(
                        now.isEmpty(), SettingFaults.of(table, file, proposed, wrong, now.isEmpty())));
    }

    /**
     * Stores the settings in force as the last good ones. Where that fails they are in force all the same; each poll
     * tries again.
     */
    private boolean store(SettingsTable table, Map<String, List<String>> values) {
        try {
            lastGood.store(table, values);
            findings.stored(table.pid());
            return true;
        } catch (IOException e) {
            findings.notStored(table.pid(), e);
            return false;
        }
    }

    private List<SettingsCheck> checksOf(SettingsTable table) {
        return checks.stream().filter(check -> check.pid().equals(table.pid())).toList();
    }

    private void put(SettingsTable table, Map<String, List<String>> values, Object from) throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>();
        values.forEach((key, value) ->
                properties.put(key, table.settings().get(key).list() ? value.toArray(String[]::new) : value.get(0)));
        if (from != null) {
            properties.put(FROM, from.toString());
        }
        configurations
                .getConfiguration(SettingsTable.IN_FORCE + table.pid(), "?")
                .update(properties);
    }

    /** The values that the part reads, which has no former names. */
    private static Optional<Map<String, List<String>>> inForce(SettingsTable table, Optional<Configuration> given) {
        return given.map(each -> SettingsRules.presentNames(table, each.getProperties()));
    }

    @Override
    public Set<String> held() {
        return findings.held();
    }

    @Override
    public String part() {
        return "settings";
    }

    @Override
    public Optional<Fault> trouble() {
        return findings.trouble();
    }

    @Override
    public List<Fault> remarks() {
        return findings.remarks();
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of("postern_settings_wrong", (long) remarks().size());
    }
}
