package org.postern.ledger.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import org.postern.ledger.Evidence;
import org.postern.ledger.Instruction;

/** What is written beside a request's own row, in the transaction of its change. */
final class Details {

    private static final int LONGEST_SUBJECT = 400;

    private Details() {
    }

    static void evidence(Connection connection, String id, Evidence evidence) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO evidence (request, verdict, rule_version, use_case,"
                + " device_facts, exchanged_at, tolerance_seconds, request_sha256, pre_command_sha256, excused, differences)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (request) DO UPDATE SET verdict = excluded.verdict, rule_version = excluded.rule_version,"
                + " use_case = excluded.use_case, device_facts = excluded.device_facts, exchanged_at = excluded.exchanged_at,"
                + " tolerance_seconds = excluded.tolerance_seconds, request_sha256 = excluded.request_sha256,"
                + " pre_command_sha256 = excluded.pre_command_sha256, excused = excluded.excused,"
                + " differences = excluded.differences")) {
            Rows.set(insert, id, evidence.verdict().text(), evidence.ruleVersion(), evidence.useCase(), evidence.deviceFacts(),
                    evidence.exchangedAt(), evidence.tolerance().toSeconds(), evidence.requestSha256(), evidence.preCommandSha256(),
                    evidence.excused(), evidence.differences());
            insert.executeUpdate();
        }
    }

    static void signing(Connection connection, String id, Evidence.Signing signing) throws SQLException {
        try (PreparedStatement sign = connection.prepareStatement("UPDATE evidence SET signature = ?, key_alias = ?,"
                + " certificate_issuer = ?, certificate_serial = ?, certificate = ?, signed_at = ? WHERE request = ?")) {
            Rows.set(sign, signing.signature(), signing.keyAlias(), signing.issuer(), signing.serial(), signing.certificate(),
                    signing.at(), id);
            sign.executeUpdate();
        }
    }

    /** True where it is the first of its number. */
    static boolean instruction(Connection connection, String id, Instruction instruction) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO instructions (request, number, total, actioned,"
                + " subject, inbound, at, remark) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request, number) DO NOTHING")) {
            String subject = instruction.subject();
            Rows.set(insert, id, instruction.number(), instruction.total(), instruction.actioned() ? 1 : 0,
                    subject.length() <= LONGEST_SUBJECT ? subject : subject.substring(0, LONGEST_SUBJECT), instruction.inbound(),
                    instruction.at(), Writes.cut(instruction.remark()));
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
