package org.postern.servicerequests.internal.answers;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;
import org.postern.parsecorrelate.ParsedMessage;

/** Answers to top-ups by which a meter says that it has had the token before (table {@code top-up-results.tsv}). */
final class TopUpResults {

    private static final String FILE = "top-up-results.tsv";
    private static final String HEADING = "useCase\tresult\twords\tflag";
    private static final int PREPAYMENT = 0x0705;

    /**
     * A meter's answer that it has had a token before.
     *
     * @param result the number that says so
     * @param words  the same in words
     * @param flag   what is to be known of that number; empty for nothing
     */
    record HadBefore(long result, String words, String flag) {
    }

    private final Map<String, HadBefore> rows = new HashMap<>();
    private final ZclFields fields = ZclFields.load();

    private TopUpResults() {
    }

    /** The table of this bundle. */
    static TopUpResults load() {
        TopUpResults table = new TopUpResults();
        TabTable.rows(FILE, HEADING).forEach(table::row);
        return table;
    }

    private void row(TabTable.Row row) {
        String[] cells = row.cells();
        row.require((cells.length == 3 || cells.length == 4) && cells[1].matches("\\d{1,3}"), "use case, result, words, flag");
        HadBefore before = rows.put(cells[0] + " " + cells[1],
                new HadBefore(Long.parseLong(cells[1]), cells[2], cells.length == 4 ? cells[3] : ""));
        row.require(before == null, "each result of a use case once");
    }

    /** The meter's answer that it has had the token before; empty where it says anything else. */
    Optional<HadBefore> of(ParsedMessage parsed) {
        OptionalLong result = parsed.message().map(this::result).orElse(OptionalLong.empty());
        return result.isEmpty() ? Optional.empty()
                : parsed.useCase().map(useCase -> rows.get(useCase + " " + result.getAsLong()));
    }

    private OptionalLong result(GbcsMessage message) {
        if (message.payload() instanceof DlmsPayload.AccessResponse response && response.items().size() == 1) {
            return OptionalLong.of(response.items().get(0).result());
        }
        if (message.payload() instanceof GbzPayload.Components gas && gas.components().size() == 1
                && gas.components().get(0).cluster() == PREPAYMENT) {
            GbzPayload.Component component = gas.components().get(0);
            try {
                return fields.fields(component.cluster(), component.frame(), component.payload()).stream()
                        .filter(field -> field.name().equals("resultType")).mapToLong(ZclFields.Field::number).findFirst();
            } catch (GbcsRefusal notOfItsLayout) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
