package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command line as a shell runs it, for tests of other packages. */
public final class RunPac {

    private RunPac() {}

    /** Returns the exit code; the output is in the writers. */
    public static int run(StringWriter out, StringWriter err, String... arguments) {
        return Pac.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
