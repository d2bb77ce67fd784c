package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;

/** Device Alerts about the token of a top-up (table {@code token-alerts.tsv}). */
public final class TokenAlerts {

    /**
     * The description of such an alert.
     *
     * @param keypad true if it only concerns keying in, and so not a request of service 2.2
     * @param told the meaning as text
     * @param advice the recommended action
     */
    public record Description(boolean keypad, String told, String advice) {}

    private final Map<String, Description> rows = Table.resource(
                    TokenAlerts.class, "token-alerts.tsv", "code", "keypad", "told", "advice")
            .byKey(
                    "code",
                    row -> row.text("code"),
                    row -> new Description(row.yes("keypad"), row.text("told"), row.text("advice")));

    /**
     * The description of an alert about a token; empty for any other alert.
     *
     * @param code alert code, four upper-case hex digits
     */
    public Optional<Description> of(String code) {
        return Optional.ofNullable(rows.get(code));
    }
}
