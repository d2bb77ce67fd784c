package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;

/** Device Alerts about the token of a top-up (table {@code token-alerts.tsv}). */
public final class TokenAlerts {

    /**
     * What such an alert says.
     *
     * @param keypad true where it is about keying in alone, and so about no 2.2
     * @param told in words
     * @param advice what is to be done
     */
    public record Said(boolean keypad, String told, String advice) {}

    private final Map<String, Said> rows = Table.resource(
                    TokenAlerts.class, "token-alerts.tsv", "code", "keypad", "told", "advice")
            .byKey(
                    "code",
                    row -> row.text("code"),
                    row -> new Said(row.yes("keypad"), row.text("told"), row.text("advice")));

    /**
     * What an alert says of a token; empty for one that is about none.
     *
     * @param code alert code, four upper-case hex digits
     */
    public Optional<Said> of(String code) {
        return Optional.ofNullable(rows.get(code));
    }
}
