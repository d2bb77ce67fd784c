package org.postern.servicerequests;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.ledger.OutboxEntry;

/**
 * One delivery as a JMS client reads it, whichever route sends it and however often: the same body, the same
 * properties.
 *
 * @param body a String for text, a byte[] for bytes
 * @param correlationId the caller's own id; empty for none
 * @param role code of the User Role; empty for none
 * @param properties {@code postern_...} by name
 */
public record DeliveryMessage(
        Object body, Optional<String> correlationId, Optional<String> role, Map<String, String> properties) {

    /** How the names of all properties begin. */
    public static final String PREFIX = "postern_";

    private static final String CORRELATION_ID = "correlationId";
    private static final String ROLE = "role";
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * The message of an entry.
     *
     * @param entry what is delivered
     * @param json true where JSON was asked for; without such a form it is the other
     */
    public static DeliveryMessage of(OutboxEntry entry, boolean json) {
        boolean asJson = json && entry.json().isPresent();
        Object body = asJson
                ? entry.json().get()
                : entry.contentType().contains("octet-stream")
                        ? entry.body()
                        : new String(entry.body(), StandardCharsets.UTF_8);
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(PREFIX + "contentType", asJson ? "application/json" : entry.contentType());
        properties.put(PREFIX + "kind", entry.kind().name());
        properties.put(PREFIX + "deliveryId", entry.id());
        entry.headers().forEach((key, value) -> {
            String name = key.replace('-', '_').replace('.', '_');
            if (!key.equals(CORRELATION_ID)
                    && !key.equals(ROLE)
                    && IDENTIFIER.matcher(name).matches()) {
                properties.put(PREFIX + name, value);
            }
        });
        return new DeliveryMessage(
                body,
                Optional.ofNullable(entry.headers().get(CORRELATION_ID)),
                Optional.ofNullable(entry.headers().get(ROLE)),
                properties);
    }
}
