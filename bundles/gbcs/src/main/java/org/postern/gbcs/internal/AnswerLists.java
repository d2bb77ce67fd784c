package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<Integer, List<Repeated>> byCode = new HashMap<>();

    private AnswerLists() {}

    /** Reads the table. */
    public static AnswerLists load() {
        AnswerLists lists = new AnswerLists();
        for (TableFile.Row row : TableFile.read(
                        UseCaseTable.class, "answer-lists.tsv", "code", "service", "operations", "least", "most")
                .rows()) {
            Repeated repeated = new Repeated(
                    row.text(1),
                    row.list(2).stream().map(o -> row.oneOf(Operation.class, o)).toList(),
                    row.decimal(3),
                    row.decimal(4));
            if (repeated.operations().isEmpty() || repeated.least() > repeated.most()) {
                throw row.refuse("operations that occur at least and at most so often", row.text(2));
            }
            lists.byCode.computeIfAbsent(row.hex(0), c -> new ArrayList<>()).add(repeated);
        }
        return lists;
    }

    /** The rows of the message code; none where the item lists of the use case are all there is. */
    public List<Repeated> of(int code) {
        return byCode.getOrDefault(code, List.of());
    }
}
