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

/** What is written of the DCC's documents, each method within a transaction of the one writer. */
final class InboundWrites {

    /** 144 bits of a SHA-256, as text of 24 characters. */
    private static final int KEY_BYTES = 18;

    private static final int DIGEST_DIGITS = 64;
    /** In place of what the row's other columns tell; no identity begins with it. */
    private static final String SAME = "*";

    private final Ids ids;
    private final boolean former;

    /**
     * @param former true where there are rows of a former version, which have the identity's whole text as their key
     */
    InboundWrites(Ids ids, boolean former) {
        this.ids = ids;
        this.former = former;
    }

    /**
     * What stands in the column of the identity: a digest of its text, because it stands in an index too. No text is
     * such a digest.
     */
    static String key(InboundIdentity identity) {
        byte[] digest = Sha256.of(identity.text().getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, KEY_BYTES));
    }

    /** False where it is not stored, or was processed before. */
    static boolean processed(Connection connection, String id, String cause) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE inbound SET state = ?, cause = ? WHERE id = ? AND state = ?")) {
            Rows.set(update, InboundState.PROCESSED.name(), Writes.cut(cause), id, InboundState.STORED.name());
            return update.executeUpdate() == 1;
        }
    }

    /** A row that has a certain identity. */
    private record Twin(String id, String sha256, String content) {}

    InboundResult store(Connection connection, InboundDocument document, byte[] packed) throws SQLException {
        Optional<Twin> twin = former ? twin(connection, document.identity().text()) : Optional.empty();
        if (twin.isEmpty()) {
            String id = ids.next('i');
            if (insert(connection, id, document, document.identity(), packed, InboundState.STORED)) {
                return new InboundResult(InboundResult.Outcome.STORED, id);
            }
            twin = twin(connection, key(document.identity()));
        }
        if (twin.filter(there -> there.sha256.equals(Packer.sha256Of(packed))
                        || !document.content().isEmpty() && there.content.equals(document.content()))
                .isPresent()) {
            return new InboundResult(InboundResult.Outcome.DUPLICATE, twin.get().id);
        }
        return quarantine(connection, document, packed);
    }

    /** Under an identity of its own, so that it never stands in the way of the document whose identity it has. */
    InboundResult quarantine(Connection connection, InboundDocument document, byte[] packed) throws SQLException {
        InboundIdentity apart =
                document.identity().apart(document.content().isEmpty() ? Packer.sha256Of(packed) : document.content());
        Optional<Twin> twin = former ? twin(connection, apart.text()) : Optional.empty();
        if (twin.isEmpty()) {
            insert(connection, ids.next('i'), document, apart, packed, InboundState.QUARANTINED);
            twin = twin(connection, key(apart));
        }
        return new InboundResult(InboundResult.Outcome.QUARANTINED, twin.orElseThrow().id);
    }

    private static Optional<Twin> twin(Connection connection, String identity) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, sha256, packed, content, content_sha256 FROM inbound WHERE identity = ?")) {
            select.setString(1, identity);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Twin(
                                row.getString(1),
                                Rows.sha256(row, "packed", "sha256"),
                                Optional.ofNullable(row.getBytes("content_sha256"))
                                        .map(HexFormat.of()::formatHex)
                                        .orElse(row.getString("content"))))
                        : Optional.empty();
            }
        }
    }

    /** Asked for each document, hence without a regular expression. */
    private static boolean digest(String content) {
        return content.length() == DIGEST_DIGITS
                && content.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /**
     * True where the identity of an exchanged answer says no more than that it is that: it is kept with its request.
     */
    static boolean withRequest(Optional<String> request, InboundDocument document) {
        return request.isPresent()
                && digest(document.content())
                && document.identity().equals(InboundIdentity.exchanged(request.get(), document.content()));
    }

    /**
     * Keeps the answer of an exchange.
     *
     * @return true where these very bytes are kept with the request; false where they are kept elsewhere, or others of
     *     the same content
     */
    boolean exchanged(Connection connection, Optional<String> request, InboundDocument document, byte[] packed)
            throws SQLException {
        if (!withRequest(request, document)) {
            insert(connection, ids.next('i'), document, document.identity(), packed, InboundState.EXCHANGED);
            return false;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO exchanges (request, content, kind, response_code,"
                        + " received_at, signer, cause, packed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request, content) DO NOTHING")) {
            Rows.set(
                    insert,
                    request,
                    HexFormat.of().parseHex(document.content()),
                    TextLimit.KIND.fitted(document.kind()),
                    TextLimit.RESPONSE_CODE.fitted(document.responseCode()),
                    document.receivedAt(),
                    TextLimit.SIGNER.fitted(document.signer()),
                    Writes.cut(document.remark()),
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
                        + " response_code, sha256, body, packed, received_at, signer, state, cause, content, content_sha256)"
                        + " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING")) {
            Rows.set(
                    insert,
                    id,
                    key(identity),
                    shortened(identity, document),
                    document.requestId().map(RequestId::toString),
                    TextLimit.KIND.fitted(document.kind()),
                    TextLimit.RESPONSE_CODE.fitted(document.responseCode()),
                    Writes.NOTHING,
                    packed,
                    document.receivedAt(),
                    TextLimit.SIGNER.fitted(document.signer()),
                    state.name(),
                    Writes.cut(document.remark()),
                    digest ? "" : document.content(),
                    digest ? Optional.of(HexFormat.of().parseHex(document.content())) : Optional.empty());
            return insert.executeUpdate() == 1;
        }
    }

    /** The text without what the row's other columns tell: how the identity of nearly every answer begins. */
    private static String shortened(InboundIdentity identity, InboundDocument document) {
        String begins = begins(
                document.requestId(),
                TextLimit.KIND.fitted(document.kind()),
                TextLimit.RESPONSE_CODE.fitted(document.responseCode()));
        return !begins.isEmpty() && identity.text().startsWith(begins)
                ? SAME + identity.text().substring(begins.length())
                : identity.text();
    }

    /** The whole text of a shortened one. */
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
