package org.postern.servicerequests.internal.answers;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which payload belongs to which service, where it belongs to one alone. */
final class PayloadServices {

    private static final String FILE = "payload-services.tsv";
    private static final String HEADING = "payload\tservice\trequired";

    private final Map<String, String> service = new LinkedHashMap<>();
    private final Set<String> required = new HashSet<>();

    private PayloadServices() {
    }

    /** The table of this bundle. */
    static PayloadServices load() {
        PayloadServices table = new PayloadServices();
        TabTable.rows(FILE, HEADING).forEach(table::row);
        return table;
    }

    private void row(TabTable.Row row) {
        String[] cells = row.cells();
        row.require(cells.length == 3 && cells[2].matches("yes|no"), "payload, service, yes or no");
        row.require(service.put(cells[0], cells[1]) == null, "each payload once");
        if (cells[2].equals("yes")) {
            required.add(cells[1]);
        }
    }

    /** The only service that brings that payload; empty where any may. */
    Optional<String> of(String payload) {
        return Optional.ofNullable(service.get(payload));
    }

    /** True where success without its payload is none. */
    boolean required(String of) {
        return required.contains(of);
    }
}
