package org.postern.dccsimulator.internal.meter;

import java.util.List;
import org.postern.gbcs.DlmsData;

/** Methods of an electricity meter that change its money or its supply, by the table {@code actions.tsv}. */
final class MoneyActions {

    private static final String ANY = "-";

    private record Row(String object, String script, String what, String amount) {
    }

    private final List<Row> rows = Table.rows("actions.tsv").stream().map(r -> new Row(r[0], r[1], r[2], r[3])).toList();

    void act(Meter meter, String object, DlmsData data) {
        long number = data instanceof DlmsData.Whole whole ? whole.value() : 0;
        rows.stream().filter(r -> r.object().equals(object) && (r.script().equals(ANY) || r.script().equals(Long.toString(number))))
                .forEach(r -> act(meter.state(), r, number));
    }

    private static void act(MeterState state, Row row, long number) {
        switch (row.what()) {
            case "add" -> state.add(MeterState.Amount.valueOf(row.amount()), number);
            case "set" -> state.set(MeterState.Amount.valueOf(row.amount()), number);
            case "reset" -> state.set(MeterState.Amount.valueOf(row.amount()), 0);
            case "emergency" -> state.activateEmergencyCredit();
            default -> state.supply(MeterState.Supply.valueOf(row.amount()));
        }
    }
}
