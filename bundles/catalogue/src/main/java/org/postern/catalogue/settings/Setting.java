package org.postern.catalogue.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One setting, as defined in the metatype.
 *
 * @param key its name in the file
 * @param type {@code String}, {@code Integer}, {@code Long} or {@code Boolean}
 * @param list whether several values are permitted
 * @param required whether the part needs a value
 * @param standard default value
 * @param min minimum
 * @param max maximum
 * @param options the permitted values, if they are enumerated
 * @param terms form, and relations to other settings
 * @param about description, for display
 */
public record Setting(
        String key,
        String type,
        boolean list,
        boolean required,
        Optional<String> standard,
        long min,
        long max,
        List<String> options,
        Terms terms,
        String about) {

    /**
     * The content of {@link Form} for a setting.
     *
     * @param form required form of the text
     * @param host for a port: the setting with its address
     * @param secure for an address: the setting with the key store without which only loopback is permitted
     * @param with another setting that is required; after a value and a colon if this applies for one value only
     * @param fixed whether a change takes effect only when the process starts
     * @param formerly name of the setting in the previous release, or empty
     */
    public record Terms(SettingForm form, String host, String secure, String with, boolean fixed, String formerly) {

        /** Terms of a setting whose name has not changed. */
        public Terms(SettingForm form, String host, String secure, String with, boolean fixed) {
            this(form, host, secure, with, fixed, "");
        }

        /** Only a form. */
        public static Terms of(SettingForm form) {
            return new Terms(form, "", "", "", false);
        }
    }

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|pin|token|secret).*file");

    public Setting {
        options = List.copyOf(options);
    }

    /** True where an empty value is permitted: the setting is optional, or its default value is empty. */
    public boolean mayBeEmpty() {
        return !required || standard.isPresent() && standard.get().isEmpty();
    }

    /** True for a required setting without a default value. */
    public boolean mustBeSet() {
        return required && standard.isEmpty();
    }

    /** The rule as text. */
    public String rule() {
        String or = mayBeEmpty() && !number() ? ", or empty" : "";
        if (!options.isEmpty()) {
            return "one of " + String.join(", ", options) + or;
        }
        return switch (type) {
            case "Boolean" -> "true or false";
            case "Integer", "Long" ->
                "a whole number from " + min + " to " + max
                        + (terms.form() == SettingForm.TEXT
                                ? ""
                                : ", " + terms.form().rule());
            default -> terms.form().rule() + or;
        };
    }

    private boolean number() {
        return type.equals("Integer") || type.equals("Long");
    }

    /**
     * Checks values against the rule.
     *
     * @param values values in the file; empty where the key is missing
     */
    public boolean fits(List<String> values) {
        if (values.isEmpty()) {
            return !mustBeSet();
        }
        if (!list && values.size() > 1) {
            return false;
        }
        boolean nothing = values.stream().allMatch(String::isBlank);
        return nothing
                ? mayBeEmpty() && type.equals("String")
                : values.stream().map(String::strip).allMatch(this::fits);
    }

    private boolean fits(String value) {
        if (!options.isEmpty() && !options.contains(value)) {
            return false;
        }
        return switch (type) {
            case "Boolean" -> value.toLowerCase(Locale.ROOT).matches("true|false");
            case "Integer", "Long" -> inRange(value) && terms.form().fits(value);
            default -> terms.form().fits(value);
        };
    }

    private boolean inRange(String value) {
        try {
            long number = Long.parseLong(value);
            return number >= min && number <= max;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * Checks the setting against the others.
     *
     * @param all values of all settings by key, including default values
     * @return the violated rule, or empty
     */
    public Optional<String> misfit(Map<String, List<String>> all) {
        String value = String.join("", all.getOrDefault(key, List.of()));
        if (!terms.secure().isEmpty() && !SettingForm.loopback(value) && blank(all, terms.secure())) {
            return Optional.of("a loopback address, or " + terms.secure() + " set as well");
        }
        int colon = terms.with().indexOf(':');
        String other = terms.with().substring(colon + 1);
        boolean holds = colon < 0 ? !value.isBlank() : value.equals(terms.with().substring(0, colon));
        if (!other.isEmpty() && holds && blank(all, other)) {
            return Optional.of("only with " + other + " set as well");
        }
        return Optional.empty();
    }

    private static boolean blank(Map<String, List<String>> all, String key) {
        return all.getOrDefault(key, List.of()).stream().allMatch(String::isBlank);
    }

    /**
     * The value for logs and for {@code GET /health}, which is accessible to everyone. It omits parts of an address
     * that may be secret, and it is truncated. Settings that name the file of a secret are not shown, because the value
     * may be the secret itself by mistake.
     */
    public String shown(List<String> values) {
        if (values.isEmpty()) {
            return "no value";
        }
        if (SECRET.matcher(key).matches() && values.stream().anyMatch(value -> !value.isBlank())) {
            return "not shown";
        }
        String text =
                String.join(",", values).replaceAll("\\p{Cntrl}", "?").replaceFirst("\\?.*|(?<=//)[^/@]*@.*", "...");
        return text.isBlank() ? "empty" : text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
