package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundResult;
import org.postern.ledger.Settlement;
import org.postern.ledger.TextLimit;

/** What is written of documents that the DCC sent, each method within a transaction of the one writer. */
final class InboundWrites {

    private final Ids ids;

    InboundWrites(Ids ids) {
        this.ids = ids;
    }

    InboundResult store(Connection connection, InboundDocument document) throws SQLException {
        return store(connection, document, InboundState.STORED, document.remark());
    }

    /** Stores a document and its effect; the effect only where the document is new. */
    Settlement settle(Connection connection, InboundDocument document, String cause, Change change, Writes writes) throws SQLException {
        InboundResult result = store(connection, document, InboundState.PROCESSED, cause);
        if (result.outcome() != InboundResult.Outcome.STORED) {
            return new Settlement(result, false);
        }
        boolean applied = writes.apply(connection, change);
        if (!applied) {
            reopen(connection, result.id(), document.remark());
        }
        return new Settlement(result, applied);
    }

    private InboundResult store(Connection connection, InboundDocument document, InboundState state, String cause) throws SQLException {
        String sha256 = Sha256.hex(document.body());
        String id = ids.next('i');
        if (insert(connection, id, document, document.identity(), sha256, state, cause)) {
            return new InboundResult(InboundResult.Outcome.STORED, id);
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT id, sha256, content FROM inbound WHERE identity = ?")) {
            select.setString(1, document.identity().text());
            try (ResultSet row = select.executeQuery()) {
                if (row.next() && (row.getString(2).equals(sha256)
                        || !document.content().isEmpty() && row.getString(3).equals(document.content()))) {
                    return new InboundResult(InboundResult.Outcome.DUPLICATE, row.getString(1));
                }
            }
        }
        return quarantine(connection, id, document, sha256);
    }

    InboundResult quarantine(Connection connection, InboundDocument document) throws SQLException {
        return quarantine(connection, ids.next('i'), document, Sha256.hex(document.body()));
    }

    /** Under an identity of its own, so that it never stands in the way of the document whose identity it has. */
    private static InboundResult quarantine(Connection connection, String id, InboundDocument document, String sha256) throws SQLException {
        InboundIdentity apart = document.identity().apart(document.content().isEmpty() ? sha256 : document.content());
        insert(connection, id, document, apart, sha256, InboundState.QUARANTINED, document.remark());
        try (PreparedStatement select = connection.prepareStatement("SELECT id FROM inbound WHERE identity = ?")) {
            select.setString(1, apart.text());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new InboundResult(InboundResult.Outcome.QUARANTINED, row.getString(1));
            }
        }
    }

    /** The answer of the same exchange, which needs no processing. */
    void exchanged(Connection connection, InboundDocument document) throws SQLException {
        insert(connection, ids.next('i'), document, document.identity(), Sha256.hex(document.body()), InboundState.EXCHANGED, document.remark());
    }

    private static boolean insert(Connection connection, String id, InboundDocument document, InboundIdentity identity,
            String sha256, InboundState state, String cause) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO inbound (id, identity, request_id, kind,"
                + " response_code, sha256, body, received_at, signer, state, cause, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (identity) DO NOTHING")) {
            Rows.set(insert, id, identity.text(), document.requestId().map(RequestId::toString),
                    TextLimit.KIND.fitted(document.kind()), TextLimit.RESPONSE_CODE.fitted(document.responseCode()), sha256,
                    document.body(), document.receivedAt(), TextLimit.SIGNER.fitted(document.signer()), state.name(), Writes.cut(cause), document.content());
            return insert.executeUpdate() == 1;
        }
    }

    /** False where it is not stored, or was processed before. */
    static boolean processed(Connection connection, String id, String cause) throws SQLException {
        return moved(connection, id, InboundState.STORED, InboundState.PROCESSED, cause);
    }

    /** What this transaction has called processed waits to be processed. */
    private static void reopen(Connection connection, String id, String cause) throws SQLException {
        moved(connection, id, InboundState.PROCESSED, InboundState.STORED, cause);
    }

    private static boolean moved(Connection connection, String id, InboundState from, InboundState to, String cause) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE inbound SET state = ?, cause = ? WHERE id = ? AND state = ?")) {
            Rows.set(update, to.name(), Writes.cut(cause), id, from.name());
            return update.executeUpdate() == 1;
        }
    }
}
