package org.postern.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedActionException;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.support.ShellUtil;
import org.apache.karaf.util.jaas.JaasHelper;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One console command line over ssh ({@code ssh HOST dcc:status --json}): exit code 0, or 1 if it failed.
 *
 * <p>Closes the channel, but leaves it to the client to close the connection after it has read all output. If the
 * server closed the connection, output that the client has not read yet would be lost.
 */
final class ExecCommand implements Command, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ExecCommand.class);
    /**
     * The variables that a client may set in the session, which are about its terminal. Any other could change what
     * commands do.
     */
    private static final Pattern TERMINAL_VARIABLES = Pattern.compile("TERM|COLUMNS|LINES|LANG|LC_[A-Z]+");

    private final SessionFactory sessions;
    private final String line;
    private final Function<ServerSession, Subject> subjects;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private ServerSession connection;
    private Map<String, String> environment = Map.of();
    private volatile Thread thread;

    /**
     * Creates a command that is not started yet.
     *
     * @param subjects returns the user of a connection; null if nobody is logged in
     */
    ExecCommand(SessionFactory sessions, String line, Function<ServerSession, Subject> subjects) {
        this.sessions = sessions;
        this.line = line;
        this.subjects = subjects;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment given) {
        connection = channel.getServerSession();
        environment = Map.copyOf(given.getEnv());
        thread = new Thread(this, "postern-console-" + connection.getUsername());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void destroy(ChannelSession channel) {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void run() {
        int status = 1;
        try {
            PrintStream output = new PrintStream(out, false, StandardCharsets.UTF_8);
            PrintStream errors = new PrintStream(err, false, StandardCharsets.UTF_8);
            status = execute(output, errors);
            // all output is sent before the channel is closed
            output.flush();
            errors.flush();
            out.flush();
            err.flush();
        } catch (IOException | RuntimeException e) {
            LOG.debug("A command over ssh ended with its connection", e);
        } finally {
            thread = null;
            exit.onExit(status);
        }
    }

    private int execute(PrintStream output, PrintStream errors) {
        Subject subject = subjects.apply(connection);
        if (subject == null) {
            errors.println("nobody is logged in");
            return 1;
        }
        Session session = sessions.create(in, output, errors);
        try {
            environment.forEach((name, value) -> {
                if (TERMINAL_VARIABLES.matcher(name).matches()) {
                    session.put(name, value);
                }
            });
            session.put("USER", connection.getUsername());
            session.put(Subject.class.getName(), subject);
            try {
                Object result = JaasHelper.doAs(
                        subject, (java.security.PrivilegedExceptionAction<Object>) () -> session.execute(line));
                return result instanceof Integer status ? status : 0;
            } catch (PrivilegedActionException e) {
                ShellUtil.logException(session, e.getException());
                return 1;
            } catch (RuntimeException e) {
                ShellUtil.logException(session, e);
                return 1;
            }
        } finally {
            session.getConsole().flush();
            session.close();
        }
    }
}
