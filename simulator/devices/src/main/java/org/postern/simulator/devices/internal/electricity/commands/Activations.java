package org.postern.simulator.devices.internal.electricity.commands;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.simulator.devices.internal.electricity.StoredObjects;

/**
 * What was set for later takes the place of what is in force once its time has come: by the table of active values, the
 * values prepared for them and their activation times.
 */
final class Activations {

    private record Row(String active, String passive, String date, boolean inList) {}

    /** A value that came into force. */
    record Change(String active, Instant when) {}

    private final List<Row> rows = table().rows().stream()
            .map(r -> new Row(r.text("active"), r.text("passive"), r.text("date"), inList(r)))
            .toList();

    static Table table() {
        return Table.resource(Activations.class, "cosem-activations.tsv", "active", "passive", "date", "form");
    }

    private static boolean inList(Table.Row row) {
        String form = row.textOrEmpty("form");
        row.require("form", form.isEmpty() || form.equals("list"), "list or empty");
        return !form.isEmpty();
    }

    /** Brings into force what is due; what was cancelled is forgotten. In the order of the table. */
    List<Change> bringUp(StoredObjects held, Instant now) {
        List<Change> changes = new ArrayList<>();
        for (Row row : rows) {
            DlmsData date = held.find(row.date()).orElse(null);
            DlmsData value = date == null ? null : held.find(row.passive()).orElse(null);
            if (value == null) {
                continue;
            }
            DlmsDateTime time = DlmsDateTime.of(date.asBytes());
            Optional<Instant> when = time.bytes()
                            .slice(0, 9)
                            .equals(DlmsDateTime.IMMEDIATE.bytes().slice(0, 9))
                    ? Optional.of(now)
                    : time.instant();
            if (when.isEmpty()) {
                held.forget(row.passive());
            } else if (!when.get().isAfter(now)) {
                held.forget(row.passive());
                held.store(row.active(), row.inList() ? DlmsData.array(value) : value);
                changes.add(new Change(row.active(), when.get()));
            }
        }
        return changes;
    }

    /** Brings into force at once what an action names: the value prepared for that object. */
    void bringUpNow(StoredObjects held, String object) {
        rows.stream().filter(r -> r.active().contains(object)).forEach(r -> {
            held.forget(r.passive()).ifPresent(value -> held.store(r.active(), value));
        });
    }
}
