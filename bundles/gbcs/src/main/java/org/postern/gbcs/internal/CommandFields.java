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

/** Fields of a ZigBee response that depend on fields of its command; read from {@code answer-fields.tsv}. */
public final class CommandFields {

    /** Used instead of a field of the command: the from date-time in the header of its component. */
    private static final String FROM_DATE = "FROM";
    /** The number of seconds that means that no time is specified. */
    private static final long NO_TIME = 0xFFFFFFFFL;

    private static final int LOG_IN_BYTE = 0x0F;

    /** Relation of the two fields. */
    private enum Relation {
        /** They are equal. */
        SAME,
        /** The field of the response is not less than that of the command. */
        AT_LEAST,
        /** The field of the response is not greater than that of the command. */
        AT_MOST,
        /** They have at least one bit in common. */
        SHARES_BIT,
        /** The field of the response is the lower half of the byte of the command. */
        LOW_HALF,
        /**
         * The response has the bit with the number that the command states, or no bit, which means that nothing was
         * done.
         */
        BIT;

        boolean holds(long answer, long command) {
            return switch (this) {
                case SAME -> answer == command;
                case AT_LEAST -> answer == NO_TIME || answer >= command;
                case AT_MOST -> answer == NO_TIME || answer <= command;
                case SHARES_BIT -> (answer & command) != 0;
                case LOW_HALF -> answer == (command & LOG_IN_BYTE);
                case BIT -> answer == 0 || command < Long.SIZE && (answer >> command & 1) == 1;
            };
        }
    }

    /** One row. */
    private record Rule(String field, Relation relation, String commandField) {}

    private final ZclFields fields;
    private final Map<String, List<Rule>> rules = new HashMap<>();

    /** Reads the table. */
    public CommandFields(ZclFields fields) {
        this.fields = fields;
        for (Table.Row row : Table.resource(
                        UseCaseTable.class,
                        "answer-fields.tsv",
                        "cluster",
                        "command",
                        "answer",
                        "field",
                        "relation",
                        "commandField")
                .rows()) {
            rules.computeIfAbsent(
                            key(row.hex("cluster", 4), row.hex("command", 2), row.hex("answer", 2)),
                            k -> new ArrayList<>())
                    .add(new Rule(
                            row.text("field"), row.constant("relation", Relation.class), row.text("commandField")));
        }
    }

    private static String key(int cluster, int command, int answer) {
        return cluster + "/" + command + "/" + answer;
    }

    /** Checks the fields of one response, which is not a Default Response, against its command. */
    void check(String where, Component command, Component answer, List<ZclFields.Field> read, Notes notes) {
        for (Rule rule : rules.getOrDefault(
                key(command.cluster(), command.frame().command(), answer.frame().command()), List.of())) {
            OptionalLong required = valueOf(command, rule.commandField());
            if (required.isPresent()
                    && read.stream()
                            .anyMatch(f -> f.name().equals(rule.field())
                                    && !rule.relation().holds(f.number(), required.getAsLong()))) {
                notes.add(
                        Kind.OTHER_CONTENT,
                        where,
                        rule.field() + " does not agree with the command, which states "
                                + (rule.commandField().equals(FROM_DATE) ? "from date-time" : rule.commandField()));
            }
        }
    }

    private OptionalLong valueOf(Component command, String field) {
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
