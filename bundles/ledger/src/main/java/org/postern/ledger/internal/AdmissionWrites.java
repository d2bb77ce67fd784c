package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.TextLimit;

/** Writes new requests, admitted or refused; each method runs within a transaction of the writer. */
final class AdmissionWrites {

    private final Clock clock;
    private final Ids ids;

    AdmissionWrites(Clock clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Stores a request.
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
        // a refused request does not occupy its correlation id: it may be corrected and submitted again
        Optional<String> key =
                refused ? Optional.empty() : origin.correlationId().map(id -> key(origin.channel(), id));
        String id = ids.next('r');
        Instant now = clock.instant();
        RequestState state = refused ? RequestState.REJECTED : RequestState.ADMITTED;
        String cause = Writes.truncate(request.refusal().orElse(""));
        if (claim.isPresent()) {
            // the counter is claimed only for a new request, so an existing one is searched for first
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
                        + " correlation_id, reply_to, principal, content_type, original, original_sha256, role,"
                        + " service,"
                        + " variant, device, lane, state, cause, original_packed, document_packed, attempts,"
                        + " execution_at,"
                        + " due_at, instructions_done, transitions, created_at, updated_at) VALUES (?, ?, ?, ?, ?,"
                        + " ?, ?,"
                        + " ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 2, ?, ?) ON CONFLICT DO NOTHING")) {
            Rows.set(
                    insert,
                    id,
                    request.requestId().map(RequestId::toString),
                    key,
                    origin.channel().text(),
                    origin.correlationId().map(TextLimit.CORRELATION_ID::checked),
                    origin.replyTo().map(ReplyAddress::toString).map(TextLimit.REPLY_TO::checked),
                    TextLimit.PRINCIPAL.truncated(origin.principal()),
                    origin.contentType(),
                    Writes.NOTHING,
                    target.role().map(Enum::name),
                    target.service().map(TextLimit.SERVICE::truncated),
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
                return earlier(connection, key, sha256).orElseThrow(AdmissionWrites::duplicate);
            }
        }
        // no digests, because they are those of the two documents, which never change
        Details.steps(
                connection,
                id,
                0,
                now,
                List.of(
                        new Change.Step(RequestState.RECEIVED, origin.channel().text(), Optional.empty()),
                        new Change.Step(state, cause, Optional.empty())));
        if (request.remark().isPresent()) {
            Details.remark(connection, id, now, Writes.truncate(request.remark().get()));
        }
        return new Admitted(id, false, Optional.of(Rows.stored(id, request, state, cause, now)));
    }

    /** The idempotency key: the channel and the caller's own id. */
    static String key(Channel channel, String correlationId) {
        return channel.text() + ":" + TextLimit.CORRELATION_ID.checked(correlationId);
    }

    /** The request that was submitted before with that key. */
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
                            "submitted before with different content",
                            "use a new correlation id for the new request");
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
                "each RequestID is used once",
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
}
