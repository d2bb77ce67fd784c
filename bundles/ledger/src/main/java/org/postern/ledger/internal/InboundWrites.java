package org.postern.ledger.internal;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundResult;
import org.postern.ledger.TextLimit;

/** Writes documents received from the DCC; each method runs within a transaction of the writer. */
final class InboundWrites {

    /** 144 bits of a SHA-256, as text of 24 characters. */
    private static final int KEY_BYTES = 18;

    private static final int DIGEST_DIGITS = 64;
    /** Replaces the part of the identity that the row's other columns contain; no identity starts with it. */
    private static final String SAME = "*";

    private final Ids ids;
    private final boolean former;

    /** @param former true if there are rows of an earlier version, whose key is the full text of the identity */
    InboundWrites(Ids ids, boolean former) {
        this.ids = ids;
        this.former = former;
    }

    /**
     * The value of the identity column: a digest of the text, which keeps its index small. It never equals the text of
     * an identity.
     */
    static String key(InboundIdentity identity) {
        byte[] digest = Sha256.of(identity.text().getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, KEY_BYTES));
    }

    /** Marks a document as processed; false if it does not exist or was processed before. */
    static boolean processed(Connection connection, String id, String cause) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE inbound SET state = ?, cause = ? WHERE id = ? AND state = ?")) {
            Rows.set(update, InboundState.PROCESSED.name(), Writes.truncate(cause), id, InboundState.STORED.name());
            return update.executeUpdate() == 1;
        }
    }

    /** A stored row with the same identity. */
    private record StoredRow(String id, String sha256, String content) {}

    InboundResult store(Connection connection, InboundDocument document, byte[] packed) throws SQLException {
        Optional<StoredRow> existing =
                former ? existing(connection, document.identity().text()) : Optional.empty();
        if (existing.isEmpty()) {
            String id = ids.next('i');
            if (insert(connection, id, document, document.identity(), packed, InboundState.STORED)) {
                return new InboundResult(InboundResult.Outcome.STORED, id);
            }
            existing = existing(connection, key(document.identity()));
        }
        if (existing.filter(there -> there.sha256.equals(Packer.sha256Of(packed))
                        || !document.content().isEmpty() && there.content.equals(document.content()))
                .isPresent()) {
            return new InboundResult(InboundResult.Outcome.DUPLICATE, existing.get().id);
        }
        return quarantine(connection, document, packed);
    }

    /**
     * Stores a document under an identity of its own, so that it never blocks the document whose identity it carries.
     */
    InboundResult quarantine(Connection connection, InboundDocument document, byte[] packed) throws SQLException {
        InboundIdentity apart =
                document.identity().apart(document.content().isEmpty() ? Packer.sha256Of(packed) : document.content());
        Optional<StoredRow> existing = former ? existing(connection, apart.text()) : Optional.empty();
        if (existing.isEmpty()) {
            insert(connection, ids.next('i'), document, apart, packed, InboundState.QUARANTINED);
            existing = existing(connection, key(apart));
        }
        return new InboundResult(InboundResult.Outcome.QUARANTINED, existing.orElseThrow().id);
    }

    private static Optional<StoredRow> existing(Connection connection, String identity) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, sha256, packed, content, content_sha256 FROM inbound WHERE identity = ?")) {
            select.setString(1, identity);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new StoredRow(
                                row.getString(1),
                                Rows.sha256(row, "packed", "sha256"),
                                Optional.ofNullable(row.getBytes("content_sha256"))
                                        .map(HexFormat.of()::formatHex)
                                        .orElse(row.getString("content"))))
                        : Optional.empty();
            }
        }
    }

    /** Without a regular expression, because it is called for every document. */
    private static boolean digest(String content) {
        return content.length() == DIGEST_DIGITS
                && content.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /**
     * True if the identity of an exchanged answer consists only of its request and content; such an answer is stored
     * with its request.
     */
    static boolean withRequest(Optional<String> request, InboundDocument document) {
        return request.isPresent()
                && digest(document.content())
                && document.identity().equals(InboundIdentity.exchanged(request.get(), document.content()));
    }

    /**
     * Stores the answer of an exchange.
     *
     * @return true if exactly these bytes are stored with the request; false if they are stored elsewhere, or if other
     *     bytes with the same content are stored
     */
    boolean exchanged(Connection connection, Optional<String> request, InboundDocument document, byte[] packed)
            throws SQLException {
        if (!withRequest(request, document)) {
            insert(connection, ids.next('i'), document, document.identity(), packed, InboundState.EXCHANGED);
            return false;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO exchanges (request, content, kind, response_code, received_at, signer, cause, packed)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request, content) DO NOTHING")) {
            Rows.set(
                    insert,
                    request,
                    HexFormat.of().parseHex(document.content()),
                    TextLimit.KIND.truncated(document.kind()),
                    TextLimit.RESPONSE_CODE.truncated(document.responseCode()),
                    document.receivedAt(),
                    TextLimit.SIGNER.truncated(document.signer()),
                    Writes.truncate(document.remark()),
                    packed);
            return insert.executeUpdate() == 1;
        }
    }

    private static boolean insert(
            Connection connection,
            String id,
            InboundDocument document,
            InboundIdentity identity,
            byte[] packed,
            InboundState state)
            throws SQLException {
        boolean digest = digest(document.content());
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO inbound (id, identity, identity_text, request_id, kind,"
                        + " response_code, sha256, body, packed, received_at, signer, state, cause, content,"
                        + " content_sha256) VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                        + " (identity)"
                        + " DO NOTHING")) {
            Rows.set(
                    insert,
                    id,
                    key(identity),
                    shortened(identity, document),
                    document.requestId().map(RequestId::toString),
                    TextLimit.KIND.truncated(document.kind()),
                    TextLimit.RESPONSE_CODE.truncated(document.responseCode()),
                    Writes.NOTHING,
                    packed,
                    document.receivedAt(),
                    TextLimit.SIGNER.truncated(document.signer()),
                    state.name(),
                    Writes.truncate(document.remark()),
                    digest ? "" : document.content(),
                    digest ? Optional.of(HexFormat.of().parseHex(document.content())) : Optional.empty());
            return insert.executeUpdate() == 1;
        }
    }

    /**
     * The text of the identity without the prefix that the row's other columns contain; the identities of nearly all
     * answers start with it.
     */
    private static String shortened(InboundIdentity identity, InboundDocument document) {
        String begins = begins(
                document.requestId(),
                TextLimit.KIND.truncated(document.kind()),
                TextLimit.RESPONSE_CODE.truncated(document.responseCode()));
        return !begins.isEmpty() && identity.text().startsWith(begins)
                ? SAME + identity.text().substring(begins.length())
                : identity.text();
    }

    /** The full text of a shortened identity. */
    static String whole(String shortened, Optional<RequestId> requestId, String kind, String responseCode) {
        return shortened.startsWith(SAME)
                ? begins(requestId, kind, responseCode) + shortened.substring(SAME.length())
                : shortened;
    }

    private static String begins(Optional<RequestId> requestId, String kind, String responseCode) {
        return requestId
                .map(id -> id.responseId() + "|" + kind + "|" + responseCode + "|")
                .orElse("");
    }
}
