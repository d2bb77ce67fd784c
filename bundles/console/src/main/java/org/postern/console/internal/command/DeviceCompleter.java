package org.postern.console.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.postern.catalogue.Eui64;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;

/** Completes devices of the newest requests. */
@Service
public final class DeviceCompleter implements Completer {

    private static final int NEWEST = 200;

    @Reference
    BundleContext bundles;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> devices = Services.of(bundles)
                .find(Ledger.class)
                .map(ledger -> ledger.requests(RequestFilter.newest(NEWEST)).stream()
                        .flatMap(request -> request.target().device().stream())
                        .map(Eui64::dashed)
                        .distinct()
                        .toList())
                .orElse(List.of());
        return new StringsCompleter(devices).complete(session, line, candidates);
    }
}
