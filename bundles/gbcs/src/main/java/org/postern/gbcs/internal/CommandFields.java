package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.postern.catalogue.Table;
import org.postern.gbcs.AnswerCheck.Notes;
import org.postern.gbcs.Deviation.Kind;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload.Component;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;

/** Fields of a ZigBee answer that follow from those of its command, from the table {@code answer-fields.tsv}. */
public final class AskedFields {

    /** In the place of a field: the time from which on a command reads, in the header of its component. */
    private static final String FROM_DATE = "FROM";
    /** Seconds that stand for no time. */
    private static final long NO_TIME = 0xFFFFFFFFL;

    private static final int LOG_IN_BYTE = 0x0F;

    /** How the two fields belong together. */
    private enum Relation {
        /** They are equal. */
        SAME,
        /** The answer's is not below the command's. */
        LEAST,
        /** The answer's is not above the command's. */
        MOST,
        /** They have a bit in common. */
        SHARES,
        /** The answer's is the lower half of the command's byte. */
        LOW_HALF,
        /** The answer has the bit with the command's number, or none, by which it says that nothing was done. */
        BIT;

        boolean holds(long answer, long command) {
            return switch (this) {
                case SAME -> answer == command;
                case LEAST -> answer == NO_TIME || answer >= command;
                case MOST -> answer == NO_TIME || answer <= command;
                case SHARES -> (answer & command) != 0;
                case LOW_HALF -> answer == (command & LOG_IN_BYTE);
                case BIT -> answer == 0 || command < Long.SIZE && (answer >> command & 1) == 1;
            };
        }
    }

    /** One row. */
    private record Rule(String field, Relation relation, String asked) {}

    private final ZclFields fields;
    private final Map<String, List<Rule>> rules = new HashMap<>();

    /** Reads the table. */
    public AskedFields(ZclFields fields) {
        this.fields = fields;
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "answer-fields.tsv",
                        "cluster",
                        "command",
                        "answer",
                        "field",
                        "relation",
                        "asked")
                .rows()) {
            rules.computeIfAbsent(
                            key(row.hex("cluster", 4), row.hex("command", 2), row.hex("answer", 2)),
                            k -> new ArrayList<>())
                    .add(new Rule(row.text("field"), row.constant("relation", Relation.class), row.text("asked")));
        }
    }

    private static String key(int cluster, int command, int answer) {
        return cluster + "/" + command + "/" + answer;
    }

    /** Holds the fields of one answer, which is no Default Response, to its command. */
    void check(String where, Component asked, Component answer, List<ZclFields.Field> read, Notes notes) {
        for (Rule rule : rules.getOrDefault(
                key(asked.cluster(), asked.frame().command(), answer.frame().command()), List.of())) {
            OptionalLong right = asked(asked, rule.asked());
            if (right.isPresent()
                    && read.stream()
                            .anyMatch(f -> f.name().equals(rule.field())
                                    && !rule.relation().holds(f.number(), right.getAsLong()))) {
                notes.add(
                        Kind.OTHER_CONTENT,
                        where,
                        rule.field() + " is not what the command asked for by its "
                                + (rule.asked().equals(FROM_DATE) ? "from date-time" : rule.asked()));
            }
        }
    }

    private OptionalLong asked(Component command, String field) {
        if (field.equals(FROM_DATE)) {
            return command.fromDate();
        }
        try {
            return fields.fields(command.cluster(), command.frame(), command.payload()).stream()
                    .filter(f -> f.name().equals(field))
                    .mapToLong(ZclFields.Field::number)
                    .findFirst();
        } catch (GbcsRefusal notOfItsLayout) {
            return OptionalLong.empty();
        }
    }
}
