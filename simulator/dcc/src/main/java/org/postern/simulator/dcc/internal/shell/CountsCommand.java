package org.postern.simulator.dcc.internal.shell;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.postern.simulator.dcc.Simulator;

/** Prints the simulator's own record. */
@Service
@Command(
        scope = "sim",
        name = "counts",
        description = "Counts of the simulator's own record, or its events of one request.")
public final class CountsCommand implements Action {

    @Reference
    private Simulator simulator;

    @Argument(name = "requestId", description = "RequestID whose events are shown.")
    private String requestId;

    @Option(name = "--json", description = "JSON, for scripts.")
    private boolean json;

    @Override
    public Object execute() {
        if (json) {
            System.out.println(
                    requestId == null
                            ? simulator.recorder().countsJson()
                            : simulator.recorder().eventsJson(requestId));
            return null;
        }
        ShellTable table = new ShellTable();
        if (requestId == null) {
            table.column("what");
            table.column("count").alignRight();
            simulator
                    .recorder()
                    .counts()
                    .forEach((what, count) -> table.addRow().addContent(what, count));
        } else {
            table.column("at (ms)");
            table.column("what");
            table.column("details");
            simulator
                    .recorder()
                    .events(requestId)
                    .forEach(e -> table.addRow().addContent(e.at(), e.what(), e.details()));
        }
        table.print(System.out);
        return null;
    }
}
