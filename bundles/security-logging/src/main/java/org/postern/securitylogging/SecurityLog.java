package org.postern.securitylogging;

import java.util.List;

/** The log of one appliance. Safe for use by many threads; waiting callers share one disk flush. */
public interface SecurityLog {

    /**
     * Appends and returns when the record is on disk. Call it <em>before</em> the effect, and do without the effect
     * where it throws.
     *
     * @return the record's number, rising by one from record to record
     * @throws SecurityLogException PST-8001 where it could not be written
     */
    long append(SecurityEvent event);

    /** The last records, oldest first, at most {@code count}. */
    List<LoggedEvent> tail(int count);

    /** Recomputes the whole chain from the first segment on. Reads files only; appending goes on meanwhile. */
    Verification verify();
}
