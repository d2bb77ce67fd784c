package org.postern.appliance.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
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
 * Stands between the settings' files and the parts. A file's settings are those of its PID
 * ({@code org.postern.intake}); a part is given those of {@code inforce.org.postern.intake}, which only this class
 * writes, once it has found the file's right. A file with a wrong value changes nothing: what was in force stays,
 * across restarts as well, and the part notices nothing. The parts' metatype says what is right ({@link Setting});
 * where a part has more to say, it is asked ({@link SettingsCheck}).
 *
 * <p>Where nothing was ever in force, as at the first start, a file with a wrong value gives its part no settings at
 * all, and a part without settings does not start: on standard values it might be another one than was asked for.
 * Standard values are for what is not set, and for parts whose file is not there and that can do without.
 *
 * <p>This bundle starts before those that the settings are for.
 */
@Component(
        service = {ConfigurationListener.class, PartHealth.class, HeldSettings.class},
        immediate = true)
public final class SettingsGate implements ConfigurationListener, SynchronousBundleListener, PartHealth, HeldSettings {

    /** Property of settings in force: the file that they come from, as File Install has it. */
    static final String FROM = "postern.file";

    private static final Logger LOG = LoggerFactory.getLogger(SettingsGate.class);
    private static final String OURS = "org.postern.";
    private static final long LOOK_SECONDS = 5;
    /** So many wrong settings are named in one trouble; the remarks have all. */
    private static final int MOST_NAMED = 12;
    /** From this start level on the parts run. */
    private static final int PARTS_LEVEL = 40;

    /** What is to be said of one PID's file; held: its part has no settings. */
    private record Finding(boolean held, List<Fault> faults) {}

    private final ConfigurationAdmin configurations;
    private final BooleanSupplier starting;
    private final Runnable stop;
    private final Map<String, SettingsTable> tables = new ConcurrentHashMap<>();
    private final Map<String, Finding> findings = new ConcurrentHashMap<>();
    private final Set<SettingsCheck> checks = new CopyOnWriteArraySet<>();
    /** PIDs of bundles that have a check, which comes when they run. */
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    private final Set<String> notKept = ConcurrentHashMap.newKeySet();
    private final UnreadFiles unread;
    private final LastGood lastGood;
    private final Path etc;
    private final Executor soon;

