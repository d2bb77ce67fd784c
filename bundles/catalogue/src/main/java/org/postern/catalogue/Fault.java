package org.postern.catalogue;

import java.util.Objects;

/**
 * A fault: what is wrong, where, according to which rule, and what to do. Never contains a payload, a secret or
 * personal data.
 *
 * <p>Codes are assigned by bundle: 1000 to 1009 and 1019 catalogue, 1010 to 1999 DUIS, 2xxx service requests and roles,
 * 3xxx GBCS, 4xxx parse and correlate, 5xxx key vault, 6xxx ledger, 7000 to 7089 gateway, 7090 to 7094 console, 7095 to
 * 7199 appliance, 7300 to 7399 intake, 8000 to 8099 security log, 8100 to 8199 inventory, 9xxx simulator. They are
 * independent of the response codes of the DCC.
 *
 * @param kind the fault code, from the enum of its bundle
 * @param field the field with the fault: a DUIS path, a GBCS offset, a setting
 * @param rule the rule that was violated
 * @param cause what was found
 * @param action what the reader of the message can do
 */
public record Fault(FaultCode kind, String field, String rule, String cause, String action) {

    public Fault {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(action, "action");
    }

    /** {@code PST-} and four digits. */
    public String code() {
        return kind.code();
    }

    /** True where the same call, unchanged, may succeed later: {@link FaultCode#mayPass()}. */
    public boolean mayPass() {
        return kind.mayPass();
    }

    @Override
    public String toString() {
        return code() + " " + field + ": " + cause + " (rule: " + rule + "); " + action;
    }
}
