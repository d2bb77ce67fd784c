package org.postern.appliance.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.appliance.ApplianceFault;
import org.postern.catalogue.Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong at present with the settings, by PID; logged when it changes. Safe between threads. */
final class SettingsFindings {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsFindings.class);
    /** How many wrong settings one trouble names; the remarks list all of them. */
    private static final int MAX_NAMED = 12;

    /**
     * The faults of one PID's file.
     *
     * @param held true where its part has no settings at all
     */
    record Finding(boolean held, List<Fault> faults) {}

    private final Map<String, Finding> findings = new ConcurrentHashMap<>();
    /** PIDs whose settings in force could not be stored as the last good ones. */
    private final Set<String> notStored = ConcurrentHashMap.newKeySet();

    /** Takes the result of a check of a PID's settings, and logs it if it is another than the one before. */
    void report(String pid, String file, Finding finding) {
        Finding before = finding.faults().isEmpty() ? findings.remove(pid) : findings.put(pid, finding);
        if (finding.equals(before)) {
            return;
        }
        finding.faults().forEach(fault -> LOG.warn("{}", fault));
        if (before != null && finding.faults().isEmpty()) {
            LOG.info("{}: its settings are right now, and in force", file);
        }
    }

    /** The settings of a PID were stored. */
    void stored(String pid) {
        notStored.remove(pid);
    }

    /** The settings of a PID could not be stored; logged once. */
    void notStored(String pid, Exception cause) {
        if (notStored.add(pid)) {
            LOG.warn("{}", SettingFaults.notStored(pid), cause);
        }
    }

    /** Removes all that is known of a PID. */
    void forget(String pid) {
        findings.remove(pid);
        notStored.remove(pid);
    }

    /** PIDs whose parts have no settings until their file is corrected. */
    Set<String> held() {
        return findings.entrySet().stream()
                .filter(each -> each.getValue().held())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** One fault for all parts without settings; it names the first of the wrong settings and lists the others. */
    Optional<Fault> trouble() {
        List<Fault> all = new TreeMap<>(findings)
                .values().stream()
                        .filter(Finding::held)
                        .flatMap(each -> each.faults().stream())
                        .sorted(Comparator.comparing(fault -> fault.kind() != ApplianceFault.SETTINGS_HELD))
                        .toList();
        if (all.size() < 2) {
            return all.stream().findFirst();
        }
        // all at once, so that an operator need not restart after each correction to see the next one
        Fault first = all.get(0);
        String others = all.stream()
                .skip(1)
                .limit(MAX_NAMED - 1)
                .map(fault -> fault.field() + " (" + fault.cause() + ")")
                .collect(Collectors.joining(", "));
        return Optional.of(new Fault(
                first.kind(),
                first.field(),
                first.rule(),
                first.cause() + "; and " + (all.size() - 1) + " more: " + others
                        + (all.size() > MAX_NAMED ? ", ..." : ""),
                first.action()));
    }

    /** All faults, in the order of the PIDs. */
    List<Fault> remarks() {
        return Stream.concat(
                        new TreeMap<>(findings).values().stream().flatMap(each -> each.faults().stream()),
                        notStored.stream().sorted().map(SettingFaults::notStored))
                .toList();
    }
}
