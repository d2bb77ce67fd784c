package org.postern.simulator.devices;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorTable;

/**
 * What COSEM devices hold: what a command set, else what the table says, written out or worked out by a named rule.
 * Rules come from {@link EnergyValues}, {@link LogValues}, {@link VoltageValues}, {@link MoneyValues} and
 * {@link DeviceValues}.
 */
final class CosemValues {

    /** Works a value out. */
    interface Rule {
        DlmsData value(Ask ask, String argument);
    }

    private record Entry(DlmsData constant, Rule rule, String argument) {}

    private final Map<String, Entry> entries = new HashMap<>();

    CosemValues() {
        Map<String, Rule> rules = new HashMap<>();
        EnergyValues.register(rules, this);
        LogValues.register(rules, this);
        VoltageValues.register(rules, this);
        MoneyValues.register(rules, this);
        DeviceValues.register(rules, this);
        int line = 0;
        for (String[] row : SimulatorTable.rows(CosemValues.class, "cosem-values.tsv")) {
            line++;
            entries.put(row[0] + ' ' + row[1], entry(row[2], rules, line));
        }
    }

    private static Entry entry(String text, Map<String, Rule> rules, int row) {
        try {
            if (!text.startsWith("=")) {
                return new Entry(DataText.parse(text), null, "");
            }
            String[] words = text.substring(1).split(" ", 2);
            if (!rules.containsKey(words[0])) {
                throw new IllegalArgumentException(words[0]);
            }
            return new Entry(null, rules.get(words[0]), words.length > 1 ? words[1] : "");
        } catch (IllegalArgumentException e) {
            throw new PosternException(
                    SimulatorFault.TABLE_BROKEN.fault(
                            "cosem-values.tsv, row " + row,
                            "DLMS data or the name of a rule",
                            e.getMessage(),
                            "correct the table"),
                    e);
        }
    }

    /** The value of the object's attribute; empty where the device has no such object. */
    Optional<DlmsData> find(Ask ask, String target) {
        DlmsData stored = ask.meter().stored(target);
        return stored != null ? Optional.of(stored) : byTable(ask, target);
    }

    private Optional<DlmsData> byTable(Ask ask, String target) {
        SimulatedDevice device = ask.meter().device();
        Entry entry = entries.get(target + " use:" + String.format("%04X", ask.messageCode()));
        for (String who : List.of(
                device.type().name(),
                device.type() == DeviceType.ESME ? device.variant().name() : "",
                "*")) {
            entry = entry != null ? entry : entries.get(target + ' ' + who);
        }
        return Optional.ofNullable(entry)
                .map(e -> e.rule() == null ? e.constant() : e.rule().value(ask, e.argument()));
    }

    /** What the table says, whatever a command set. */
    DlmsData initial(Ask ask, String target) {
        return byTable(ask, target).orElseThrow(() -> missing(target));
    }

    private static PosternException missing(String target) {
        return new PosternException(
                SimulatorFault.TABLE_BROKEN.fault("cosem-values.tsv", target, "no such row", "add it to the table"));
    }

    /** As {@link #find}, for an object that is known to be in the table. */
    DlmsData get(Ask ask, String target) {
        return find(ask, target).orElseThrow(() -> missing(target));
    }

    /** Objects of which the table says something, as class, object, attribute. */
    Set<String> targets() {
        return entries.keySet().stream()
                .map(k -> k.substring(0, k.indexOf(' ')))
                .collect(Collectors.toSet());
    }

    /** The elements of a list that the device holds. */
    List<DlmsData> list(Ask ask, String target) {
        return get(ask, target).elements();
    }
}
