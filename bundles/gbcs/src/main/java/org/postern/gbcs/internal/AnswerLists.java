package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.gbcs.UseCaseTable;

/** DLMS use cases with a number of items that depends on the request; read from {@code answer-lists.tsv}. */
public final class AnswerLists {

    /**
     * Items that repeat.
     *
     * @param service Service Reference Variant to which the row applies; empty for any
     * @param operations the repeated operations
     * @param minOccurs minimum number of repetitions
     * @param maxOccurs maximum number of repetitions
     */
    public record Repeated(String service, List<Operation> operations, int minOccurs, int maxOccurs) {}

    private static final int MAX_OCCURS = 99;

    private final Map<Integer, List<Repeated>> byCode = new HashMap<>();

    private AnswerLists() {}

    /** Reads the table. */
    public static AnswerLists load() {
        AnswerLists lists = new AnswerLists();
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "answer-lists.tsv",
                        "code",
                        "service",
                        "operations",
                        "minOccurs",
                        "maxOccurs")
                .rows()) {
            Repeated repeated = new Repeated(
                    row.textOrEmpty("service"),
                    row.constants("operations", Operation.class),
                    row.number("minOccurs", 0, MAX_OCCURS),
                    row.number("maxOccurs", 1, MAX_OCCURS));
            row.require("operations", !repeated.operations().isEmpty(), "at least one operation");
            row.require("maxOccurs", repeated.minOccurs() <= repeated.maxOccurs(), "not less than minOccurs");
            lists.byCode
                    .computeIfAbsent(row.hex("code", 4), c -> new ArrayList<>())
                    .add(repeated);
        }
        return lists;
    }

    /** The rows of the message code; empty where the use case has only the item lists of its table. */
    public List<Repeated> of(int code) {
        return byCode.getOrDefault(code, List.of());
    }
}
