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
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Admitted;
import org.postern.ledger.Change;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.TextLimit;

/** What is written, each method within a transaction of the one writer. */
final class Writes {

    /** What waits for an attempt after a moment; the states of the look, so that its index finds the rows. */
    static final String WAITS_BEYOND = "retry_at > ? AND" + Queries.STATE_IN + Queries.STEP_STATES;

    /** In the columns of former versions that hold no NULL. */
    static final byte[] NOTHING = new byte[0];

    private final Clock clock;
    private final Ids ids;
    private final InboundWrites inbound;

    /** @param former true where the ledger holds documents that a former version has received */
    Writes(Clock clock, RandomGenerator random, boolean former) {
        this.clock = clock;
        this.ids = new Ids(clock, random);
        this.inbound = new InboundWrites(ids, former);
    }

    InboundWrites inbound() {
        return inbound;
    }

    /**
     * Puts a request on disk.
     *
     * @param original the packed original
     * @param document our packed unsigned document
     */
    Admitted admit(
            Connection connection,
            NewRequest request,
            byte[] original,
            Optional<byte[]> document,
            Optional<PrepaymentCounters.Claim> claim)
            throws SQLException {
        String sha256 = Packer.sha256Of(original);
        boolean refused = request.refusal().isPresent();
        Origin origin = request.origin();
        Target target = request.target();
        // a refused one leaves its correlation id free: corrected, it may be handed in again
        Optional<String> key =
                refused ? Optional.empty() : origin.correlationId().map(id -> key(origin.channel(), id));
        String id = ids.next('r');
        Instant now = clock.instant();
        RequestState state = refused ? RequestState.REJECTED : RequestState.ADMITTED;
        String cause = cut(request.refusal().orElse(""));
        if (claim.isPresent()) {
            // the counter is claimed for a request that is new, and looked for among those that are there already
            Optional<Admitted> earlier = earlier(connection, key, sha256);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            if (exists(connection, request.requestId().orElseThrow())) {
                throw duplicate();
            }
            claim.get().take(connection);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO requests (id, request_id, idempotency_key, door,"
                        + " correlation_id, reply_to, principal, content_type, original, original_sha256, role, service, variant, device,"
                        + " lane, state, cause, original_packed, document_packed, attempts, execution_at, due_at, instructions_done, transitions,"
                        + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 2, ?, ?)"
                        + " ON CONFLICT DO NOTHING")) {
            Rows.set(
                    insert,
                    id,
                    request.requestId().map(RequestId::toString),
                    key,
                    origin.channel().text(),
                    origin.correlationId().map(TextLimit.CORRELATION_ID::checked),
                    origin.replyTo().map(ReplyAddress::toString).map(TextLimit.REPLY_TO::checked),
                    TextLimit.PRINCIPAL.fitted(origin.principal()),
                    origin.contentType(),
                    NOTHING,
                    target.role().map(Enum::name),
                    target.service().map(TextLimit.SERVICE::fitted),
                    target.variant().map(CommandVariant::number),
                    target.device().map(Eui64::dashed),
                    request.lane().ordinal(),
                    state.name(),
                    cause,
                    original);
            setBytes(insert, 18, document);
            setLong(insert, 19, request.executionTime());
            setLong(insert, 20, request.dueBy());
            insert.setLong(21, now.toEpochMilli());
            insert.setLong(22, now.toEpochMilli());
            if (insert.executeUpdate() != 1) {
                return earlier(connection, key, sha256).orElseThrow(Writes::duplicate);
            }
        }
        // their digests are those of the two documents, which never change
        Details.steps(
                connection,
                id,
                0,
                now,
                List.of(
                        new Change.Step(RequestState.RECEIVED, origin.channel().text(), Optional.empty()),
                        new Change.Step(state, cause, Optional.empty())));
        if (request.remark().isPresent()) {
            Details.remark(connection, id, now, cut(request.remark().get()));
        }
        return new Admitted(id, false, Optional.of(Rows.stored(id, request, state, cause, now)));
    }

    /** The caller's own id, by which a request is the same one again. */
    static String key(Channel channel, String correlationId) {
        return channel.text() + ":" + TextLimit.CORRELATION_ID.checked(correlationId);
    }

    /** The request that was handed in before by that key. */
    private static Optional<Admitted> earlier(Connection connection, Optional<String> key, String sha256)
            throws SQLException {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, original_sha256, original_packed FROM requests WHERE idempotency_key = ?")) {
            select.setString(1, key.get());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                byte[] packed = row.getBytes(3);
                if (!(packed == null ? row.getString(2) : Packer.sha256Of(packed)).equals(sha256)) {
                    throw new LedgerException(
                            LedgerException.Kind.CORRELATION_REUSED,
                            "correlationId",
                            "one content for one correlation id",
                            "handed in before with another content",
                            "give the new request an id of its own");
                }
                return Optional.of(new Admitted(row.getString(1), true));
            }
        }
    }

    private static boolean exists(Connection connection, RequestId requestId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM requests WHERE request_id = ?")) {
            select.setString(1, requestId.toString());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static LedgerException duplicate() {
        return new LedgerException(
                LedgerException.Kind.DUPLICATE,
                "requestId",
                "each RequestID once",
                "in the ledger already",
                "allocate another counter");
    }

    private static void setBytes(PreparedStatement statement, int index, Optional<byte[]> value) throws SQLException {
        if (value.isPresent()) {
            statement.setBytes(index, value.get());
        } else {
            statement.setNull(index, java.sql.Types.BINARY);
        }
    }

    private static void setLong(PreparedStatement statement, int index, Optional<Instant> value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(index, value.get().toEpochMilli());
        } else {
            statement.setNull(index, java.sql.Types.BIGINT);
        }
    }

    static String cut(String cause) {
        return TextLimit.CAUSE.fitted(cause);
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
        boolean kept = change.exchanged().isPresent()
                && inbound.exchanged(
                        connection,
                        change.request(),
                        change.exchanged().get(),
                        packed.exchanged().orElseThrow());
        deliver(connection, packed, kept, now);
        for (PackedChange other : packed.alongside()) {
            if (advance(connection, other, now)) {
                deliver(connection, other, false, now);
            }
        }
        return true;
    }

    /** Writes the first, or where that does not apply the second: what does not apply has written nothing. */
    Boolean either(Connection connection, PackedChange first, Supplier<PackedChange> second) throws SQLException {
        boolean applied = apply(connection, first);
        if (!applied) {
            apply(connection, second.get());
        }
        return applied;
    }

    /**
     * The database was put back just now.
     *
     * @param at after every request that it holds
     */
    Boolean restored(Connection connection, Instant at) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO restorations (at) VALUES (?)")) {
            Rows.set(insert, at);
            insert.executeUpdate();
        }
        return true;
    }

    /** Carries counters on from those given, where they are behind. */
    Boolean reserve(Connection connection, Map<String, Long> floors) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO counters (series, reserved) VALUES (?, ?)"
                        + " ON CONFLICT (series) DO UPDATE SET reserved = excluded.reserved WHERE counters.reserved < excluded.reserved")) {
            for (Map.Entry<String, Long> floor : floors.entrySet()) {
                Rows.set(upsert, floor.getKey(), floor.getValue());
                upsert.executeUpdate();
            }
        }
        return true;
    }

    /** Undoes what the unit has written so far: the request has moved on meanwhile. */
    static final class Skip extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Skip() {
            super("skip", null, false, false);
        }
    }

    private static boolean advance(Connection connection, PackedChange packed, Instant now) throws SQLException {
        Change change = packed.change();
        String id = change.request().orElseThrow();
        if (change.seen().isPresent()
                && fits(change, change.seen().get().state())
                && advance(
                        connection,
                        change,
                        id,
                        change.seen().get().state(),
                        change.seen().get().progress().transitions(),
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
                            "see that the id is complete");
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

    /**
     * True where a change can be made of what is in hand: nothing in it depends on more than the state that it was read
     * in.
     */
    private static boolean fits(Change change, RequestState seen) {
        if (change.instruction().isPresent()
                || change.expectedInstructions().isPresent()
                || !change.from().isEmpty() && !change.from().contains(seen)) {
            return false;
        }
        RequestState state = seen;
        for (Change.Step step : change.steps()) {
            if (!state.mayBecome(step.to())) {
                return false;
            }
            state = step.to();
        }
        return true;
    }

    /**
     * Writes a change where the request is in that state and has had exactly so many; else nothing, and false. Either
     * alone is not enough: it may come to a state twice, and what a caller has in hand may never have been on disk.
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
                        "report this with the log");
            }
            state = step.to();
            cause = cut(step.cause());
        }
        if (!update(
                connection,
                columns,
                id,
                new Place(state, transitions + change.steps().size()),
                cause,
                new Place(from, transitions),
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
            Details.remark(connection, id, now, cut(remark));
        }
        return true;
    }

    /** What a change sets, by column. */
    private static Map<String, Object> columns(PackedChange packed) {
        Change change = packed.change();
        Map<String, Object> columns = new LinkedHashMap<>();
        change.wire().ifPresent(wire -> {
            // what was sent to Transform is read from its own column
            columns.put("wire_packed", packed.wire().orElse(null));
            columns.put("wire_endpoint", wire.endpoint().name());
            columns.put("attempts", 0);
            columns.put("untold", 0);
            columns.put("retry_at", null);
            packed.transform().ifPresent(bytes -> columns.put("transform_packed", bytes));
        });
        packed.preCommand().ifPresent(bytes -> columns.put("pre_command_packed", bytes));
        packed.signed().ifPresent(bytes -> columns.put("signed_packed", bytes));
        change.responseCode().ifPresent(code -> columns.put("response_code", TextLimit.RESPONSE_CODE.fitted(code)));
        change.success().ifPresent(success -> columns.put("success", success ? 1 : 0));
        change.retry().ifPresent(retry -> {
            columns.put("attempts", retry.attempts());
            columns.put("retry_at", retry.at().toEpochMilli());
            columns.put("cause", retry.cause());
        });
        change.untold().ifPresent(count -> columns.put("untold", count));
        if (change.endsRetries()) {
            columns.put("retry_at", null);
        }
        change.dueBy().ifPresent(at -> columns.put("due_at", at.toEpochMilli()));
        return columns;
    }

    /** How far a request is: its state, and how many it has had. */
    private record Place(RequestState state, int transitions) {}

    private static boolean update(
            Connection connection,
            Map<String, Object> columns,
            String id,
            Place next,
            @Nullable String cause,
            Place before,
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
                values.add(column.getKey().equals("cause") ? cut((String) column.getValue()) : column.getValue());
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
     * @param kept true where the answer of the exchange is on disk with the very bytes that a body may be shared with
     */
    private static void deliver(Connection connection, PackedChange packed, boolean kept, Instant now)
            throws SQLException {
        for (PackedChange.Delivery delivery : packed.outbox()) {
            boolean shared = kept && delivery.shared().isPresent();
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
                "UPDATE outbox SET state = 'DELIVERED', delivered_at = ?, retry_at = NULL WHERE id = ? AND state = 'PENDING'")) {
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
                "requests SET retry_at = retry_at - ? WHERE " + WAITS_BEYOND,
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
                        Details.remark(connection, row.getString(1), clock.instant(), cut(remark.get()));
                    }
                }
            }
        }
        return true;
    }
}
