package org.postern.simulator.dcc.internal.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.simulator.dcc.Simulator;

/** Has a device, or the DCC, raise an alert. */
@Service
@Command(
        scope = "sim",
        name = "alert",
        description = "Has a device raise a generic alert, or the DCC report a power outage at its home.")
public final class AlertCommand implements Action {

    @Reference
    private Simulator simulator;

    @Argument(name = "device", description = "Device ID.", required = true)
    private String device;

    @Argument(index = 1, name = "code", description = "Alert code in hex; without it the DCC reports a power outage.")
    private String code;

    @Option(name = "--plain", description = "With a MAC instead of a signature.")
    private boolean plain;

    @Option(name = "--user", description = "User Role it is for (default IS).")
    private String user = "IS";

    @Override
    public Object execute() {
        UserRole role = UserRole.valueOf(user);
        System.out.println(
                code == null
                        ? simulator.powerOutage(Eui64.parse(device), role)
                        : simulator.deviceAlert(Eui64.parse(device), Integer.parseInt(code, 16), !plain, role));
        return null;
    }
}
