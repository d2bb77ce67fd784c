package org.postern.servicerequests.internal.answers;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Table;

/**
 * The table of valid combinations of payload, class of response code, and how the request was sent. A combination that
 * is not in the table is not an answer.
 */
final class AnswerTable {

    private static final String FILE = "answers.tsv";

    /** Kinds of payload. */
    enum Payload {
        NONE,
        GBCS,
        PRE_COMMAND,
        LOCAL_COMMAND,
        DATED_ALERT,
        SCHEDULED,
        CUSTOMER_NUMBER,
        SCHEDULE_ID,
        DCC_DATA,
        SMETS1,
        UNKNOWN
    }

    /** The meaning of a combination before the content is checked. */
    enum Rule {
        ACKNOWLEDGED,
        PRE_COMMAND,
        LOCAL_COMMAND,
        DONE,
        DEVICE,
        INSTRUCTION,
        REFUSED,
        UNKNOWN,
        SCHEDULED,
        SMETS1,
        NOTED
    }

    private final Map<Payload, Map<SentTo, Map<CodeClass, Rule>>> rules = new EnumMap<>(Payload.class);

    private AnswerTable() {}

    /** The table of this bundle. */
    static AnswerTable load() {
        AnswerTable table = new AnswerTable();
        Table.resource(AnswerTable.class, FILE, "payload", "sent", "codes", "meaning")
                .rows()
                .forEach(table::row);
        return table;
    }

    private void row(Table.Row row) {
        Rule rule = row.constant("meaning", Rule.class);
        for (Payload payload : cells(row, "payload", Payload.class)) {
            for (SentTo sent : cells(row, "sent", SentTo.class)) {
                for (CodeClass code : cells(row, "codes", CodeClass.class)) {
                    Rule before = rules.computeIfAbsent(payload, p -> new EnumMap<>(SentTo.class))
                            .computeIfAbsent(sent, s -> new EnumMap<>(CodeClass.class))
                            .put(code, rule);
                    row.require("meaning", before == null, "one meaning for one combination");
                }
            }
        }
    }

    private static <E extends Enum<E>> List<E> cells(Table.Row row, String column, Class<E> type) {
        return row.text(column).equals("*") ? List.of(type.getEnumConstants()) : row.constants(column, type);
    }

    /** The rule of a combination; empty if the combination is not valid. */
    Optional<Rule> rule(Payload payload, SentTo sent, CodeClass code) {
        return Optional.ofNullable(rules.getOrDefault(payload, Map.of())
                .getOrDefault(sent, Map.of())
                .get(code));
    }
}