    /** Makes sure of the parts' settings before any of them starts. */
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
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-settings");
            thread.setDaemon(true);
            return thread;
        });
        this.soon = task -> {
            try {
                looks.execute(task);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopped meanwhile");
            }
        };
        checks.add(new PartsCheck());
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            read(bundle);
        }
        look();
        // what a setting names may be there later, a port become free; and an event may be lost while this class
        // restarts
        PeriodicTask.start(
                looks, "the check of the settings", this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        stop = () -> {
            context.removeBundleListener(this);
            looks.shutdownNow();
        };
    }

    /** For tests: these parts, with what is kept of them below a folder; and no looks but those that are asked for. */
    public SettingsGate(ConfigurationAdmin configurations, Path base, Collection<SettingsTable> parts) {
        this(configurations, base, parts, Set.of(), () -> false);
    }

    /** For tests: as above; parts of which those have a check of their own. */
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
        // not here: whoever brings it may hold locks
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
        // of those in force as well, which nobody else is to change
        String pid = event.getPid().startsWith(SettingsTable.IN_FORCE)
                ? event.getPid().substring(SettingsTable.IN_FORCE.length())
                : event.getPid();
        if (pid.startsWith(OURS)) {
            take(pid);
        }
    }

    /** Reads what a bundle says of its settings; gives their PIDs. */
    private List<String> read(Bundle bundle) {
        List<String> pids = new ArrayList<>();
        // this way of asking, unlike others, does not resolve a bundle that is only installed yet
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

    /** Looks at all settings. */
    public void look() {
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

    /** With its file, which may have been saved unnoticed. */
    private synchronized void compare(String pid) {
        try {
            find(pid).ifPresent(asked -> unread.look(asked.getProperties()));
        } catch (IOException | InvalidSyntaxException | RuntimeException e) {
            LOG.debug("the file of the settings {} cannot be compared", pid, e);
        }
    }

    /** Puts the settings of a PID in force, where they are right and are not so already. */
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
            // else an editor is replacing it, or nobody has read it yet
        } catch (IOException | InvalidSyntaxException | RuntimeException | LinkageError e) {
            // not for ever: the next look tries again; a check's bundle may have just been taken away
            LOG.error("{} the settings {} cannot be looked at", ApplianceFault.SETTING_REFUSED.code(), pid, e);
        }
    }

    /**
     * Settings go with their file. A part that can do without any has its standard values, one that cannot has none.
     */
    private void takeWithoutFile(String pid, SettingsTable table, Optional<Configuration> given) throws IOException {
        findings.remove(pid);
        notKept.remove(pid);
        lastGood.forget(pid);
        if (table != null && table.settings().values().stream().noneMatch(Setting::mustBeSet)) {
            if (given.isEmpty() || !values(table, given.get().getProperties()).isEmpty()) {
                put(table, Map.of(), null);
            }
        } else if (given.isPresent()) {
            given.get().delete();
        }
    }

    /** A file that says nothing changes nothing. */
    private void takeUnread(SettingsTable table, Path file, String why, Optional<Configuration> given)
            throws IOException {
        Optional<Map<String, List<String>>> before = before(table, given);
        if (before.isPresent() && !inForce(table, given).equals(before)) {
            put(table, before.get(), file.toUri());
        }
        String name = file.getFileName().toString();
        say(
                table.pid(),
                name,
                new Finding(
                        before.isEmpty(),
                        List.of(SettingFaults.wrong(
                                before.isEmpty(),
                                name,
                                "a file that Postern may read, in the form of Java's property files",
                                why))));
    }

    /** What was in force, or was so the last time, as far as this version's rules let it be. */
    private Optional<Map<String, List<String>>> before(SettingsTable table, Optional<Configuration> given) {
        return given.map(each -> values(table, each.getProperties()))
                .or(() -> lastGood.read(table))
                .filter(values -> table.settings().values().stream()
                        .allMatch(each -> each.fits(values.getOrDefault(each.key(), List.of()))));
    }

    /** The file of a PID, if it is there: that which it was read from, or one of its name. */
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
        Map<String, List<String>> proposed = values(table, file);
        Optional<Map<String, List<String>>> before = before(table, given);
        // a start without a cache runs at a higher level: nothing is in force then
        boolean inUse = given.isPresent() && !starting.getAsBoolean();
        Map<String, String> wrong = wrong(table, proposed, before, inUse);
        boolean unasked = checked.contains(table.pid()) && checksOf(table).isEmpty();
        if (wrong.isEmpty() && unasked && !before.equals(Optional.of(proposed))) {
            // asked as soon as its bundle runs; a part that starts does not begin with settings that are about to
            // change
            if (starting.getAsBoolean() && given.isPresent() && before.isPresent() && keep(table, before.get())) {
                given.get().delete();
            }
            return;
        }
        Optional<Map<String, List<String>>> now = wrong.isEmpty() ? Optional.of(proposed) : before;
        if (now.isPresent()) {
            if (!inForce(table, given).equals(now)) {
                put(table, now.get(), file.get(SettingFaults.FILE));
            }
            keep(table, now.get());
        } else if (given.isPresent()) {
            // of a version with other rules
            given.get().delete();
        }
        say(
                table.pid(),
                SettingFaults.place(table, file),
                new Finding(now.isEmpty(), SettingFaults.of(table, file, proposed, wrong, now.isEmpty())));
    }

    /** They are in force whether or not they can be kept; each look tries again. */
    private boolean keep(SettingsTable table, Map<String, List<String>> values) {
        try {
            lastGood.keep(table, values);
            notKept.remove(table.pid());
            return true;
        } catch (IOException e) {
            if (notKept.add(table.pid())) {
                LOG.warn("{}", SettingFaults.notKept(table.pid()), e);
            }
            return false;
        }
    }

    /** Which settings are wrong, and by which rule. */
    private Map<String, String> wrong(
            SettingsTable table,
            Map<String, List<String>> proposed,
            Optional<Map<String, List<String>>> inForce,
            boolean inUse) {
        Map<String, String> wrong = new TreeMap<>();
        Map<String, List<String>> all = new HashMap<>();
        table.settings().values().forEach(setting -> all.put(setting.key(), effective(setting, proposed)));
        for (Setting setting : table.settings().values()) {
            boolean changed = inForce.isPresent() && !all.get(setting.key()).equals(effective(setting, inForce.get()));
            if (!setting.fits(proposed.getOrDefault(setting.key(), List.of())) || changed && !usable(setting, all)) {
                wrong.put(setting.key(), setting.rule());
            } else if (changed && setting.terms().fixed() && inUse) {
                wrong.put(setting.key(), "the one in use; another is taken when the process starts the next time");
            } else {
                setting.misfit(all).ifPresent(rule -> wrong.put(setting.key(), rule));
            }
        }
        if (wrong.isEmpty() && !proposed.equals(inForce.orElse(Map.of()))) {
            for (SettingsCheck check : checksOf(table)) {
                check.against(proposed).ifPresent(objection -> wrong.put(objection.key(), objection.rule()));
            }
        }
        return wrong;
    }

    private List<SettingsCheck> checksOf(SettingsTable table) {
        return checks.stream().filter(check -> check.pid().equals(table.pid())).toList();
    }

    private static List<String> effective(Setting setting, Map<String, List<String>> values) {
        return values.getOrDefault(
                setting.key(), setting.standard().map(List::of).orElse(List.of()));
    }

    private static boolean usable(Setting setting, Map<String, List<String>> all) {
        String on = String.join("", all.getOrDefault(setting.terms().host(), List.of()));
        return all.get(setting.key()).stream()
                .filter(value -> !value.isBlank())
                .allMatch(value -> setting.terms().form().usable(value, on));
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

    private void say(String pid, String file, Finding finding) {
        Finding before = finding.faults().isEmpty() ? findings.remove(pid) : findings.put(pid, finding);
        if (finding.equals(before)) {
            return;
        }
        finding.faults().forEach(fault -> LOG.warn("{}", fault));
        if (before != null && finding.faults().isEmpty()) {
            LOG.info("{}: its settings are right now, and in force", file);
        }
    }

    /** The values of the settings that there are, by their present names. */
    private static Map<String, List<String>> values(SettingsTable table, Dictionary<String, Object> file) {
        Map<String, List<String>> values = underPresentNames(table, file);
        for (String key : Collections.list(file.keys())) {
            // the name of the release before counts only where the present one is not set
            table.formerly(key).ifPresent(setting -> values.putIfAbsent(setting.key(), texts(file.get(key))));
        }
        return values;
    }

    private static Map<String, List<String>> underPresentNames(SettingsTable table, Dictionary<String, Object> file) {
        Map<String, List<String>> values = new HashMap<>();
        for (String key : Collections.list(file.keys())) {
            if (table.settings().containsKey(key)) {
                values.put(key, texts(file.get(key)));
            }
        }
        return values;
    }

    /** What the part reads: a part knows nothing of former names. */
    private static Optional<Map<String, List<String>>> inForce(SettingsTable table, Optional<Configuration> given) {
        return given.map(each -> underPresentNames(table, each.getProperties()));
    }

    private static List<String> texts(Object value) {
        if (value.getClass().isArray()) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                texts.add(String.valueOf(Array.get(value, i)).strip());
            }
            return texts;
        }
        return value instanceof Collection<?> several
                ? several.stream().map(each -> String.valueOf(each).strip()).toList()
                : List.of(String.valueOf(value).strip());
    }

    @Override
    public Set<String> held() {
        return findings.entrySet().stream()
                .filter(each -> each.getValue().held())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public String part() {
        return "settings";
    }

    @Override
    public Optional<Fault> trouble() {
        List<Fault> all = new TreeMap<>(findings)
                .values().stream()
                        .filter(Finding::held)
                        .flatMap(each -> each.faults().stream())
                        .sorted(Comparator.comparing(fault -> fault.kind() != ApplianceFault.SETTINGS_HELD))
                        .toList();
        if (all.size() < 2) {
            return all.stream().findFirst();
        }
        // all at once: whoever corrects one after the other starts as often
        Fault first = all.get(0);
        String others = all.stream()
                .skip(1)
                .limit(MOST_NAMED - 1)
                .map(fault -> fault.field() + " (" + fault.cause() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of(new Fault(
                first.kind(),
                first.field(),
                first.rule(),
                first.cause() + "; and " + (all.size() - 1) + " more: " + others
                        + (all.size() > MOST_NAMED ? ", ..." : ""),
                first.action()));
    }

    @Override
    public List<Fault> remarks() {
        return Stream.concat(
                        new TreeMap<>(findings).values().stream().flatMap(each -> each.faults().stream()),
                        notKept.stream().sorted().map(SettingFaults::notKept))
                .toList();
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of("postern_settings_wrong", (long) remarks().size());
    }
}
