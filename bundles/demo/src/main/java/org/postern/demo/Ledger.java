package org.postern.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All requests in the appliance's ledger, as printed by {@code dcc:requests --json}. */
final class Ledger {

    private static final Set<String> ENDS = Set.of(
            "DELIVERED", "REJECTED", "REFUSED", "NOT_CORRELATED", "CANCELLED", "ACTIONED", "NOT_ACTIONED", "UNKNOWN");

    /** One request. */
    record Row(
            String id,
            String requestId,
            String service,
            String role,
            String channel,
            String state,
            String device,
            String cause,
            long millis) {

        boolean ended() {
            return ENDS.contains(state);
        }
    }

    private final List<Row> rows = new ArrayList<>();

    private Ledger() {}

    static Ledger read(Console console) throws IOException, DemoFailure {
        JsonNode answer = console.json("dcc:requests --limit 5000");
        JsonNode list = answer;
        if (!answer.isArray()) {
            for (JsonNode member : answer) {
                if (member.isArray()) {
                    list = member;
                }
            }
        }
        Ledger ledger = new Ledger();
        for (JsonNode row : list) {
            ledger.rows.add(new Row(
                    row.path("id").asText(),
                    row.path("requestId").asText(""),
                    row.path("service").asText(""),
                    row.path("role").asText(""),
                    row.path("interface").asText(""),
                    row.path("state").asText(),
                    row.path("device").asText(""),
                    row.path("cause").asText(""),
                    millis(row)));
        }
        return ledger;
    }

    private static long millis(JsonNode row) {
        try {
            return Duration.between(
                            Instant.parse(row.path("created").asText()),
                            Instant.parse(row.path("updated").asText()))
                    .toMillis();
        } catch (java.time.format.DateTimeParseException e) {
            return -1;
        }
    }

    List<Row> rows() {
        return rows;
    }

    /** Requests that were admitted and have ended. */
    long ended() {
        return rows.stream()
                .filter(row -> row.ended() && !row.state().equals("REJECTED"))
                .count();
    }

    long count(String service, String state) {
        return rows.stream()
                .filter(r -> r.service().equals(service) && r.state().equals(state))
                .count();
    }

    /** The number of requests by service and state. */
    Map<String, Map<String, Long>> outcomes() {
        Map<String, Map<String, Long>> table = new TreeMap<>();
        rows.forEach(
                r -> table.computeIfAbsent(r.service().isEmpty() ? "(unreadable)" : r.service(), s -> new TreeMap<>())
                        .merge(r.state(), 1L, Long::sum));
        return table;
    }

    /**
     * Quantile of the time from acceptance to delivery in milliseconds, over the delivered requests; -1 where there are
     * none.
     */
    long quantile(String service, double share) {
        long[] times = rows.stream()
                .filter(r -> r.state().equals("DELIVERED")
                        && (service.isEmpty() || r.service().equals(service)))
                .mapToLong(Row::millis)
                .sorted()
                .toArray();
        return times.length == 0 ? -1 : times[Math.min(times.length - 1, (int) Math.ceil(share * times.length) - 1)];
    }
}
