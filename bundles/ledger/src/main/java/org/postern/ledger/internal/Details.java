package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.Evidence;
import org.postern.ledger.Instruction;
import org.postern.ledger.TextLimit;

/** Writes rows of other tables that belong to a request, in the transaction of its change. */
final class Details {

    private Details() {}

    /**
     * Writes the transitions of a request in one statement.
     *
     * @param before number of transitions before
     */
    static void steps(Connection connection, String id, int before, Instant at, List<Change.Step> steps)
            throws SQLException {
        if (steps.isEmpty()) {
            return;
        }
        List<Object> values = new ArrayList<>();
        int sequence = before;
        for (Change.Step step : steps) {
            values.addAll(List.of(
                    id,
                    ++sequence,
                    step.to().name(),
                    at,
                    Writes.truncate(step.cause()),
                    step.digest().map(HexFormat.of()::parseHex)));
        }
        String rows = String.join(", ", Collections.nCopies(steps.size(), "(?, ?, ?, ?, ?, ?)"));
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO steps (request, sequence, to_state, at, cause, digest) VALUES " + rows)) {
            Rows.set(insert, values.toArray());
            insert.executeUpdate();
        }
    }

    static void evidence(Connection connection, String id, Evidence evidence) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO evidence (request, verdict, rule_version, use_case,"
                        + " device_facts, exchanged_at, tolerance_seconds, request_sha256, pre_command_sha256, excused,"
                        + " differences) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request) DO UPDATE SET"
                        + " verdict = excluded.verdict, rule_version = excluded.rule_version, use_case ="
                        + " excluded.use_case, device_facts = excluded.device_facts, exchanged_at ="
                        + " excluded.exchanged_at,"
                        + " tolerance_seconds = excluded.tolerance_seconds, request_sha256 = excluded.request_sha256,"
                        + " pre_command_sha256 = excluded.pre_command_sha256, excused = excluded.excused, differences ="
                        + " excluded.differences")) {
            Rows.set(
                    insert,
                    id,
                    evidence.verdict().text(),
                    TextLimit.RULE_VERSION.truncated(evidence.ruleVersion()),
                    TextLimit.USE_CASE.truncated(evidence.useCase()),
                    evidence.deviceFacts(),
                    evidence.exchangedAt(),
                    evidence.tolerance().toSeconds(),
                    evidence.requestSha256(),
                    evidence.preCommandSha256(),
                    evidence.excused(),
                    evidence.differences());
            insert.executeUpdate();
        }
    }

    static void signing(Connection connection, String id, Evidence.Signing signing) throws SQLException {
        byte[] sha256 = Sha256.of(signing.certificate());
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO certificates (sha256, certificate) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            Rows.set(insert, sha256, signing.certificate());
            insert.executeUpdate();
        }
        try (PreparedStatement sign = connection.prepareStatement("UPDATE evidence SET signature = ?, key_alias = ?,"
                + " certificate_issuer = ?, certificate_serial = ?, certificate = NULL, certificate_sha256 = ?,"
                + " signed_at"
                + " = ? WHERE request = ?")) {
            Rows.set(
                    sign,
                    signing.signature(),
                    TextLimit.KEY_ALIAS.truncated(signing.keyAlias()),
                    TextLimit.ISSUER.truncated(signing.issuer()),
                    signing.serial(),
                    sha256,
                    signing.at(),
                    id);
            sign.executeUpdate();
        }
    }

    /** Writes the outcome of an instruction; false if an outcome with the same number is stored already. */
    static boolean instruction(Connection connection, String id, Instruction instruction) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO instructions (request, number, total, actioned, subject, inbound, at, remark) VALUES (?,"
                        + " ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request, number) DO NOTHING")) {
            Rows.set(
                    insert,
                    id,
                    instruction.number(),
                    instruction.total(),
                    instruction.actioned() ? 1 : 0,
                    TextLimit.SUBJECT.truncated(instruction.subject()),
                    instruction.inbound(),
                    instruction.at(),
                    Writes.truncate(instruction.remark()));
            return insert.executeUpdate() == 1;
        }
    }

    static void remark(Connection connection, String id, Instant at, String text) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO remarks (request, sequence, at, text)"
                + " SELECT ?, COALESCE(MAX(sequence), 0) + 1, ?, ? FROM remarks WHERE request = ?")) {
            Rows.set(insert, id, at, text, id);
            insert.executeUpdate();
        }
    }
}
