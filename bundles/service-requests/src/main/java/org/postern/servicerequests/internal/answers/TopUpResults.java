package org.postern.servicerequests.internal.answers;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * Answers to top-ups in which a meter reports that it has received the token before (table {@code top-up-results.tsv}).
 */
final class TopUpResults {

    private static final String ANY = "*";
    private static final int PREPAYMENT = 0x0705;

    /**
     * A meter's answer that it has received a token before.
     *
     * @param result the result number
     * @param words the meaning as text
     * @param flag a note on that number; empty if there is none
     * @param alert true if a Device Alert confirms it
     */
    record AlreadyReceived(long result, String words, String flag, boolean alert) {}

    /** One row. */
    private record Row(String words, String flag) {}

    private final Map<String, Row> rows = Table.resource(
                    TopUpResults.class, "top-up-results.tsv", "useCase", "result", "alert", "words", "flag")
            .byKey(
                    "useCase",
                    row -> key(row.text("useCase"), row.text("result"), row.textOrEmpty("alert")),
                    row -> new Row(row.text("words"), row.textOrEmpty("flag")));
    private final ZclFields fields = ZclFields.load();

    private static String key(String useCase, String result, String alert) {
        return useCase + " " + result + " " + alert;
    }

    /**
     * The meter's answer that it has received the token before; empty for any other answer.
     *
     * @param alert code of the Device Alert about a token that was received while the top-up was in progress; empty if
     *     there is none
     */
    Optional<AlreadyReceived> of(ParsedMessage parsed, String alert) {
        OptionalLong result = parsed.message().map(this::result).orElse(OptionalLong.empty());
        if (result.isEmpty() || parsed.useCase().isEmpty()) {
            return Optional.empty();
        }
        String useCase = parsed.useCase().get();
        String number = Long.toString(result.getAsLong());
        return row(useCase, number, alert)
                .or(() -> row(useCase, ANY, alert))
                .map(row -> new AlreadyReceived(result.getAsLong(), row.words(), row.flag(), !alert.isEmpty()))
                // an alert about another token does not change the meaning of the number
                .or(() -> row(useCase, number, "")
                        .map(row -> new AlreadyReceived(result.getAsLong(), row.words(), row.flag(), false)));
    }

    private Optional<Row> row(String useCase, String result, String alert) {
        return Optional.ofNullable(rows.get(key(useCase, result, alert)));
    }

    private OptionalLong result(GbcsMessage message) {
        if (message.payload() instanceof DlmsPayload.AccessResponse response
                && response.items().size() == 1) {
            return OptionalLong.of(response.items().get(0).result());
        }
        if (message.payload() instanceof GbzPayload.Components gas
                && gas.components().size() == 1
                && gas.components().get(0).cluster() == PREPAYMENT) {
            GbzPayload.Component component = gas.components().get(0);
            try {
                return fields.fields(component.cluster(), component.frame(), component.payload()).stream()
                        .filter(field -> field.name().equals("resultType"))
                        .mapToLong(ZclFields.Field::number)
                        .findFirst();
            } catch (GbcsRefusal notConforming) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
