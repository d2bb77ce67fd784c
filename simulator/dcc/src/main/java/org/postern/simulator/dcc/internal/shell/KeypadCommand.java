package org.postern.simulator.dcc.internal.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Eui64;
import org.postern.simulator.dcc.Simulator;

/** A customer keys a top-up token in. */
@Service
@Command(
        scope = "sim",
        name = "keypad",
        description = "Keys a top-up token in at a simulated meter: accepted, rejected or duplicate.")
public final class KeypadCommand implements Action {

    @Reference
    private Simulator simulator;

    @Argument(name = "device", description = "Device ID of the meter.", required = true)
    private String device;

    @Argument(index = 1, name = "digits", description = "The twenty digits.", required = true)
    private String digits;

    @Override
    public Object execute() {
        System.out.println(simulator.keypad(Eui64.parse(device), digits));
        return null;
    }
}
