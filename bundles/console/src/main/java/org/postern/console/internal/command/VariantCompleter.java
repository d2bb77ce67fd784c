package org.postern.console.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.console.internal.Services;

/** Completes Service Reference Variants. */
@Service
public final class VariantCompleter implements Completer {

    @Reference
    BundleContext bundles;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        Services here = Services.of(bundles);
        return new StringsCompleter(here.find(ServiceCatalogue.class)
                        .map(c -> c.rows().stream().map(ServiceRow::variant).toList())
                        .orElse(List.of()))
                .complete(session, line, candidates);
    }
}
