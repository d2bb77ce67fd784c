package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.ledger.Change;
import org.postern.ledger.DueWork;
import org.postern.ledger.RequestState;

/** Every engine must execute the periodic queries with an index and without sorting. */
abstract class PlanContract extends TextContract {

    private static final int ROWS = 20_000;
    private static final String FAR = "4000000000000";

    /** Another connection to the same database. */
    abstract Connection connect() throws SQLException;

    /** The plan of a query as reported by the engine, one line for each part. */
    abstract String plan(Statement statement, String query) throws SQLException;

    /** Updates the statistics that the engine otherwise updates automatically. */
    abstract String upkeep();

    static String plan(Statement statement, String query, String column) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                plan.append(rows.getString(column)).append('\n');
            }
        }
        return plan.toString();
    }

    static Stream<Arguments> looks() {
        return Stream.of(
                Arguments.of("requests_steps", Queries.STEPS, new String[] {"5", "''", "1000"}),
                Arguments.of("requests_retries", Queries.RETRIES, new String[] {"0", "''", "5", "1000"}),
                Arguments.of("requests_retries", "SELECT id FROM requests WHERE " + Writes.RETRY_AFTER, new String[] {
                    "5000000000000"
                }),
                Arguments.of("requests_overdue", Queries.OVERDUE, new String[] {"5", "1000"}),
                Arguments.of("inbound_state", Queries.PROCESSING, new String[] {"''", "1000"}),
                Arguments.of("outbox_state", Queries.DELIVERIES, new String[] {"5", "''", "1000"}),
                Arguments.of("requests_originator", ReservedCounters.NEWEST_OF_ORIGINATOR, new String[] {
                    "'" + USER.dashed() + "'"
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looks")
    void aPeriodicQueryUsesItsIndexWithoutSorting(String index, String query, String[] values) throws SQLException {
        String asked = query;
        for (String value : values) {
            asked = asked.replaceFirst("\\?", value);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            fill(statement);
            statement.execute(upkeep());
            assertThat(plan(statement, asked))
                    .as(asked)
                    .contains(index)
                    .doesNotContainIgnoringCase("sort")
                    .doesNotContain(
                            "TEMP B-TREE",
                            "SCAN ",
                            "Seq Scan on requests",
                            "Seq Scan on inbound",
                            "Seq Scan on outbox");
        }
    }

    /** No request is due: waiting and future-dated requests of the far future, and ended ones. */
    private static void fill(Statement statement) throws SQLException {
        int k = 0;
        for (String state : new String[] {"IN_DOUBT", "ACCEPTED_BY_DEVICE", "DELIVERED"}) {
            String retry = state.equals("IN_DOUBT") ? FAR : "NULL";
            statement.executeUpdate(
                    "WITH RECURSIVE n(i) AS (SELECT " + k * ROWS + " UNION ALL SELECT i + 1 FROM n WHERE i < "
                            + (++k * ROWS - 1)
                            + ") INSERT INTO requests (id, request_id, door, principal, content_type, original,"
                            + " original_sha256, lane, state, cause, attempts, retry_at, due_at, instructions_done,"
                            + " transitions, created_at, updated_at) SELECT 'r-' || i,"
                            + " '90-B3-D5-1F-30-02-00-00:00-DB-12-34-56-78-90-01:' || i, 'http', '', 'xml', '', '', 0,"
                            + " '" + state + "', '', 0, " + retry + ", " + FAR + ", 0, 2, 0, 0 FROM n");
        }
        statement.executeUpdate(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ") INSERT INTO"
                        + " inbound (id,"
                        + " identity, kind,"
                        + " response_code,"
                        + " sha256, body,"
                        + " received_at,"
                        + " signer, state,"
                        + " cause) SELECT"
                        + " 'i-' || i, 'x'"
                        + " || i, '', '',"
                        + " '', '', 0, '',"
                        + " 'PROCESSED', ''"
                        + " FROM n");
        statement.executeUpdate(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ") INSERT INTO"
                        + " outbox (id,"
                        + " kind,"
                        + " destination,"
                        + " headers,"
                        + " content_type,"
                        + " body, state,"
                        + " attempts,"
                        + " created_at)"
                        + " SELECT 'o-' ||"
                        + " i, 'RESULT',"
                        + " '', '', '', '',"
                        + " 'DELIVERED', 0,"
                        + " 0 FROM n");
    }

    /** Many retries of the same moment are given out page after page, each once. */
    @Test
    void retriesOfTheSameTimeAreReturnedInPages() {
        for (int i = 1; i <= 5; i++) {
            ledger.apply(
                    Change.of(admitted(i)).from(RequestState.ADMITTED).retry(1, Instant.ofEpochMilli(7000), "away"));
        }
        List<DueWork> first = ledger.retriesDue(Instant.ofEpochMilli(7000), Optional.empty(), 3);
        List<DueWork> second = ledger.retriesDue(Instant.ofEpochMilli(7000), Optional.of(first.get(2)), 3);
        assertThat(first).hasSize(3);
        assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
        assertThat(ledger.retriesDue(Instant.ofEpochMilli(7000), Optional.of(second.get(1)), 3))
                .isEmpty();
    }
}
