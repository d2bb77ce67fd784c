package org.postern.servicerequests.internal.answers;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which payload, under which class of code, may answer a request that was sent which way. What is not in the table
 * answers none.
 */
final class AnswerTable {

    private static final String FILE = "answers.tsv";
    private static final String HEADING = "payload\tsent\tcodes\tmeaning";

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

    /** Meanings, before the content is looked at. */
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

    private final Map<Payload, Map<Sent, Map<CodeClass, Rule>>> rules = new EnumMap<>(Payload.class);

    private AnswerTable() {}

    /** The table of this bundle. */
    static AnswerTable load() {
        AnswerTable table = new AnswerTable();
        TabTable.rows(FILE, HEADING).forEach(table::row);
        return table;
    }

    private void row(TabTable.Row row) {
        String[] cells = row.cells();
        Rule rule = Rule.valueOf(cells[3]);
        for (Payload payload : cells(cells[0], Payload.class)) {
            for (Sent sent : cells(cells[1], Sent.class)) {
                for (CodeClass code : cells(cells[2], CodeClass.class)) {
                    Rule before = rules.computeIfAbsent(payload, p -> new EnumMap<>(Sent.class))
                            .computeIfAbsent(sent, s -> new EnumMap<>(CodeClass.class))
                            .put(code, rule);
                    row.require(before == null, "one meaning for one combination");
                }
            }
        }
    }

    private static <E extends Enum<E>> List<E> cells(String text, Class<E> type) {
        return text.equals("*")
                ? List.of(type.getEnumConstants())
                : Arrays.stream(text.split(","))
                        .map(name -> Enum.valueOf(type, name))
                        .toList();
    }

    /** The rule of a combination; empty where it means nothing. */
    Optional<Rule> rule(Payload payload, Sent sent, CodeClass code) {
        return Optional.ofNullable(rules.getOrDefault(payload, Map.of())
                .getOrDefault(sent, Map.of())
                .get(code));
    }
}
