package org.postern.simulator.dcc.internal.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.postern.simulator.dcc.FaultKind;

/** Completes the kinds of faults. */
@Service
public final class FaultKindCompleter implements Completer {

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter kinds = new StringsCompleter();
        for (FaultKind kind : FaultKind.values()) {
            kinds.getStrings().add(kind.written());
        }
        return kinds.complete(session, line, candidates);
    }
}
