package org.postern.appliance.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.postern.catalogue.settings.SettingsCheck;

/** Checks the setting {@code parts} (the services that make the appliance ready) and reads it. */
final class PartsSettingCheck implements SettingsCheck {

    @Override
    public String pid() {
        return "org.postern.appliance";
    }

    @Override
    public Optional<Objection> against(Map<String, List<String>> proposed) {
        try {
            for (String filter : parts(String.join("", proposed.getOrDefault("parts", List.of())))
                    .values()) {
                FrameworkUtil.createFilter(filter);
            }
            return Optional.empty();
        } catch (IllegalArgumentException | InvalidSyntaxException e) {
            return Optional.of(
                    new Objection("parts", "name=filter of an OSGi service, several separated by semicolons"));
        }
    }

    /**
     * The OSGi filter of each part, by the part's name.
     *
     * @throws IllegalArgumentException where one is not name=filter
     */
    static Map<String, String> parts(String setting) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : setting.split(";")) {
            if (!part.isBlank()) {
                int equals = part.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException(
                            "org.postern.appliance: parts: expected name=filter, got " + part);
                }
                parts.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        return parts;
    }
}
