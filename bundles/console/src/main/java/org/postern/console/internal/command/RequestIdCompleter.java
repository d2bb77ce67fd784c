package org.postern.console.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;

/** Completes durable ids of the newest requests. */
@Service
public final class RequestIdCompleter implements Completer {

    @Reference
    BundleContext bundles;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        Services here = Services.of(bundles);
        return new StringsCompleter(here.find(Ledger.class)
                        .map(l -> l.requests(RequestFilter.newest(50)).stream()
                                .map(RequestRecord::id)
                                .toList())
                        .orElse(List.of()))
                .complete(session, line, candidates);
    }
}
