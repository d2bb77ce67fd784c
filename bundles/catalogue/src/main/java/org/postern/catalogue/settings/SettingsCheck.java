package org.postern.catalogue.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A check of proposed settings by the part that uses them, in addition to the rules of each setting. It is a service of
 * the bundle of the part, and is called while the bundle runs, before its settings are set or changed. Such a bundle
 * has the settings of only one PID, which are not applied before the check.
 */
public interface SettingsCheck {

    /** PID of the settings, as in the name of the file in etc/. */
    String pid();

    /**
     * Checks settings that are valid individually.
     *
     * @param proposed the proposed settings by key; settings without a value are omitted
     * @return the objection, or empty
     */
    Optional<Objection> against(Map<String, List<String>> proposed);

    /**
     * The reason why settings are refused.
     *
     * @param key the wrong setting
     * @param rule the rule for its value
     */
    record Objection(String key, String rule) {}
}
