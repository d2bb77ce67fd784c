package org.postern.simulator.dcc.internal.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.pki.SimulatedDevice;

/** Lists the simulated devices. */
@Service
@Command(
        scope = "sim",
        name = "meters",
        description = "Lists the simulated devices; --json also gives their registers.")
public final class MetersCommand implements Action {

    @Reference
    private Simulator simulator;

    @Option(name = "--type", description = "Only devices of this type, for example ESME.")
    private String type;

    @Option(name = "--json", description = "One JSON array, for scripts.")
    private boolean json;

    @Override
    public Object execute() {
        if (json) {
            System.out.println(simulator.metersJson());
            return null;
        }
        ShellTable table = new ShellTable();
        table.column("device");
        table.column("type");
        table.column("variant");
        table.column("home");
        table.column("MPxN");
        for (SimulatedDevice device : simulator.population().devices()) {
            if (type == null || device.type().name().equalsIgnoreCase(type)) {
                table.addRow()
                        .addContent(
                                device.deviceId().dashed(),
                                device.type(),
                                device.variant(),
                                device.premises(),
                                device.mpxn());
            }
        }
        table.print(System.out);
        return null;
    }
}
