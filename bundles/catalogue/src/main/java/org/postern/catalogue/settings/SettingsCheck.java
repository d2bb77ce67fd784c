package org.postern.catalogue.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a part has to say of settings that it might be given, beyond what holds for each of them: a service of the
 * part's bundle, asked while the bundle runs and before its settings are given or change. Such a bundle has the
 * settings of one PID alone: they wait for the check.
 */
public interface SettingsCheck {

    /** The settings' PID, as the file in etc/ names it. */
    String pid();

    /**
     * Looks at settings each of which is right by itself.
     *
     * @param proposed what the part would be given, by key; those that are not set are left out
     * @return what is wrong with them, or empty
     */
    Optional<Objection> against(Map<String, List<String>> proposed);

    /**
     * Why settings are not taken.
     *
     * @param key the setting at fault
     * @param rule what it has to be
     */
    record Objection(String key, String rule) {}
}
