package org.postern.catalogue;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What the registry says of one fault code; one row of {@code docs/errors.md}.
 *
 * @param code {@code PST-} and four digits
 * @param mayPass true where the same call, unchanged, may succeed later
 * @param actor who acts; where the fault may pass, who acts if it does not
 * @param meaning what it means, in one line
 * @param rule the rule that was broken, as far as it is the same at every place that raises the fault
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

    /** A fault that is an answer to what was asked: the same again meets the same. */
    public static FaultEntry stays(String code, FaultActor actor, String meaning, String rule, String remedy) {
        return new FaultEntry(code, false, actor, meaning, rule, remedy);
    }

    /** A fault that may pass: what met it waits and is tried again. */
    public static FaultEntry passes(String code, FaultActor actor, String meaning, String rule, String remedy) {
        return new FaultEntry(code, true, actor, meaning, rule, remedy);
    }
}
