package org.postern.simulator.devices.internal.electricity.values;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.electricity.CosemTable;
import org.postern.simulator.devices.internal.electricity.ElectricityRead;

/** The values of COSEM devices: what a command set, else the value of the table: a constant, or computed by a rule. */
public final class CosemValues {

    private final CosemTable table;
    private final Map<String, ValueRule> rules = new HashMap<>();

    /** @throws PosternException PST-1004 where a row names a rule that there is not */
    public CosemValues(CosemTable table) {
        this.table = table;
        for (Map<String, ValueRule> part : List.of(
                EnergyValues.rules(),
                LogValues.rules(),
                VoltageValues.rules(),
                MoneyValues.rules(),
                IdentityValues.rules(),
                SwitchValues.rules(),
                HubValues.rules())) {
            rules.putAll(part);
        }
        for (CosemTable.Row row : table.rows()) {
            if (!row.rule().isEmpty() && !rules.containsKey(row.rule())) {
                throw row.source().broken("value", "DLMS data or the name of a rule");
            }
        }
    }

    /** The value of the object's attribute; empty where the device has no such object. */
    public Optional<DlmsData> find(ElectricityRead read, String target) {
        return read.settings()
                .set(target)
                .or(() -> read.settings()
                        .row(target)
                        .map(row -> row.constant()
                                .orElseGet(() -> rules.get(row.rule()).value(read, row.argument()))));
    }

    /** Objects that devices hold, as class, object, attribute. */
    public Set<String> targets() {
        return table.targets();
    }
}
