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

/** Answers to top-ups by which a meter says that it has had the token before (table {@code top-up-results.tsv}). */
final class TopUpResults {

    private static final String ANY = "*";
    private static final int PREPAYMENT = 0x0705;

    /**
     * A meter's answer that it has had a token before.
     *
     * @param result the number that says so
     * @param words the same in words
     * @param flag what is to be known of that number; empty for nothing
     * @param alert true where a Device Alert says so too
     */
    record HadBefore(long result, String words, String flag, boolean alert) {}

    /** One row. */
    private record Words(String words, String flag) {}

    private final Map<String, Words> rows = Table.resource(
                    TopUpResults.class, "top-up-results.tsv", "useCase", "result", "alert", "words", "flag")
            .byKey(
                    "useCase",
                    row -> key(row.text("useCase"), row.text("result"), row.textOrEmpty("alert")),
                    row -> new Words(row.text("words"), row.textOrEmpty("flag")));
    private final ZclFields fields = ZclFields.load();

    private static String key(String useCase, String result, String alert) {
        return useCase + " " + result + " " + alert;
    }

    /**
     * The meter's answer that it has had the token before; empty where it says anything else.
     *
     * @param alert code of the Device Alert about the token that came while it was on its way; empty for none
     */
    Optional<HadBefore> of(ParsedMessage parsed, String alert) {
        OptionalLong result = parsed.message().map(this::result).orElse(OptionalLong.empty());
        if (result.isEmpty() || parsed.useCase().isEmpty()) {
            return Optional.empty();
        }
        String useCase = parsed.useCase().get();
        String number = Long.toString(result.getAsLong());
        return row(useCase, number, alert)
                .or(() -> row(useCase, ANY, alert))
                .map(row -> new HadBefore(result.getAsLong(), row.words(), row.flag(), !alert.isEmpty()))
                // an alert about other digits takes nothing from what the number says by itself
                .or(() -> row(useCase, number, "")
                        .map(row -> new HadBefore(result.getAsLong(), row.words(), row.flag(), false)));
    }

    private Optional<Words> row(String useCase, String result, String alert) {
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
            } catch (GbcsRefusal notOfItsLayout) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
