package org.postern.appliance.internal;

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
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsCheck;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Stands between the settings' files and the parts. A file's settings are those of its PID ({@code org.postern.intake}); a part is
 * given those of {@code inforce.org.postern.intake}, which only this class writes, once it has found the file's right. A file with
 * a wrong value changes nothing: what was in force stays, across restarts as well, and the part notices nothing. The parts'
 * metatype says what is right ({@link Setting}); where a part has more to say, it is asked ({@link SettingsCheck}).
 *
 * <p>Where nothing is in force yet, as at the first start, wrong settings have their standard value, and a part that cannot do
 * without one of them is given none.
 *
 * <p>This bundle starts before those that the settings are for.
 */
@Component(service = {ConfigurationListener.class, PartHealth.class}, immediate = true)
public final class SettingsGate implements ConfigurationListener, SynchronousBundleListener, PartHealth {

    /** Property of settings in force: the file that they come from, as File Install has it. */
    static final String FROM = "postern.file";

    private static final Logger LOG = LoggerFactory.getLogger(SettingsGate.class);
    private static final String OURS = "org.postern.";
    private static final String FILE = "felix.fileinstall.filename";
    private static final long LOOK_SECONDS = 5;
    /** From this start level on the parts run. */
    private static final int PARTS_LEVEL = 40;

    /** What is to be said of one PID's file. */
    private record Finding(boolean nothingInForce, List<Fault> faults) {
    }

    private final ConfigurationAdmin configurations;
    private final BooleanSupplier starting;
    private final Runnable stop;
    private final Map<String, SettingsTable> tables = new ConcurrentHashMap<>();
    private final Map<String, Finding> findings = new ConcurrentHashMap<>();
    private final Set<SettingsCheck> checks = new CopyOnWriteArraySet<>();
    private final UnreadFiles unread;
    /** By PID, what was in force before settings that were taken while the part's own check was not there. */
    private final Map<String, Map<String, List<String>>> unchecked = new HashMap<>();

