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
 * Base of all commands: the option for JSON, the look-up of services, and the output. A command prints its result,
 * since over ssh a returned value is not shown. It throws a fault, so that ssh ends with an exit code other than 0.
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

    /** For tests: sets the services and the output. */
    public final PosternCommand in(Services given, PrintStream stream, boolean asJson) {
        services = given;
        out = stream;
        json = asJson;
        return this;
    }

    @Override
    public final Object execute() throws Exception {
        CommandOutput output = new CommandOutput(out == null ? session.getConsole() : out, json);
        if (services != null) {
            run(services, output);
            return null;
        }
        try {
            run(Services.of(bundles), output);
        } catch (PosternException e) {
            // CommandException is the one exception that Karaf prints without a stack trace in the log
            throw new CommandException("Error executing command: " + e.getMessage(), e.getMessage(), e);
        }
        return null;
    }

    /** Does the work and prints the result. */
    protected abstract void run(Services here, CommandOutput output) throws Exception;

    /**
     * The user who gave the command, by login. Not the session's variable USER: a user can set it, and so could appear
     * under another name in the security log.
     */
    @SuppressWarnings("removal") // until Karaf has another way to pass the user to a command
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
