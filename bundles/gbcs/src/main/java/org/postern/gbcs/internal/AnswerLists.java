package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.gbcs.UseCaseTable;

/** DLMS use cases whose number of items depends on the request, from the table {@code answer-lists.tsv}. */
public final class AnswerLists {

    /**
     * Items that repeat.
     *
     * @param service Service Reference in variant form that the row is for; empty for any
     * @param operations what repeats
     * @param least how often at least
     * @param most how often at most
     */
    public record Repeated(String service, List<Operation> operations, int least, int most) {}

    private static final int MAX_TIMES = 99;

    private final Map<Integer, List<Repeated>> byCode = new HashMap<>();

    private AnswerLists() {}

    /** Reads the table. */
    public static AnswerLists load() {
        AnswerLists lists = new AnswerLists();
        for (Table.Row row : Table.resource(
                        UseCaseTable.class, "answer-lists.tsv", "code", "service", "operations", "least", "most")
                .rows()) {
            Repeated repeated = new Repeated(
                    row.textOrEmpty("service"),
                    row.constants("operations", Operation.class),
                    row.number("least", 0, MAX_TIMES),
                    row.number("most", 1, MAX_TIMES));
            row.require("operations", !repeated.operations().isEmpty(), "at least one operation");
            row.require("most", repeated.least() <= repeated.most(), "not less than the least");
            lists.byCode
                    .computeIfAbsent(row.hex("code", 4), c -> new ArrayList<>())
                    .add(repeated);
        }
        return lists;
    }

    /** The rows of the message code; none where the item lists of the use case are all there is. */
    public List<Repeated> of(int code) {
        return byCode.getOrDefault(code, List.of());
    }
}
