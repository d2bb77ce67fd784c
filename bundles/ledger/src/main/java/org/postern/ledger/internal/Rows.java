package org.postern.ledger.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.catalogue.UserRole;
import org.postern.ledger.Evidence;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Target;
import org.postern.ledger.TextLimit;

/** Converts table rows to records, and sets the parameters of statements. */
final class Rows {

    /** Columns of {@link #request}, in any order. */
    static final String REQUEST =
            "id, request_id, door, correlation_id, reply_to, principal, content_type, role, service, variant,"
                    + " device, lane, state, cause, response_code, success, wire_endpoint, attempts, retry_at, untold,"
                    + " execution_at, due_at, instructions_done, transitions, created_at, updated_at";
    /** Columns of {@link #documents}. */
    static final String DOCUMENTS =
            "id, wire_endpoint, original, document, wire, transform_wire, pre_command, signed_pre_command,"
                    + " original_packed, document_packed, wire_packed, transform_packed, pre_command_packed,"
                    + " signed_packed";
    /** Columns of {@link #inbound}. */
    static final String INBOUND =
            "id, identity, identity_text, request_id, kind, response_code, sha256, body, packed, received_at, signer,"
                    + " state, cause";
    /** Columns of {@link #exchange}, of {@link #EXCHANGES}. */
    static final String EXCHANGE =
            "e.request, e.content, r.request_id, e.kind, e.response_code, e.packed, e.received_at, e.signer, e.cause";
    /** The tables of {@link #EXCHANGE}. */
    static final String EXCHANGES = "exchanges e JOIN requests r ON r.id = e.request";
    /** Columns of {@link #delivery}. */
    static final String OUTBOX =
            "id, request, kind, destination, headers, content_type, body, json, packed, state, attempts,"
                    + " created_at, body_content, (SELECT x.packed FROM exchanges x WHERE x.request = outbox.request"
                    + " AND x.content = outbox.body_content) AS body_packed";

    /** Columns of {@link #evidence}. */
    static final String EVIDENCE =
            "verdict, rule_version, use_case, device_facts, exchanged_at, tolerance_seconds, request_sha256,"
                    + " pre_command_sha256, excused, differences, signature, key_alias, certificate_issuer,"
                    + " certificate_serial, signed_at, certificate_sha256, COALESCE(certificate, (SELECT c.certificate"
                    + " FROM certificates c WHERE c.sha256 = certificate_sha256)) AS certificate";

    private Rows() {}

