package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;

/** The service that each payload belongs to, for payloads of a single service (table {@code payload-services.tsv}). */
final class PayloadServices {

    /** One row. */
    private record Owner(String service, boolean required) {}

    private final Map<String, Owner> rows = Table.resource(
                    PayloadServices.class, "payload-services.tsv", "payload", "service", "required")
            .byKey("payload", row -> row.text("payload"), row -> new Owner(row.text("service"), row.yes("required")));

    /** The only service with that payload; empty if any service may have it. */
    Optional<String> of(String payload) {
        return Optional.ofNullable(rows.get(payload)).map(Owner::service);
    }

    /** True if a successful answer of the service must contain its payload. */
    boolean required(String of) {
        return rows.values().stream()
                .anyMatch(owner -> owner.required() && owner.service().equals(of));
    }
}
