package org.postern.appliance.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.postern.appliance.ApplianceFault;
import org.postern.catalogue.Fault;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsTable;

/** What is said of settings that are not taken, or not kept. */
final class SettingFaults {

    /** Property of settings: the file that they come from, as File Install has it. */
    static final String FILE = "felix.fileinstall.filename";

    private SettingFaults() {}

    /**
     * What is wrong in a file, setting by setting, and which of its names no part knows.
     *
     * @param wrong the rule that each wrong setting breaks
     * @param held true where the part has no settings until this is right
     */
    static List<Fault> of(
            SettingsTable table,
            Dictionary<String, Object> file,
            Map<String, List<String>> proposed,
            Map<String, String> wrong,
            boolean held) {
        List<Fault> faults = new ArrayList<>();
        wrong.forEach((key, rule) -> {
            Setting setting = table.settings().get(key);
            faults.add(wrong(
                    held,
                    place(table, file) + ": " + key,
                    rule,
                    setting == null ? "not so" : setting.shown(proposed.getOrDefault(key, List.of()))));
        });
        // names with a dot are those of the platform
        Collections.list(file.keys()).stream()
                .filter(key -> !key.contains(".") && !table.settings().containsKey(key))
                .sorted()
                .forEach(key -> faults.add(table.formerly(key)
                        .map(setting -> renamed(table, file, key, setting))
                        .orElseGet(() -> ApplianceFault.SETTING_UNKNOWN.fault(
                                place(table, file) + ": " + key, "there is no such setting"))));
        return faults;
    }

    private static Fault renamed(SettingsTable table, Dictionary<String, Object> file, String key, Setting setting) {
        return ApplianceFault.SETTING_RENAMED.fault(
                place(table, file) + ": " + key,
                "it is called " + setting.key() + " now",
                file.get(setting.key()) == null
                        ? "the old name is read in this release, and not in the next one"
                        : setting.key() + " is set as well, so that the old name has no effect");
    }

    static Fault wrong(boolean held, String where, String rule, String found) {
        return held
                ? ApplianceFault.SETTINGS_HELD.fault(where, rule, found, "the part has no settings until this is right")
                : ApplianceFault.SETTING_REFUSED.fault(
                        where, rule, found, "the settings before, of the whole file, stay in force");
    }

    /** The file's name, or the PID where the settings are of none. */
    static String place(SettingsTable table, Dictionary<String, Object> file) {
        Object from = file.get(FILE);
        return from == null ? table.pid() : from.toString().replaceFirst(".*/", "");
    }

    static Fault notKept(String pid) {
        return ApplianceFault.SETTINGS_NOT_KEPT.fault(
                pid,
                "the folder settings/ of the state can be written",
                "it cannot",
                "they are in force; a start after clean or an upgrade knows only the file");
    }
}