    static RequestRecord request(ResultSet row) throws SQLException {
        int variant = row.getInt("variant");
        boolean hasVariant = !row.wasNull();
        int success = row.getInt("success");
        Optional<Boolean> outcome = row.wasNull() ? Optional.empty() : Optional.of(success != 0);
        Origin origin = new Origin(
                Channel.of(row.getString("door")),
                text(row, "correlation_id"),
                text(row, "reply_to").flatMap(ReplyAddress::parse),
                row.getString("principal"),
                row.getString("content_type"));
        Target target = new Target(
                text(row, "role").map(UserRole::valueOf),
                text(row, "service"),
                hasVariant ? Optional.of(CommandVariant.of(variant)) : Optional.empty(),
                text(row, "device").map(Eui64::parse));
        return new RequestRecord(
                row.getString("id"),
                text(row, "request_id").map(RequestId::parse),
                origin,
                target,
                Lane.values()[row.getInt("lane")],
                new RequestRecord.Progress(
                        RequestState.valueOf(row.getString("state")),
                        row.getString("cause"),
                        text(row, "response_code"),
                        outcome,
                        row.getInt("transitions")),
                new RequestRecord.Sending(
                        text(row, "wire_endpoint").map(ServiceEndpoint::valueOf),
                        row.getInt("attempts"),
                        time(row, "retry_at"),
                        row.getInt("untold")),
                new RequestRecord.Timing(
                        time(row, "execution_at"), time(row, "due_at"), row.getInt("instructions_done")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }

    /**
     * A request that has just been written, as a query would return it: texts truncated to their columns, times in
     * milliseconds.
     */
    static StoredRequest stored(String id, NewRequest request, RequestState state, String cause, Instant at) {
        Origin origin = request.origin();
        Target target = request.target();
        Instant time = millis(at);
        RequestRecord record = new RequestRecord(
                id,
                request.requestId(),
                new Origin(
                        origin.channel(),
                        origin.correlationId(),
                        origin.replyTo(),
                        TextLimit.PRINCIPAL.truncated(origin.principal()),
                        origin.contentType()),
                new Target(
                        target.role(),
                        target.service().map(TextLimit.SERVICE::truncated),
                        target.variant(),
                        target.device()),
                request.lane(),
                new RequestRecord.Progress(state, cause, Optional.empty(), Optional.empty(), 2),
                RequestRecord.Sending.NONE,
                new RequestRecord.Timing(
                        request.executionTime().map(Rows::millis),
                        request.dueBy().map(Rows::millis),
                        0),
                time,
                time);
        return new StoredRequest(
                record,
                new RequestDocuments(
                        request.original(),
                        request.document(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The documents of a request. Packed columns are preferred to the columns that an earlier version wrote. */
    static RequestDocuments documents(ResultSet row, Packer packer) throws SQLException {
        Optional<byte[]> transform = document(row, "transform_packed", "transform_wire", packer);
        boolean same = ServiceEndpoint.TRANSFORM.name().equals(row.getString("wire_endpoint"));
        return new RequestDocuments(
                document(row, "original_packed", "original", packer).orElseThrow(),
                document(row, "document_packed", "document", packer),
                same ? transform : document(row, "wire_packed", "wire", packer),
                transform,
                document(row, "pre_command_packed", "pre_command", packer),
                document(row, "signed_packed", "signed_pre_command", packer));
    }

    private static Optional<byte[]> document(ResultSet row, String packed, String former, Packer packer)
            throws SQLException {
        byte[] bytes = row.getBytes(packed);
        return bytes == null
                ? bytes(row, former)
                : Optional.of(packer.unpack(bytes, row.getString("id") + "/" + former));
    }

    /** SHA-256 of a packed document, or of a document of an earlier version, in hex. */
    static String sha256(ResultSet row, String packed, String former) throws SQLException {
        byte[] bytes = row.getBytes(packed);
        return bytes == null ? row.getString(former) : Packer.sha256Of(bytes);
    }

    static InboundRecord inbound(ResultSet row, Packer packer) throws SQLException {
        Optional<RequestId> requestId = text(row, "request_id").map(RequestId::parse);
        String kind = row.getString("kind");
        String code = row.getString("response_code");
        String identity = text(row, "identity_text")
                .map(text -> InboundWrites.whole(text, requestId, kind, code))
                .orElse(row.getString("identity"));
        return new InboundRecord(
                row.getString("id"),
                new InboundIdentity(identity),
                requestId,
                kind,
                code,
                sha256(row, "packed", "sha256"),
                Instant.ofEpochMilli(row.getLong("received_at")),
                row.getString("signer"),
                InboundState.valueOf(row.getString("state")),
                row.getString("cause"),
                document(row, "packed", "body", packer).orElseThrow());
    }

    /** An answer that is stored with its request: its id consists of the request's id and the digest of its content. */
    static InboundRecord exchange(ResultSet row, Packer packer) throws SQLException {
        String request = row.getString("request");
        String content = HexFormat.of().formatHex(row.getBytes("content"));
        byte[] packed = row.getBytes("packed");
        return new InboundRecord(
                exchangeId(request, content),
                InboundIdentity.exchanged(request, content),
                text(row, "request_id").map(RequestId::parse),
                row.getString("kind"),
                row.getString("response_code"),
                Packer.sha256Of(packed),
                Instant.ofEpochMilli(row.getLong("received_at")),
                row.getString("signer"),
                InboundState.EXCHANGED,
                row.getString("cause"),
                packer.unpack(packed, "exchanges/" + request));
    }

    static String exchangeId(String request, String content) {
        return request + ":" + content;
    }

    static OutboxEntry delivery(ResultSet row, Packer packer) throws SQLException {
        String id = row.getString("id");
        byte[] packed = row.getBytes("packed");
        DeliveryForm form = packed == null
                ? new DeliveryForm(Headers.read(row.getString("headers")), row.getBytes("body"), text(row, "json"))
                : DeliveryForm.read(packer.unpack(packed, "outbox/" + id), "outbox/" + id);
        return new OutboxEntry(
                id,
                text(row, "request"),
                DeliveryKind.valueOf(row.getString("kind")),
                ReplyAddress.parse(row.getString("destination")).orElse(ReplyAddress.COMMON),
                form.headers(),
                row.getString("content_type"),
                row.getBytes("body_content") == null ? form.body() : shared(row, packer),
                form.json(),
                DeliveryState.valueOf(row.getString("state")),
                row.getInt("attempts"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }

    private static byte[] shared(ResultSet row, Packer packer) throws SQLException {
        String name = "outbox/" + row.getString("id") + "/body";
        return packer.unpack(bytes(row, "body_packed").orElseThrow(() -> Packer.damaged(name, "no such answer")), name);
    }

    static Evidence evidence(ResultSet row) throws SQLException {
        byte[] signature = row.getBytes("signature");
        Optional<byte[]> digest = bytes(row, "certificate_sha256");
        if (digest.isPresent()
                && !Arrays.equals(
                        digest.get(), bytes(row, "certificate").map(Sha256::of).orElse(null))) {
            throw Packer.damaged("evidence/certificate", "a different digest");
        }
        Optional<Evidence.Signing> signing = signature == null
                ? Optional.empty()
                : Optional.of(new Evidence.Signing(
                        signature,
                        text(row, "key_alias").orElse(""),
                        text(row, "certificate_issuer").orElse(""),
                        text(row, "certificate_serial").orElse(""),
                        bytes(row, "certificate").orElse(new byte[0]),
                        time(row, "signed_at").orElse(Instant.EPOCH)));
        return new Evidence(
                CorrelationVerdict.of(row.getString("verdict")),
                row.getString("rule_version"),
                row.getString("use_case"),
                row.getString("device_facts"),
                Instant.ofEpochMilli(row.getLong("exchanged_at")),
                Duration.ofSeconds(row.getLong("tolerance_seconds")),
                row.getString("request_sha256"),
                row.getString("pre_command_sha256"),
                row.getString("excused"),
                row.getString("differences"),
                signing);
    }

    static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static Optional<byte[]> bytes(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column));
    }

    /** Sets parameters in order: text, number, bytes, Instant, an Optional of one of them, or null. */
    static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            set(statement, i + 1, values[i]);
        }
    }

    static void set(PreparedStatement statement, int index, Object given) throws SQLException {
        Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Instant instant) {
            statement.setLong(index, instant.toEpochMilli());
        } else {
            throw new IllegalArgumentException(
                    "no column type for a " + value.getClass().getSimpleName());
        }
    }
}
