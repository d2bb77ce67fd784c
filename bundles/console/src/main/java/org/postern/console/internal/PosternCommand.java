package org.postern.console.internal;

import java.io.PrintStream;
import java.security.AccessController;
import java.security.Principal;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.osgi.framework.BundleContext;
import org.postern.catalogue.PosternException;

/**
 * What every command shares: the choice of JSON, the services of the moment, and that it prints. A value that is
 * returned is not shown over ssh. A fault is thrown, so that ssh ends with an exit code other than 0.
 */
public abstract class PosternCommand implements Action {

    @Option(name = "--json", description = "Print JSON, for scripts")
    boolean json;

    @Reference
    BundleContext bundles;

    @Reference
    Session session;

    private Services services;
    private PrintStream out;

    /** For tests: these services, that output. */
    public final PosternCommand in(Services given, PrintStream output, boolean asJson) {
        services = given;
        out = output;
        json = asJson;
        return this;
    }

    @Override
    public final Object execute() throws Exception {
        Screen screen = new Screen(out == null ? session.getConsole() : out, json);
        if (services != null) {
            run(services, screen);
            return null;
        }
        try {
            run(Services.of(bundles), screen);
        } catch (PosternException e) {
            // of all exceptions Karaf prints this one without an ERROR and a stack trace in the log
            throw new CommandException("Error executing command: " + e.getMessage(), e.getMessage(), e);
        }
        return null;
    }

    /** Does the work and prints. */
    protected abstract void run(Services here, Screen screen) throws Exception;

    /**
     * Who gave the command, as they logged in. The session's variable USER is not asked: whoever has a session can set
     * it, and so could speak in the security log under another's name.
     */
    @SuppressWarnings("removal") // until Karaf itself has another way to tell a command its user
    protected final String user() {
        Subject subject = Subject.getSubject(AccessController.getContext());
        return subject == null
                ? ""
                : subject.getPrincipals().stream()
                        .filter(principal ->
                                principal.getClass().getSimpleName().equals("UserPrincipal"))
                        .map(Principal::getName)
                        .findFirst()
                        .orElse("");
    }
}
