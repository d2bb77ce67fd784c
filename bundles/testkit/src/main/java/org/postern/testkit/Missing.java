package org.postern.testkit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What becomes of a test that does not find what it needs on this machine: it is skipped with a message that says so,
 * or it fails where the run says that nothing may be missing.
 *
 * <p>Reference data lies outside the project: its absence fails where the environment says
 * {@code POSTERN_REQUIRE_REFERENCE=true}. Tools (SoftHSM2, a C compiler, PostgreSQL, sqlite3) can be installed
 * everywhere, by {@code .ci/setup}: their absence fails where it says {@code CI=true}.
 */
public final class Missing {

    private static final String REFERENCE = "POSTERN_REQUIRE_REFERENCE";
    private static final String TOOLS = "CI";

    private Missing() {}

    /**
     * Reference data is absent: ends the calling test.
     *
     * @param what what was looked for, where, and what to do about it
     */
    public static void reference(String what) {
        end(what, REFERENCE, System.getenv(REFERENCE));
    }

    /** True where the absence of reference data is a failure. */
    static boolean referenceRequired() {
        return "true".equals(System.getenv(REFERENCE));
    }

    /**
     * A tool is absent: ends the calling test.
     *
     * @param what which, and which package has it
     */
    public static void tool(String what) {
        end(what, TOOLS, System.getenv(TOOLS));
    }

    /** As both do; the value of the variable is null where it is not set. */
    static void end(String what, String variable, String value) {
        if ("true".equals(value)) {
            Assertions.fail(what + "; " + variable + "=true makes this a failure");
        }
        Assumptions.abort(what);
    }
}
