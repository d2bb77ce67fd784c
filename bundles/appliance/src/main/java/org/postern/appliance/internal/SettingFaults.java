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

/** Builds the faults for settings that are refused, or that cannot be stored. */
final class SettingFaults {

    /** Property of a configuration: the URL of its file, set by File Install. */
    static final String FILE = "felix.fileinstall.filename";

    private SettingFaults() {}

    /**
     * The faults of a file: each wrong setting, and each name that is no setting of the PID.
     *
     * @param wrong the rule that each wrong setting breaks
     * @param held true where the part has no settings until this is corrected
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
                    setting == null ? "not as required" : setting.shown(proposed.getOrDefault(key, List.of()))));
        });
        // names with a dot are set by the platform
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
                "its present name is " + setting.key(),
                file.get(setting.key()) == null
                        ? "this release still reads the old name; the next one will not"
                        : setting.key() + " is set as well, so that the old name has no effect");
    }

    static Fault wrong(boolean held, String where, String rule, String found) {
        return held
                ? ApplianceFault.SETTINGS_HELD.fault(
                        where, rule, found, "the part has no settings until this is corrected")
                : ApplianceFault.SETTING_REFUSED.fault(
                        where, rule, found, "the settings before, of the whole file, stay in force");
    }

    /** The file's name, or the PID where the settings come from no file. */
    static String place(SettingsTable table, Dictionary<String, Object> file) {
        Object from = file.get(FILE);
        return from == null ? table.pid() : from.toString().replaceFirst(".*/", "");
    }

    static Fault notStored(String pid) {
        return ApplianceFault.SETTINGS_NOT_STORED.fault(
                pid,
                "the folder settings/ of the state can be written",
                "it cannot",
                "they are in force, but a start after clean or after an upgrade has only the file");
    }
}
