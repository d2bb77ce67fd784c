package org.postern.servicerequests;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.ledger.OutboxEntry;

/**
 * One delivery as a JMS client receives it. Body and properties are the same for every route and for every repetition.
 *
 * @param body a String for text, a byte[] for binary content
 * @param correlationId the caller's own id; empty for none
 * @param role code of the User Role; empty for none
 * @param properties {@code postern_...} by name
 */
public record DeliveryMessage(
        Object body, Optional<String> correlationId, Optional<String> role, Map<String, String> properties) {

    /** Prefix of the names of all properties. */
    public static final String PREFIX = "postern_";

    private static final String CORRELATION_ID = "correlationId";
    private static final String ROLE = "role";
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * The message of an entry.
     *
     * @param entry the outbox entry
     * @param json true if JSON is requested; an entry without a JSON form is sent in its other form
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
