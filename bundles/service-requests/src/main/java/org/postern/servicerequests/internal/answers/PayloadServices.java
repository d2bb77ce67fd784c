package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;

/** Which payload belongs to which service, where it belongs to one alone (table {@code payload-services.tsv}). */
final class PayloadServices {

    /** One row. */
    private record Owner(String service, boolean required) {}

    private final Map<String, Owner> rows =
            TabTable.map("payload-services.tsv", "payload\tservice\trequired", row -> row.cells()[0], row -> {
                row.require(row.cells()[2].matches("yes|no"), "yes or no");
                return new Owner(row.cells()[1], row.cells()[2].equals("yes"));
            });

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
