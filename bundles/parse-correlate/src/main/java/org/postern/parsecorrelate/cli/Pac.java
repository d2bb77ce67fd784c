package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Main class of {@code pac.jar}. Exit code 0 where all went well, 1 where something was refused, 2 for bad arguments. */
@Command(name = "pac", mixinStandardHelpOptions = true, description = "Reads and makes GBCS messages, without a running appliance.",
        subcommands = {ParseCommand.class, TransformCommand.class, CorrelateCommand.class, RecheckCommand.class, CoverageCommand.class})
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
        CommandLine line = new CommandLine(new Pac());
        line.setErr(new PrintWriter(System.err, true));
        return line;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name what to do");
    }
}
