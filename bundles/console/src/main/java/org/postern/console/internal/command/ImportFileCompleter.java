package org.postern.console.internal.command;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.Services;

/** Completes names of files in the import folder; discloses no other files. */
@Service
public final class ImportFileCompleter implements Completer {

    @Reference
    BundleContext bundles;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> names = Services.of(bundles)
                .find(ConsoleFiles.class)
                .map(ConsoleFiles::names)
                .orElse(List.of());
        return new StringsCompleter(names).complete(session, line, candidates);
    }
}
