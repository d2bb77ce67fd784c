package org.postern.catalogue.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One setting, as the metatype has it.
 *
 * @param key its name in the file
 * @param type {@code String}, {@code Integer}, {@code Long} or {@code Boolean}
 * @param list several values are allowed
 * @param required the part cannot do without a value
 * @param standard the value where the file has none
 * @param min least number
 * @param max greatest number
 * @param options the only values, where there are any
 * @param terms form, and how it goes with other settings
 * @param about what it means, for people
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
     * What {@link Form} says of a setting.
     *
     * @param form what the text has to look like
     * @param host of a port: the setting that holds the address it is on
     * @param secure of an address: the setting that holds the key store without which only loopback is right
     * @param with a setting that has to be there as well, after a colon where that holds for one value only
     * @param fixed a change is taken only while the process starts
     * @param formerly name of the setting in the release before, or empty
     */
    public record Terms(SettingForm form, String host, String secure, String with, boolean fixed, String formerly) {

        /** Terms of a setting that has always had its present name. */
        public Terms(SettingForm form, String host, String secure, String with, boolean fixed) {
            this(form, host, secure, with, fixed, "");
        }

        /** A form, and nothing else. */
        public static Terms of(SettingForm form) {
            return new Terms(form, "", "", "", false);
        }
    }

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|pin|token|secret).*file");

    public Setting {
        options = List.copyOf(options);
    }

    /** True where an empty value means something: none, or the standard value that is empty itself. */
    public boolean mayBeEmpty() {
        return !required || standard.isPresent() && standard.get().isEmpty();
    }

    /** True for a setting that the part cannot do without, and for which nothing stands in. */
    public boolean mustBeSet() {
        return required && standard.isEmpty();
    }

    /** The rule in words. */
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
     * Holds values to the rule.
     *
     * @param values what the file has; empty where the key is not in it
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
     * Holds the setting to the others.
     *
     * @param all values of all settings by key, the standard values of those that are not set included
     * @return the rule that is broken, or empty
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
     * The value for a log and for {@code GET /health}, which anybody may ask: without what may be secret in an address,
     * nothing of what stands where the file of a password is to be named, which may be the password, and not for ever
     * long.
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
