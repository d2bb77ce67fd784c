package org.postern.faultsimulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What may follow what in the life of a request, written from {@code docs/request-states.md} and apart from the
 * product's table.
 */
final class LifeOfARequest {

    private static final Set<String> BEGINNINGS = Set.of("RECEIVED", "ADMITTED");
    private static final String TABLE = """
            RECEIVED           > ADMITTED REJECTED
            ADMITTED           > TRANSFORM_SENT SENT UNKNOWN REJECTED CANCELLED
            TRANSFORM_SENT     > CORRELATED OVERDUE UNKNOWN REJECTED REFUSED NOT_CORRELATED CANCELLED
            CORRELATED         > COMMAND_SIGNED UNKNOWN REJECTED NOT_CORRELATED CANCELLED
            COMMAND_SIGNED     > SENT REJECTED CANCELLED
            SENT               > IN_DOUBT ACKNOWLEDGED HANDED_OUT OVERDUE UNKNOWN ACCEPTED_BY_DEVICE PARTIALLY_ACTIONED ACTIONED NOT_ACTIONED \
            RESPONDED REFUSED CANCELLED
            IN_DOUBT           > ACKNOWLEDGED HANDED_OUT OVERDUE UNKNOWN ACCEPTED_BY_DEVICE PARTIALLY_ACTIONED ACTIONED NOT_ACTIONED RESPONDED REFUSED
            ACKNOWLEDGED       > HANDED_OUT OVERDUE UNKNOWN ACCEPTED_BY_DEVICE PARTIALLY_ACTIONED ACTIONED NOT_ACTIONED RESPONDED REFUSED CANCELLED
            HANDED_OUT         > RESPONDED DELIVERED
            OVERDUE            > ACTIONED NOT_ACTIONED RESPONDED REFUSED
            UNKNOWN            > HANDED_OUT ACCEPTED_BY_DEVICE PARTIALLY_ACTIONED ACTIONED NOT_ACTIONED RESPONDED REFUSED
            ACCEPTED_BY_DEVICE > OVERDUE PARTIALLY_ACTIONED ACTIONED NOT_ACTIONED CANCELLED
            PARTIALLY_ACTIONED > OVERDUE ACTIONED NOT_ACTIONED CANCELLED
            RESPONDED          > DELIVERED
            """;

    private final Map<String, Set<String>> next = TABLE.lines()
            .map(line -> line.split(">"))
            .collect(Collectors.toMap(
                    cells -> cells[0].strip(),
                    cells -> new TreeSet<>(List.of(cells[1].strip().split(" +"))),
                    (one, other) -> one,
                    TreeMap::new));

    /** What may follow; empty for an end. */
    Set<String> next(String state) {
        return next.getOrDefault(state, Set.of());
    }

    /** What is wrong with that path; empty where nothing is. */
    Optional<String> wrong(List<String> states) {
        if (states.isEmpty() || !BEGINNINGS.contains(states.get(0))) {
            return Optional.of("it begins with " + states.stream().findFirst().orElse("nothing"));
        }
        for (int i = 1; i < states.size(); i++) {
            if (!next(states.get(i - 1)).contains(states.get(i))) {
                return Optional.of(states.get(i) + " after " + states.get(i - 1));
            }
        }
        return Optional.empty();
    }
}
