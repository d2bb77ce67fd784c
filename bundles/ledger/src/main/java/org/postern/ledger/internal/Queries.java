package org.postern.ledger.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.ledger.DueWork;
import org.postern.ledger.Evidence;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Instruction;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Transition;

/** The queries of the ledger; each uses a connection of the readers' pool, independently of the writer. */
final class Queries {

    static final String STEP_STATES = "('ADMITTED','TRANSFORM_SENT','CORRELATED','COMMAND_SIGNED','SENT','IN_DOUBT')";
    private static final String OPEN_STATES = "('ADMITTED','SENT','IN_DOUBT','ACKNOWLEDGED')";
    private static final String DUE_STATES = "('ACKNOWLEDGED','ACCEPTED_BY_DEVICE','PARTIALLY_ACTIONED')";

    /**
     * The concatenation does not change the value; it makes SQLite use the index of the periodic query instead of the
     * index by state.
     */
    static final String STATE_IN = " (state || '') IN ";

    /** The periodic queries; each has an index, and PlanContract tests that it is used. */
    static final String STEPS = "SELECT id, lane FROM requests WHERE" + STATE_IN + STEP_STATES
            + " AND COALESCE(retry_at, 0) <= ? AND id > ? ORDER BY id LIMIT ?";

    static final String RETRIES =
            "SELECT id, lane, retry_at FROM requests WHERE (retry_at, id) > (?, ?) AND retry_at <= ? AND" + STATE_IN
                    + STEP_STATES + " ORDER BY retry_at, id LIMIT ?";
    static final String OVERDUE =
            "SELECT id, lane FROM requests WHERE due_at <= ? AND" + STATE_IN + DUE_STATES + " ORDER BY due_at LIMIT ?";
    static final String PROCESSING =
            "SELECT i.id, r.lane FROM inbound i LEFT JOIN requests r ON r.request_id = i.request_id"
                    + " WHERE i.state = 'STORED' AND i.id > ? ORDER BY i.id LIMIT ?";
    /** Deliveries without a request: alerts are in the interactive lane, all others in the routine lane. */
    static final String DELIVERIES = "SELECT o.id, COALESCE(r.lane, CASE o.kind WHEN 'ALERT' THEN "
            + Lane.INTERACTIVE.ordinal()
            + " ELSE " + Lane.ROUTINE.ordinal() + " END) FROM outbox o LEFT JOIN requests r ON r.id = o.request WHERE"
            + " o.state = 'PENDING' AND COALESCE(o.retry_at, 0) <= ? AND o.id > ? ORDER BY o.id LIMIT ?";

    /**
     * The transitions written by earlier versions and by the present one; the digests of the first two are those of the
     * request's documents.
     */
    private static final String PATH =
            "SELECT sequence, to_state, at, cause, NULL AS digest, digest AS former FROM former_transitions WHERE"
                    + " request = ? UNION ALL SELECT s.sequence, s.to_state, s.at, s.cause, COALESCE(s.digest, CASE"
                    + " s.sequence WHEN 1 THEN substr(r.original_packed, 6, 32) WHEN 2 THEN"
                    + " substr(r.document_packed, 6,"
                    + " 32) END), NULL FROM steps s JOIN requests r ON r.id = s.request WHERE s.request = ? ORDER BY 1";

    private interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Database database;
    private final Packer packer;

    Queries(Database database, Packer packer) {
        this.database = database;
        this.packer = packer;
    }

