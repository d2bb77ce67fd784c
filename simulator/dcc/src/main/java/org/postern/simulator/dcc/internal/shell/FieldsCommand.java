package org.postern.simulator.dcc.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.simulator.dcc.Simulator;

/** What can be altered in a Pre-Command. */
@Service
@Command(
        scope = "sim",
        name = "fields",
        description = "Lists what 'sim:fault alter-pre-command FIELD' can change in the Pre-Command that was"
                + " given for a critical request.")
public final class FieldsCommand implements Action {

    @Reference
    private Simulator simulator;

    @Argument(name = "request", description = "RequestID.", required = true)
    private String request;

    @Override
    public Object execute() {
        List<String> fields = simulator.preCommandFields(request);
        if (fields.isEmpty()) {
            System.out.println("no Pre-Command of that request is among the latest 200");
        }
        fields.forEach(System.out::println);
        return null;
    }
}
