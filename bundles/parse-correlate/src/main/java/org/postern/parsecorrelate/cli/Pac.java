package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.parsecorrelate.ParseCorrelateFault;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Main class of {@code pac.jar}. Exit code 0 for success, 1 if something was refused, 2 for bad arguments and for
 * unreadable input, whatever its bytes are.
 */
@Command(
        name = "pac",
        mixinStandardHelpOptions = true,
        description = "Reads and makes GBCS messages, without a running appliance.",
        subcommands = {
            ParseCommand.class,
            TransformCommand.class,
            CorrelateCommand.class,
            RecheckCommand.class,
            CoverageCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Pac implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the sub-command named by the arguments and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = withFaultCodes(new CommandLine(new Pac()));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        return line;
    }

    /**
     * Handles every exception of a command in the same way: prints a line with the fault code and returns the exit code
     * for unreadable input.
     */
    static CommandLine withFaultCodes(CommandLine line) {
        return line.setExecutionExceptionHandler((thrown, command, parsed) -> {
            Fault fault = thrown instanceof PosternException refusal
                    ? refusal.fault()
                    : ParseCorrelateFault.INPUT_UNREADABLE.fault(
                            "input", thrown.getClass().getSimpleName());
            command.getErr().println(fault);
            command.getErr().flush();
            return CommandLine.ExitCode.USAGE;
        });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
