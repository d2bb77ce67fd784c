package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postern.ledger.Change;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.TextLimit;

/** The writes of the ledger; each method runs within a transaction of the writer. */
final class Writes {

    /**
     * Selects requests whose next attempt is after a given time, with the states of the periodic query so that its
     * index is used.
     */
    static final String RETRY_AFTER = "retry_at > ? AND" + Queries.STATE_IN + Queries.STEP_STATES;

    /** Value of columns of earlier versions that must not be NULL. */
    static final byte[] NOTHING = new byte[0];

    private final Clock clock;
    private final InboundWrites inbound;
    private final AdmissionWrites admissions;

    /** @param former true if the ledger contains documents that an earlier version received */
    Writes(Clock clock, RandomGenerator random, boolean former) {
        this.clock = clock;
        Ids ids = new Ids(clock, random);
        this.inbound = new InboundWrites(ids, former);
        this.admissions = new AdmissionWrites(clock, ids);
    }

    AdmissionWrites admissions() {
        return admissions;
    }

    InboundWrites inbound() {
        return inbound;
    }

    static String truncate(String cause) {
        return TextLimit.CAUSE.truncated(cause);
    }

    Boolean apply(Connection connection, PackedChange packed) throws SQLException {
        Change change = packed.change();
        Instant now = clock.instant();
        if (change.processed().isPresent()
                && !InboundWrites.processed(connection, change.processed().get(), change.processedCause())) {
            return false;
        }
        if (change.request().isPresent() && !advance(connection, packed, now)) {
            if (change.processed().isPresent()) {
                throw new Skip();
            }
            return false;
        }
        boolean stored = change.exchanged().isPresent()
                && inbound.exchanged(
                        connection,
                        change.request(),
                        change.exchanged().get(),
                        packed.exchanged().orElseThrow());
        deliver(connection, packed, stored, now);
        for (PackedChange other : packed.alongside()) {
            if (advance(connection, other, now)) {
                deliver(connection, other, false, now);
            }
        }
        return true;
    }

    /**
     * Applies the first change, or the second if the first does not apply; a change that does not apply has written
     * nothing.
     */
    Boolean either(Connection connection, PackedChange first, Supplier<PackedChange> second) throws SQLException {
        boolean applied = apply(connection, first);
        if (!applied) {
            apply(connection, second.get());
        }
        return applied;
    }

