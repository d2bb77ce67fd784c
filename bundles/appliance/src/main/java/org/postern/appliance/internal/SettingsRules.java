package org.postern.appliance.internal;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsCheck;
import org.postern.catalogue.settings.SettingsTable;

/** Reads the values of a PID's settings and checks them by the rules of its metatype and by the checks of its part. */
final class SettingsRules {

    private SettingsRules() {}

    /**
     * The values of those properties that are settings of the PID, by their present names. A former name counts only
     * where the present one is not set. Lists keep their order, so that two files compare.
     */
    static Map<String, List<String>> values(SettingsTable table, Dictionary<String, Object> properties) {
        Map<String, List<String>> values = presentNames(table, properties);
        for (String key : Collections.list(properties.keys())) {
            table.formerly(key).ifPresent(setting -> values.putIfAbsent(setting.key(), texts(properties.get(key))));
        }
        return values;
    }

    /** As above, without the values under former names. */
    static Map<String, List<String>> presentNames(SettingsTable table, Dictionary<String, Object> properties) {
        Map<String, List<String>> values = new HashMap<>();
        for (String key : Collections.list(properties.keys())) {
            if (table.settings().containsKey(key)) {
                values.put(key, texts(properties.get(key)));
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
        return value instanceof Collection<?> several
                ? several.stream().map(each -> String.valueOf(each).strip()).toList()
                : List.of(String.valueOf(value).strip());
    }

    /** True where each value fits its setting by itself, by the rules of this version. */
    static boolean fit(SettingsTable table, Map<String, List<String>> values) {
        return table.settings().values().stream()
                .allMatch(each -> each.fits(values.getOrDefault(each.key(), List.of())));
    }

    /**
     * Which settings are wrong, and by which rule.
     *
     * @param checks those of the part itself; they are called only where everything else is right and something changes
     * @param inForce the values in force now, or the last time
     * @param inUse true where the part may run with the values in force, so that fixed settings cannot change
     */
    static Map<String, String> wrong(
            SettingsTable table,
            Map<String, List<String>> proposed,
            List<SettingsCheck> checks,
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
            for (SettingsCheck check : checks) {
                check.against(proposed).ifPresent(objection -> wrong.put(objection.key(), objection.rule()));
            }
        }
        return wrong;
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
}
