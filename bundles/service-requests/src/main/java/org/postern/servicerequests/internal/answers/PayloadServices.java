package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;

/** Which payload belongs to which service, where it belongs to one alone (table {@code payload-services.tsv}). */
final class PayloadServices {

    /** One row. */
    private record Owner(String service, boolean required) {}

    private final Map<String, Owner> rows = Table.resource(
                    PayloadServices.class, "payload-services.tsv", "payload", "service", "required")
            .byKey("payload", row -> row.text("payload"), row -> new Owner(row.text("service"), row.yes("required")));

    /** The only service that brings that payload; empty where any may. */
    Optional<String> of(String payload) {
        return Optional.ofNullable(rows.get(payload)).map(Owner::service);
    }

    /** True where success without its payload is none. */
    boolean required(String of) {
        return rows.values().stream()
                .anyMatch(owner -> owner.required() && owner.service().equals(of));
    }
}
