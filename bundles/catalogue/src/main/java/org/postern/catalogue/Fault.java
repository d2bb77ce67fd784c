package org.postern.catalogue;

import java.util.Objects;

/**
 * What was wrong, where, by which rule, and what to do about it. Never carries a payload, a secret or personal data.
 *
 * <p>Codes are numbered per room: 1xxx catalogue and DUIS, 2xxx service requests and roles, 3xxx GBCS, 4xxx parse and
 * correlate, 5xxx key vault, 6xxx ledger, 7xxx gateway and doors, 8xxx security log and inventory, 9xxx simulator. The
 * DCC's own response codes are never mixed with these.
 *
 * @param code   {@code PST-} and four digits
 * @param field  the field at fault, in the field's own terms (a DUIS path, a GBCS offset, a setting)
 * @param rule   the rule that was broken
 * @param cause  what was found
 * @param action what the reader can do
 */
public record Fault(String code, String field, String rule, String cause, String action) {

    public Fault {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(action, "action");
        if (!code.matches("PST-\\d{4}")) {
            throw new IllegalArgumentException("fault code " + code);
        }
    }

    /** Temporary. */
    public boolean mayPass() {
        return code.equals("PST-5001") || code.equals("PST-5007") || code.equals("PST-6001") || code.equals("PST-8001");
    }

    @Override
    public String toString() {
        return code + " " + field + ": " + cause + " (rule: " + rule + "); " + action;
    }
}
