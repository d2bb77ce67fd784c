package org.postern.simulator.dcc.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.PosternException;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.Simulator;

/** The fault menu: shows it, adds to it, clears it. */
@Service
@Command(
        scope = "sim",
        name = "fault",
        description = "Shows the faults in force, or adds one: KIND [ARGUMENT] [times=N]"
                + " [probability=P] [target=EUI] [service=SRV] [cv=N] [stage=exchange|device|callback].")
public final class FaultCommand implements Action {

    @Reference
    private Simulator simulator;

    @Argument(name = "words", description = "For example: drop-answer times=2", multiValued = true)
    @Completion(FaultKindCompleter.class)
    private List<String> words;

    @Option(name = "--clear", description = "Takes all faults off first.")
    private boolean clear;

    @Option(name = "--json", description = "One JSON array of the faults in force, for scripts.")
    private boolean json;

    @Override
    public Object execute() {
        if (clear) {
            simulator.faults().clear();
        }
        if (words != null && !words.isEmpty()) {
            try {
                simulator.faults().add(FaultRule.parse(String.join(" ", words)));
            } catch (PosternException e) {
                throw new IllegalArgumentException(e.fault().toString());
            }
        }
        List<String> rules =
                simulator.faults().rules().stream().map(FaultRule::toString).toList();
        if (json) {
            System.out.println(rules.isEmpty() ? "[]" : "[\"" + String.join("\",\"", rules) + "\"]");
            return null;
        }
        if (rules.isEmpty()) {
            System.out.println("no faults in force");
        }
        rules.forEach(System.out::println);
        return null;
    }
}
