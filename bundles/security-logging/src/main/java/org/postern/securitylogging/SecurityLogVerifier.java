package org.postern.securitylogging;

import java.nio.file.Path;
import org.postern.securitylogging.internal.ChainReader;

/**
 * Recomputes a log's chain from its files alone, with or without the appliance.
 *
 * <p>Change, removal, insertion and reordering of records show by themselves. That the newest records were cut off
 * shows by the {@code head} file; against somebody who rewrites that too, note a number and link elsewhere (every
 * sealing is announced in the ordinary log) and give them as the anchor.
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
     * Verifies the whole log, and that record {@code number} has the link {@code hash}.
     *
     * @throws SecurityLogException PST-8002 where the folder cannot be read
     */
    public static Verification verify(Path folder, long number, String hash) {
        return ChainReader.verify(folder, number, hash);
    }

    /** {@code SecurityLogVerifier FOLDER [NUMBER HASH]}; exit 0 intact, 1 broken, 2 cannot tell. */
    public static void main(String[] args) {
        if (args.length != 1 && args.length != 3) {
            System.err.println("usage: SecurityLogVerifier FOLDER [NUMBER HASH]");
            System.exit(2);
        }
        try {
            Verification found = args.length == 1
                    ? verify(Path.of(args[0]))
                    : verify(Path.of(args[0]), Long.parseLong(args[1]), args[2]);
            found.findings().forEach(f -> System.out.println(f.segment() + ":" + f.line() + " " + f.problem()));
            System.out.println((found.intact() ? "intact: " : "BROKEN: ") + found.records() + " records in "
                    + found.segments() + " segments, last " + found.lastNumber() + " " + found.lastHash());
            System.exit(found.intact() ? 0 : 1);
        } catch (SecurityLogException | NumberFormatException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
