package org.postern.catalogue;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The entry of one fault code in the registry, which is one row of {@code docs/errors.md}.
 *
 * @param code {@code PST-} and four digits
 * @param mayPass true for a transient fault: the same call, unchanged, may succeed later
 * @param actor who has to act; for a transient fault, who has to act if it persists
 * @param meaning its meaning, in one line
 * @param rule the violated rule, as far as it is the same in all places that report the fault
 * @param remedy what to do
 */
public record FaultEntry(String code, boolean mayPass, FaultActor actor, String meaning, String rule, String remedy) {

    private static final Pattern CODE = Pattern.compile("PST-\\d{4}");

    /** @throws IllegalArgumentException for a code of another form, or a text that is empty */
    public FaultEntry {
        Objects.requireNonNull(actor, "actor");
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("fault code " + code);
        }
        if (meaning.isBlank() || rule.isBlank() || remedy.isBlank()) {
            throw new IllegalArgumentException(code + " lacks its meaning, rule or remedy");
        }
    }

    /** A permanent fault: the same call fails again. */
    public static FaultEntry stays(String code, FaultActor actor, String meaning, String rule, String remedy) {
        return new FaultEntry(code, false, actor, meaning, rule, remedy);
    }

    /** A transient fault: the operation waits and is retried. */
    public static FaultEntry passes(String code, FaultActor actor, String meaning, String rule, String remedy) {
        return new FaultEntry(code, true, actor, meaning, rule, remedy);
    }
}
