package org.postern.simulator.devices.internal.electricity;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Table;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.dlms.DataText;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;

/** The table of the values of COSEM devices: constants, or the names of rules that compute them. */
public final class CosemTable {

    private static final String FILE = "cosem-values.tsv";

    /**
     * One row.
     *
     * @param source the row of the file
     * @param constant the value written out; empty where a rule works it out
     * @param rule name of that rule; empty for a constant
     * @param argument of the rule
     */
    public record Row(Table.Row source, Optional<DlmsData> constant, String rule, String argument) {}

    private final Map<String, Row> rows = new HashMap<>();

    private CosemTable() {}

    /**
     * Reads the table.
     *
     * @throws PosternException PST-1004 where a value is not DLMS data
     */
    public static CosemTable load() {
        CosemTable table = new CosemTable();
        for (Table.Row row :
                Table.resource(CosemTable.class, FILE, "target", "who", "value").rows()) {
            table.rows.put(row.text("target") + ' ' + row.text("who"), row(row));
        }
        return table;
    }

    private static Row row(Table.Row row) {
        String text = row.text("value");
        if (text.startsWith("=")) {
            String[] words = text.substring(1).split(" ", 2);
            return new Row(row, Optional.empty(), words[0], words.length > 1 ? words[1] : "");
        }
        return new Row(row, Optional.of(row.parsed("value", "DLMS data", DataText::parse)), "", "");
    }

    /** What is wrong where an object that the simulator needs has no row. */
    static PosternException missing(String target) {
        return new PosternException(
                SimulatorFault.TABLE_BROKEN.fault(FILE, target, "no such row", "add it to the table"));
    }

    /** The row that goes for that device and command: that of the message code, the type, the variant, or of all. */
    Optional<Row> find(SimulatedDevice device, int messageCode, String target) {
        Row row = rows.get(target + " use:" + String.format("%04X", messageCode));
        for (String who : List.of(
                device.type().name(),
                device.type() == DeviceType.ESME ? device.variant().name() : "",
                "*")) {
            row = row != null ? row : rows.get(target + ' ' + who);
        }
        return Optional.ofNullable(row);
    }

    /** All rows. */
    public Collection<Row> rows() {
        return rows.values();
    }

    /** Objects that are in the table, as class, object, attribute. */
    public Set<String> targets() {
        return rows.keySet().stream().map(k -> k.substring(0, k.indexOf(' '))).collect(Collectors.toSet());
    }
}
