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
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyVault;

/** Completes aliases of the vault. */
@Service
public final class AliasCompleter implements Completer {

    @Reference
    BundleContext bundles;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        Services here = Services.of(bundles);
        return new StringsCompleter(here.find(KeyVault.class)
                        .map(v -> v.keys().stream().map(KeyEntry::alias).toList())
                        .orElse(List.of()))
                .complete(session, line, candidates);
    }
}