    private <T> List<T> list(String sql, Mapper<T> mapper, Object... values) {
        try (Database.Lease lease = database.reader();
                PreparedStatement statement = lease.connection().prepareStatement(sql)) {
            Rows.set(statement, values);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(mapper.map(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            database.recordFailure(e);
            throw GroupCommit.failure(e);
        }
    }

    private <T> Optional<T> one(String sql, Mapper<T> mapper, Object... values) {
        List<T> found = list(sql, mapper, values);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    /** The newest id of each table whose ids sort by time; a table without rows is left out. */
    Map<String, String> newest() {
        Map<String, String> newest = new TreeMap<>();
        for (String table : List.of("requests", "inbound")) {
            one("SELECT id FROM " + table + " ORDER BY id DESC LIMIT 1", row -> row.getString(1))
                    .ifPresent(id -> newest.put(table, id));
        }
        return newest;
    }

    /** When the database was last restored. */
    Optional<Instant> restored() {
        return one("SELECT at FROM restorations ORDER BY at DESC LIMIT 1", row -> Instant.ofEpochMilli(row.getLong(1)));
    }

    /** The highest reserved counter of each series. */
    Map<String, Long> reserved() {
        Map<String, Long> reserved = new TreeMap<>();
        list("SELECT series, reserved FROM counters", row -> reserved.put(row.getString(1), row.getLong(2)));
        return reserved;
    }

    /** One number, for the counters. */
    long number(ReservedCounters.CounterQuery query) {
        try (Database.Lease lease = database.reader()) {
            return query.of(lease.connection());
        } catch (SQLException e) {
            throw GroupCommit.failure(e);
        }
    }

    Optional<RequestRecord> find(String column, String value) {
        return one("SELECT " + Rows.REQUEST + " FROM requests WHERE " + column + " = ?", Rows::request, value);
    }

    boolean earlierInProgress(RequestRecord request) {
        if (request.requestId().isEmpty()
                || request.target().device().isEmpty()
                || request.target().service().isEmpty()) {
            return false;
        }
        RequestId own = request.requestId().get();
        return list(
                        "SELECT request_id FROM requests WHERE device = ? AND service = ? AND state IN " + OPEN_STATES
                                + " AND id <> ? AND request_id IS NOT NULL",
                        row -> RequestId.parse(row.getString(1)),
                        request.target().device().get().dashed(),
                        request.target().service().get(),
                        request.id())
                .stream()
                .anyMatch(other -> other.originator().equals(own.originator())
                        && Long.compareUnsigned(other.counter(), own.counter()) < 0);
    }

    Optional<RequestDocuments> documents(String id) {
        return one("SELECT " + Rows.DOCUMENTS + " FROM requests WHERE id = ?", row -> Rows.documents(row, packer), id);
    }

    Optional<StoredRequest> stored(String column, String value) {
        return one(
                "SELECT " + Rows.REQUEST + ", " + Rows.DOCUMENTS + " FROM requests WHERE " + column + " = ?",
                row -> new StoredRequest(Rows.request(row), Rows.documents(row, packer)),
                value);
    }

    List<Transition> path(String id) {
        List<Transition> path = new ArrayList<>();
        list(
                PATH,
                row -> {
                    Optional<RequestState> from = path.isEmpty()
                            ? Optional.empty()
                            : Optional.of(path.get(path.size() - 1).to());
                    byte[] digest = row.getBytes("digest");
                    return path.add(new Transition(
                            row.getInt("sequence"),
                            from,
                            RequestState.valueOf(row.getString("to_state")),
                            Instant.ofEpochMilli(row.getLong("at")),
                            row.getString("cause"),
                            digest == null
                                    ? Rows.text(row, "former")
                                    : Optional.of(HexFormat.of().formatHex(digest))));
                },
                id,
                id);
        return path;
    }

    Optional<Evidence> evidence(String id) {
        return one("SELECT " + Rows.EVIDENCE + " FROM evidence WHERE request = ?", Rows::evidence, id);
    }

    List<Instruction> instructions(String id) {
        return list(
                "SELECT number, total, actioned, subject, inbound, at, remark FROM instructions WHERE request = ?"
                        + " ORDER BY number",
                row -> new Instruction(
                        row.getInt(1),
                        row.getInt(2),
                        row.getInt(3) != 0,
                        row.getString(4),
                        row.getString(5),
                        Instant.ofEpochMilli(row.getLong(6)),
                        row.getString(7)),
                id);
    }

    List<Remark> remarks(String id) {
        return list(
                "SELECT at, text FROM remarks WHERE request = ? ORDER BY sequence",
                row -> new Remark(Instant.ofEpochMilli(row.getLong(1)), row.getString(2)),
                id);
    }

    List<RequestRecord> futureDated(Eui64 device, String service, int limit) {
        return list(
                "SELECT " + Rows.REQUEST
                        + " FROM requests WHERE device = ? AND service = ? AND execution_at IS NOT NULL"
                        + " ORDER BY id DESC LIMIT ?",
                Rows::request,
                device.dashed(),
                service,
                limit);
    }

    List<RequestRecord> requests(RequestFilter filter) {
        StringBuilder sql = new StringBuilder("SELECT " + Rows.REQUEST + " FROM requests WHERE 1 = 1");
        List<Object> values = new ArrayList<>();
        filter.state().ifPresent(state -> {
            // stated explicitly, because the partial index of the states contains only such rows
            sql.append(" AND state = ?").append(state == RequestState.DELIVERED ? "" : " AND state <> 'DELIVERED'");
            values.add(state.name());
        });
        filter.device().map(Eui64::dashed).ifPresent(device -> {
            sql.append(" AND device = ?");
            values.add(device);
        });
        filter.service().ifPresent(service -> {
            sql.append(" AND service = ?");
            values.add(service);
        });
        sql.append(" ORDER BY id DESC LIMIT ?");
        values.add(filter.limit());
        return list(sql.toString(), Rows::request, values.toArray());
    }

    Map<RequestState, Long> counts() {
        return counts("requests", RequestState.class, RequestState.DELIVERED, "state <> 'DELIVERED'");
    }

    Map<InboundState, Long> inboundCounts() {
        Map<InboundState, Long> counts = counts(
                "inbound",
                InboundState.class,
                InboundState.PROCESSED,
                "state = 'STORED'",
                "state IN ('QUARANTINED','EXCHANGED')");
        one("SELECT COUNT(*) FROM exchanges", row -> row.getLong(1))
                .filter(count -> count > 0)
                .ifPresent(count -> counts.merge(InboundState.EXCHANGED, count, Long::sum));
        return counts;
    }

    Map<DeliveryState, Long> outboxCounts() {
        return counts("outbox", DeliveryState.class, DeliveryState.DELIVERED, "state = 'PENDING'");
    }

    /**
     * Counts rows by state. The partial indexes do not contain the final state that nearly all rows reach; its count is
     * the total minus the counts of all other states.
     *
     * @param others conditions of the indexes
     */
    private <S extends Enum<S>> Map<S, Long> counts(String table, Class<S> states, S finalState, String... others) {
        Map<S, Long> counts = new EnumMap<>(states);
        String each = Stream.of(others)
                .map(those -> "SELECT state, COUNT(*) FROM " + table + " WHERE " + those + " GROUP BY state")
                .collect(Collectors.joining(" UNION ALL "));
        // one statement, so that all counts are from the same snapshot
        list(
                "SELECT '', COUNT(*) FROM " + table + " UNION ALL " + each,
                row -> row.getString(1).isEmpty()
                        ? counts.put(finalState, row.getLong(2))
                        : counts.put(Enum.valueOf(states, row.getString(1)), row.getLong(2)));
        long rest = 2 * counts.getOrDefault(finalState, 0L)
                - counts.values().stream().mapToLong(Long::longValue).sum();
        counts.put(finalState, rest);
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    Optional<InboundRecord> inbound(String id) {
        return one("SELECT " + Rows.INBOUND + " FROM inbound WHERE id = ?", row -> Rows.inbound(row, packer), id)
                .or(() -> id.indexOf(':') < 0 ? Optional.empty() : exchange(id));
    }

    private Optional<InboundRecord> exchange(String id) {
        return list(
                        "SELECT " + Rows.EXCHANGE + " FROM " + Rows.EXCHANGES + " WHERE e.request = ?",
                        row -> Rows.exchange(row, packer),
                        id.substring(0, id.indexOf(':')))
                .stream()
                .filter(found -> found.id().equals(id))
                .findFirst();
    }

    List<InboundRecord> inboundOf(RequestId requestId) {
        List<InboundRecord> found = new ArrayList<>(list(
                "SELECT " + Rows.EXCHANGE + " FROM " + Rows.EXCHANGES + " WHERE r.request_id = ?",
                row -> Rows.exchange(row, packer),
                requestId.toString()));
        found.addAll(list(
                "SELECT " + Rows.INBOUND
                        + " FROM inbound WHERE substr(request_id, 49) = ? AND request_id = ? ORDER BY id",
                row -> Rows.inbound(row, packer),
                Long.toUnsignedString(requestId.counter()),
                requestId.toString()));
        found.sort(Comparator.comparing(InboundRecord::receivedAt));
        return found;
    }

    /** True if the ledger contains documents that an earlier version received. */
    boolean former() {
        return one("SELECT packed FROM inbound ORDER BY id LIMIT 1", row -> row.getBytes(1) == null)
                .orElse(false);
    }

    Optional<OutboxEntry> delivery(String id) {
        return one("SELECT " + Rows.OUTBOX + " FROM outbox WHERE id = ?", row -> Rows.delivery(row, packer), id);
    }

    List<OutboxEntry> deliveriesOf(String request) {
        return list(
                "SELECT " + Rows.OUTBOX + " FROM outbox WHERE request = ? ORDER BY created_at, id",
                row -> Rows.delivery(row, packer),
                request);
    }

    List<PendingWork> steps(Instant now, String after, int limit) {
        return list(STEPS, Queries::work, now, after, limit);
    }

    List<PendingWork> processing(String after, int limit) {
        return list(PROCESSING, Queries::work, after, limit);
    }

    List<PendingWork> deliveries(Instant now, String after, int limit) {
        return list(DELIVERIES, Queries::work, now, after, limit);
    }

    List<DueWork> retries(Instant until, Optional<DueWork> after, int limit) {
        return list(
                RETRIES,
                row -> new DueWork(
                        row.getString(1), Lane.values()[row.getInt(2)], Instant.ofEpochMilli(row.getLong(3))),
                after.map(DueWork::at).orElse(Instant.EPOCH),
                after.map(DueWork::id).orElse(""),
                until,
                limit);
    }

    List<PendingWork> overdue(Instant now, int limit) {
        return list(OVERDUE, Queries::work, now, limit);
    }

    private static PendingWork work(ResultSet row) throws SQLException {
        int lane = row.getInt(2);
        return new PendingWork(row.getString(1), row.wasNull() ? Lane.INTERACTIVE : Lane.values()[lane]);
    }
}