    /** Makes sure of the parts' settings before any of them starts. */
    @Activate
    public SettingsGate(BundleContext context, @Reference ConfigurationAdmin configurations,
            @Reference StaleSettings afterStaleOnesAreDropped) {
        this.configurations = configurations;
        FrameworkStartLevel level = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class);
        this.starting = () -> level.getStartLevel() < PARTS_LEVEL;
        this.unread = new UnreadFiles(context::getProperty);
        checks.add(new PartsCheck());
        context.addBundleListener(this);
        for (Bundle bundle : context.getBundles()) {
            read(bundle);
        }
        look();
        // what a setting names may be there later, a port become free; and an event may be lost while this class restarts
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "postern-settings");
            thread.setDaemon(true);
            return thread;
        });
        looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        stop = () -> {
            context.removeBundleListener(this);
            looks.shutdownNow();
        };
    }

    /** For tests: these parts, and no looks but those that are asked for. */
    public SettingsGate(ConfigurationAdmin configurations, Collection<SettingsTable> parts) {
        this.configurations = configurations;
        this.starting = () -> false;
        this.unread = new UnreadFiles(System::getProperty);
        parts.forEach(table -> tables.put(table.pid(), table));
        stop = () -> { };
    }

    @Deactivate
    void stop() {
        stop.run();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addCheck(SettingsCheck check) {
        checks.add(check);
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
        String pid = event.getPid().startsWith(SettingsTable.IN_FORCE) ? event.getPid().substring(SettingsTable.IN_FORCE.length())
                : event.getPid();
        if (pid.startsWith(OURS)) {
            take(pid);
        }
    }

    /** Reads what a bundle says of its settings; gives their PIDs. */
    private List<String> read(Bundle bundle) {
        List<String> pids = new ArrayList<>();
        // this way of asking, unlike others, does not resolve a bundle that is only installed yet
        Enumeration<String> documents = bundle.getSymbolicName() == null || !bundle.getSymbolicName().startsWith(OURS) ? null
                : bundle.getEntryPaths(SettingsTable.FOLDER);
        for (String document : documents == null ? List.<String>of() : Collections.list(documents)) {
            try (InputStream in = bundle.getEntry(document).openStream()) {
                SettingsTable.read(in).forEach(table -> {
                    tables.put(table.pid(), table);
                    pids.add(table.pid());
                });
            } catch (IOException e) {
                LOG.error("{} the metatype of {} cannot be read", ApplianceFault.SETTINGS_HELD.code(), bundle.getSymbolicName(), e);
            }
        }
        return pids;
    }

    /** Looks at all settings. */
    public void look() {
        Set<String> pids = new TreeSet<>(tables.keySet());
        try {
            Configuration[] all = configurations.listConfigurations("(service.pid=" + SettingsTable.IN_FORCE + OURS + "*)");
            Stream.ofNullable(all).flatMap(Stream::of)
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
            Optional<Configuration> asked = find(pid);
            Optional<Configuration> given = find(SettingsTable.IN_FORCE + pid);
            if (asked.isEmpty()) {
                // one that an editor replaces may be missed while it is away: its settings go when the file is gone indeed
                if (given.isEmpty() || !fileIsThere(given.get())) {
                    findings.remove(pid);
                    if (given.isPresent()) {
                        given.get().delete();
                    }
                }
            } else if (tables.containsKey(pid) && (given.isEmpty() || !unread.beingSaved(asked.get().getProperties()))) {
                take(tables.get(pid), asked.get().getProperties(), given);
            }
        } catch (IOException | InvalidSyntaxException | RuntimeException | LinkageError e) {
            // not for ever: the next look tries again; a check's bundle may have just been taken away
            LOG.error("{} the settings {} cannot be looked at", ApplianceFault.SETTING_REFUSED.code(), pid, e);
        }
    }

    private static boolean fileIsThere(Configuration given) {
        Object from = given.getProperties().get(FROM);
        try {
            return from != null && Files.exists(Path.of(URI.create(from.toString())));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return false;
        }
    }

    private Optional<Configuration> find(String pid) throws IOException, InvalidSyntaxException {
        Configuration[] found = configurations.listConfigurations("(service.pid=" + pid + ")");
        return found == null || found[0].getProperties() == null ? Optional.empty() : Optional.of(found[0]);
    }

    private void take(SettingsTable table, Dictionary<String, Object> file, Optional<Configuration> given) throws IOException {
        Map<String, List<String>> proposed = values(table, file);
        Map<String, List<String>> before = given.isEmpty() ? Map.of() : checked(table, given.get());
        boolean good = given.isPresent() && table.settings().values().stream()
                .allMatch(each -> each.fits(before.getOrDefault(each.key(), List.of())));
        Map<String, String> wrong = wrong(table, proposed, good ? Optional.of(before) : Optional.empty());
        boolean needed = !good && wrong.keySet().stream().anyMatch(key -> table.settings().get(key).mustBeSet());
        if (wrong.isEmpty() || !good && !needed) {
            Map<String, List<String>> now = new LinkedHashMap<>(proposed);
            now.keySet().removeAll(wrong.keySet());
            if (given.isEmpty() || !now.equals(before)) {
                put(table, now, file.get(FILE));
                if (good && checksOf(table).isEmpty()) {
                    unchecked.putIfAbsent(table.pid(), before);
                }
            }
        } else if (!good && given.isPresent()) {
            // of a version with other rules
            given.get().delete();
        }
        say(table, file, new Finding(needed, faults(table, file, proposed, wrong, good, needed)));
    }

    /** Which settings are wrong, and by which rule. */
    private Map<String, String> wrong(SettingsTable table, Map<String, List<String>> proposed, Optional<Map<String, List<String>>> inForce) {
        Map<String, String> wrong = new TreeMap<>();
        Map<String, List<String>> all = new HashMap<>();
        table.settings().values().forEach(setting -> all.put(setting.key(), effective(setting, proposed)));
        for (Setting setting : table.settings().values()) {
            boolean changed = inForce.isPresent() && !all.get(setting.key()).equals(effective(setting, inForce.get()));
            if (!setting.fits(proposed.getOrDefault(setting.key(), List.of())) || changed && !usable(setting, all)) {
                wrong.put(setting.key(), setting.rule());
            } else if (changed && setting.terms().fixed() && !starting.getAsBoolean()) {
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

    /**
     * The settings in force. Those that were taken before the part could be asked, as while the process starts, give way to
     * the ones before them where the part now objects.
     */
    private Map<String, List<String>> checked(SettingsTable table, Configuration given) throws IOException {
        Map<String, List<String>> inForce = values(table, given.getProperties());
        List<SettingsCheck> asked = unchecked.containsKey(table.pid()) ? checksOf(table) : List.of();
        if (asked.isEmpty()) {
            return inForce;
        }
        Map<String, List<String>> before = unchecked.remove(table.pid());
        if (asked.stream().allMatch(check -> check.against(inForce).isEmpty())) {
            return inForce;
        }
        put(table, before, given.getProperties().get(FROM));
        return before;
    }

    private static List<String> effective(Setting setting, Map<String, List<String>> values) {
        return values.getOrDefault(setting.key(), setting.standard().map(List::of).orElse(List.of()));
    }

    private static boolean usable(Setting setting, Map<String, List<String>> all) {
        String on = String.join("", all.getOrDefault(setting.terms().host(), List.of()));
        return all.get(setting.key()).stream().filter(value -> !value.isBlank()).allMatch(value -> setting.terms().form().usable(value, on));
    }

    private static List<Fault> faults(SettingsTable table, Dictionary<String, Object> file, Map<String, List<String>> proposed,
            Map<String, String> wrong, boolean good, boolean needed) {
        List<Fault> faults = new ArrayList<>();
        wrong.forEach((key, rule) -> {
            Setting setting = table.settings().get(key);
            String action = good ? "the settings before, of the whole file, stay in force"
                    : needed ? "the part has no settings until this is right"
                    : "in force is " + key + " = " + setting.standard().orElse("") + ", as where it is not set";
            ApplianceFault kind = good ? ApplianceFault.SETTING_REFUSED : needed ? ApplianceFault.SETTINGS_HELD : ApplianceFault.SETTING_STANDARD;
            faults.add(kind.fault(where(table, file, key), rule, setting == null ? "not so"
                    : setting.shown(proposed.getOrDefault(key, List.of())), action));
        });
        // names with a dot are those of the platform
        Collections.list(file.keys()).stream().filter(key -> !key.contains(".") && !table.settings().containsKey(key)).sorted()
                .forEach(key -> faults.add(ApplianceFault.SETTING_UNKNOWN.fault(where(table, file, key), "there is no such setting")));
        return faults;
    }

    private static String where(SettingsTable table, Dictionary<String, Object> file, String key) {
        Object from = file.get(FILE);
        return (from == null ? table.pid() : from.toString().replaceFirst(".*/", "")) + ": " + key;
    }

    private void put(SettingsTable table, Map<String, List<String>> values, Object from) throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>();
        values.forEach((key, value) -> properties.put(key, table.settings().get(key).list() ? value.toArray(String[]::new)
                : value.get(0)));
        if (from != null) {
            properties.put(FROM, from.toString());
        }
        configurations.getConfiguration(SettingsTable.IN_FORCE + table.pid(), "?").update(properties);
    }

    private void say(SettingsTable table, Dictionary<String, Object> file, Finding finding) {
        Finding before = finding.faults().isEmpty() ? findings.remove(table.pid()) : findings.put(table.pid(), finding);
        if (finding.equals(before)) {
            return;
        }
        finding.faults().forEach(fault -> LOG.warn("{}", fault));
        if (before != null && finding.faults().isEmpty()) {
            LOG.info("{}: its settings are right now, and in force", where(table, file, "").replaceFirst(": $", ""));
        }
    }

    /** The values of the settings that there are; in order, so that two files can be compared. */
    private static Map<String, List<String>> values(SettingsTable table, Dictionary<String, Object> file) {
        Map<String, List<String>> values = new HashMap<>();
        for (String key : Collections.list(file.keys())) {
            if (table.settings().containsKey(key)) {
                values.put(key, texts(file.get(key)));
            }
        }
        return values;
    }

    private static List<String> texts(Object value) {
        if (value.getClass().isArray()) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                texts.add(String.valueOf(Array.get(value, i)).strip());
            }
            return texts;
        }
        return value instanceof Collection<?> several ? several.stream().map(each -> String.valueOf(each).strip()).toList()
                : List.of(String.valueOf(value).strip());
    }

    @Override
    public String part() {
        return "settings";
    }

    @Override
    public Optional<Fault> trouble() {
        return new TreeMap<>(findings).values().stream().filter(Finding::nothingInForce).flatMap(each -> each.faults().stream())
                .filter(fault -> fault.kind() == ApplianceFault.SETTINGS_HELD).findFirst();
    }

    @Override
    public List<Fault> remarks() {
        return new TreeMap<>(findings).values().stream().flatMap(each -> each.faults().stream()).toList();
    }

    @Override
    public Map<String, Long> figures() {
        return Map.of("postern_settings_wrong", (long) remarks().size());
    }
}
