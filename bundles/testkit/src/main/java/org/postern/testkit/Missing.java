package org.postern.testkit;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Ends a test that does not find what it needs on this machine: it is skipped with a message, or it fails where an
 * environment variable demands that nothing is missing.
 *
 * <p>Reference data lies outside the project: its absence is a failure with {@code POSTERN_REQUIRE_REFERENCE=true}.
 * Tools (SoftHSM2, a C compiler, PostgreSQL, sqlite3) can be installed everywhere, by {@code .ci/setup}: their absence
 * is a failure with {@code CI=true}.
 */
public final class Missing {

    private static final String REFERENCE = "POSTERN_REQUIRE_REFERENCE";
    private static final String TOOLS = "CI";

    private Missing() {}

    /**
     * Ends the calling test because reference data is absent.
     *
     * @param what what was not found, where, and what to do
     */
    public static void reference(String what) {
        end(what, REFERENCE, System.getenv(REFERENCE));
    }

    /** True where the absence of reference data is a failure. */
    static boolean referenceRequired() {
        return "true".equals(System.getenv(REFERENCE));
    }

    /**
     * Ends the calling test because a tool is absent.
     *
     * @param what the tool, and the package that contains it
     */
    public static void tool(String what) {
        end(what, TOOLS, System.getenv(TOOLS));
    }

    /** Skips or fails the test by the variable's value, which is null where it is not set. */
    static void end(String what, String variable, String value) {
        if ("true".equals(value)) {
            Assertions.fail(what + "; " + variable + "=true makes this a failure");
        }
        Assumptions.abort(what);
    }
}