    /**
     * Records that the database has been restored.
     *
     * @param at a time after every request in it
     */
    Boolean restored(Connection connection, Instant at) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO restorations (at) VALUES (?)")) {
            Rows.set(insert, at);
            insert.executeUpdate();
        }
        return true;
    }

    /** Raises reserved counters to the given ones where they are lower. */
    Boolean reserve(Connection connection, Map<String, Long> floors) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO counters (series, reserved) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET reserved ="
                        + " excluded.reserved WHERE counters.reserved < excluded.reserved")) {
            for (Map.Entry<String, Long> floor : floors.entrySet()) {
                Rows.set(upsert, floor.getKey(), floor.getValue());
                upsert.executeUpdate();
            }
        }
        return true;
    }

    /**
     * Rolls back what the unit has written so far, because the request is no longer in a state that the change
     * requires.
     */
    static final class Skip extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Skip() {
            super("skip", null, false, false);
        }
    }

    private static boolean advance(Connection connection, PackedChange packed, Instant now) throws SQLException {
        Change change = packed.change();
        String id = change.request().orElseThrow();
        if (change.snapshot().isPresent()
                && appliesTo(change, change.snapshot().get().state())
                && advance(
                        connection,
                        change,
                        id,
                        change.snapshot().get().state(),
                        change.snapshot().get().progress().transitions(),
                        columns(packed),
                        now)) {
            return true;
        }
        RequestState state;
        int transitions;
        int done;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT state, transitions, instructions_done FROM requests WHERE id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new LedgerException(
                            LedgerException.Kind.NOT_FOUND,
                            "id",
                            "a request of the ledger",
                            "no such id",
                            "check that the id is complete");
                }
                state = RequestState.valueOf(row.getString(1));
                transitions = row.getInt(2);
                done = row.getInt(3);
            }
        }
        if (!change.from().isEmpty() && !change.from().contains(state)
                || change.expectedInstructions().filter(e -> e != done).isPresent()) {
            return false;
        }
        Map<String, Object> columns = columns(packed);
        if (change.instruction().isPresent()
                && Details.instruction(connection, id, change.instruction().get())) {
            columns.put("instructions_done", done + 1);
        }
        if (!advance(connection, change, id, state, transitions, columns, now)) {
            throw GroupCommit.unavailable("another node changed the request at the same time", null);
        }
        return true;
    }

    /** True if a change can be applied to the request as it was read, because it depends only on the state. */
    private static boolean appliesTo(Change change, RequestState current) {
        if (change.instruction().isPresent()
                || change.expectedInstructions().isPresent()
                || !change.from().isEmpty() && !change.from().contains(current)) {
            return false;
        }
        RequestState state = current;
        for (Change.Step step : change.steps()) {
            if (!state.mayBecome(step.to())) {
                return false;
            }
            state = step.to();
        }
        return true;
    }

    /**
     * Writes a change if the request is in that state after exactly that number of transitions; otherwise writes
     * nothing and returns false. Both are compared, because a request may reach a state twice, and the record that a
     * caller has read may never have been on disk.
     */
    private static boolean advance(
            Connection connection,
            Change change,
            String id,
            RequestState from,
            int transitions,
            Map<String, Object> columns,
            Instant now)
            throws SQLException {
        RequestState state = from;
        String cause = null;
        for (Change.Step step : change.steps()) {
            if (!state.mayBecome(step.to())) {
                throw new LedgerException(
                        LedgerException.Kind.ILLEGAL_TRANSITION,
                        "state",
                        state + " leads to " + state.next(),
                        state + " to " + step.to(),
                        "report this together with the log");
            }
            state = step.to();
            cause = truncate(step.cause());
        }
        if (!update(
                connection,
                columns,
                id,
                new Position(state, transitions + change.steps().size()),
                cause,
                new Position(from, transitions),
                now)) {
            return false;
        }
        Details.steps(connection, id, transitions, now, change.steps());
        if (change.evidence().isPresent()) {
            Details.evidence(connection, id, change.evidence().get());
        }
        if (change.signing().isPresent()) {
            Details.signing(connection, id, change.signing().get());
        }
        for (String remark : change.remarks()) {
            Details.remark(connection, id, now, truncate(remark));
        }
        return true;
    }

    /** The values that a change sets, by column. */
    private static Map<String, Object> columns(PackedChange packed) {
        Change change = packed.change();
        Map<String, Object> columns = new LinkedHashMap<>();
        change.wire().ifPresent(wire -> {
            // the document sent to Transform has a column of its own
            columns.put("wire_packed", packed.wire().orElse(null));
            columns.put("wire_endpoint", wire.endpoint().name());
            columns.put("attempts", 0);
            columns.put("untold", 0);
            columns.put("retry_at", null);
            packed.transform().ifPresent(bytes -> columns.put("transform_packed", bytes));
        });
        packed.preCommand().ifPresent(bytes -> columns.put("pre_command_packed", bytes));
        packed.signed().ifPresent(bytes -> columns.put("signed_packed", bytes));
        change.responseCode().ifPresent(code -> columns.put("response_code", TextLimit.RESPONSE_CODE.truncated(code)));
        change.success().ifPresent(success -> columns.put("success", success ? 1 : 0));
        change.retry().ifPresent(retry -> {
            columns.put("attempts", retry.attempts());
            columns.put("retry_at", retry.at().toEpochMilli());
            columns.put("cause", retry.cause());
        });
        change.inconclusive().ifPresent(count -> columns.put("untold", count));
        if (change.endsRetries()) {
            columns.put("retry_at", null);
        }
        change.dueBy().ifPresent(at -> columns.put("due_at", at.toEpochMilli()));
        return columns;
    }

    /** The progress of a request: its state and the number of its transitions. */
    private record Position(RequestState state, int transitions) {}

    private static boolean update(
            Connection connection,
            Map<String, Object> columns,
            String id,
            Position next,
            @Nullable String cause,
            Position before,
            Instant now)
            throws SQLException {
        StringBuilder sql = new StringBuilder("UPDATE requests SET state = ?, transitions = ?, updated_at = ?");
        List<Object> values = new ArrayList<>(List.of(next.state().name(), next.transitions(), now));
        if (cause != null && !columns.containsKey("cause")) {
            sql.append(", cause = ?");
            values.add(cause);
        }
        for (Map.Entry<String, Object> column : columns.entrySet()) {
            if (column.getValue() == null) {
                sql.append(", ").append(column.getKey()).append(" = NULL");
            } else {
                sql.append(", ").append(column.getKey()).append(" = ?");
                values.add(column.getKey().equals("cause") ? truncate((String) column.getValue()) : column.getValue());
            }
        }
        sql.append(" WHERE id = ? AND transitions = ? AND state = ?");
        values.addAll(List.of(id, before.transitions(), before.state().name()));
        try (PreparedStatement update = connection.prepareStatement(sql.toString())) {
            Rows.set(update, values.toArray());
            return update.executeUpdate() == 1;
        }
    }

    /**
     * @param stored true if the answer of the exchange is stored with exactly the bytes that a delivery may share as
     *     its body
     */
    private static void deliver(Connection connection, PackedChange packed, boolean stored, Instant now)
            throws SQLException {
        for (PackedChange.Delivery delivery : packed.outbox()) {
            boolean shared = stored && delivery.shared().isPresent();
            deliver(
                    connection,
                    delivery.entry(),
                    shared || delivery.shared().isEmpty()
                            ? delivery.packed()
                            : delivery.whole().get(),
                    shared ? delivery.shared() : Optional.empty(),
                    now);
        }
    }

    private static void deliver(
            Connection connection, OutboxEntry entry, byte[] packed, Optional<byte[]> body, Instant now)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO outbox (id, request, kind, destination, headers,"
                        + " content_type, body, packed, body_content, state, attempts, created_at)"
                        + " VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, 'PENDING', 0, ?) ON CONFLICT (id) DO NOTHING")) {
            Rows.set(
                    insert,
                    entry.id(),
                    entry.request(),
                    entry.kind().name(),
                    entry.destination().toString(),
                    entry.contentType(),
                    NOTHING,
                    packed,
                    body,
                    now);
            insert.executeUpdate();
        }
    }

    Boolean delivered(Connection connection, String id) throws SQLException {
        Instant now = clock.instant();
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE outbox SET state = 'DELIVERED', delivered_at = ?, retry_at = NULL WHERE id = ? AND state ="
                        + " 'PENDING'")) {
            Rows.set(update, now, id);
            if (update.executeUpdate() != 1) {
                return false;
            }
        }
        String request;
        int transitions;
        try (PreparedStatement select = connection.prepareStatement("SELECT r.id, r.transitions FROM requests r"
                + " JOIN outbox o ON o.request = r.id WHERE o.id = ? AND r.state = 'RESPONDED'"
                + " AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.request = r.id AND p.state = 'PENDING')")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return true;
                }
                request = row.getString(1);
                transitions = row.getInt(2);
            }
        }
        Change last = Change.of(request).from(RequestState.RESPONDED).to(RequestState.DELIVERED, "");
        if (!advance(connection, last, request, RequestState.RESPONDED, transitions, new LinkedHashMap<>(), now)) {
            throw GroupCommit.unavailable("another node changed the request at the same time", null);
        }
        return true;
    }

    Boolean clockPutBack(Connection connection, Instant now, Duration by) throws SQLException {
        for (String those : List.of(
                "requests SET retry_at = retry_at - ? WHERE " + RETRY_AFTER,
                "outbox SET retry_at = retry_at - ? WHERE retry_at > ? AND state = 'PENDING'")) {
            try (PreparedStatement update = connection.prepareStatement("UPDATE " + those)) {
                Rows.set(update, by.toMillis(), now);
                update.executeUpdate();
            }
        }
        return true;
    }

    Boolean deliveryFailed(Connection connection, String id, Instant retryAt, Optional<String> remark)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE outbox SET attempts = attempts + 1, retry_at = ? WHERE id = ? AND state = 'PENDING'")) {
            Rows.set(update, retryAt, id);
            if (update.executeUpdate() != 1) {
                return false;
            }
        }
        if (remark.isPresent()) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT request FROM outbox WHERE id = ? AND request IS NOT NULL")) {
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        Details.remark(connection, row.getString(1), clock.instant(), truncate(remark.get()));
                    }
                }
            }
        }
        return true;
    }
}
