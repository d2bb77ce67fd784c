package org.postern.securitylogging;

import java.io.PrintStream;
import java.nio.file.Path;
import org.postern.securitylogging.internal.ChainReader;

/**
 * Verifies the hash chain of a security log. It needs the files of the log and nothing else, so it also runs without
 * the appliance.
 *
 * <p>Changed, removed, inserted and reordered records are detected by the chain itself. Removal of the newest records
 * is detected by means of the {@code head} file. To detect an attacker who also rewrites that file, store the number
 * and the hash of a record elsewhere and pass them as the anchor; the application log states both whenever a segment is
 * sealed.
 */
public final class SecurityLogVerifier {

    private SecurityLogVerifier() {}

    /**
     * Verifies the whole log.
     *
     * @throws SecurityLogException PST-8002 where the folder cannot be read
     */
    public static Verification verify(Path folder) {
        return ChainReader.verify(folder, 0, null);
    }

    /**
     * Verifies the whole log, and that record {@code number} has the hash {@code hash}.
     *
     * @throws SecurityLogException PST-8002 where the folder cannot be read
     */
    public static Verification verify(Path folder, long number, String hash) {
        return ChainReader.verify(folder, number, hash);
    }

    /**
     * {@code SecurityLogVerifier FOLDER [NUMBER HASH]}; exit code 0: intact, 1: broken, 2: the log could not be
     * verified.
     */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length != 1 && args.length != 3) {
            err.println("usage: SecurityLogVerifier FOLDER [NUMBER HASH]");
            return 2;
        }
        try {
            Verification found = args.length == 1
                    ? verify(Path.of(args[0]))
                    : verify(Path.of(args[0]), Long.parseLong(args[1]), args[2]);
            found.findings().forEach(f -> out.println(f.segment() + ":" + f.line() + " " + f.problem()));
            out.println((found.intact() ? "intact: " : "BROKEN: ") + found.records() + " records in " + found.segments()
                    + " segments, last " + found.lastNumber() + " " + found.lastHash());
            return found.intact() ? 0 : 1;
        } catch (SecurityLogException | NumberFormatException e) {
            err.println(e.getMessage());
            return 2;
        }
    }
}
