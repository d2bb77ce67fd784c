package org.postern.securitylogging;

import java.util.List;

/** The security log of one appliance. Thread-safe; callers that wait at the same time share one disk flush. */
public interface SecurityLog {

    /**
     * Appends an event and returns when its record is on disk. Call this method <em>before</em> the operation takes
     * effect, and do not carry the operation out where this method throws.
     *
     * @return the number of the record; numbers increase by one
     * @throws SecurityLogException PST-8001 where the record could not be written
     */
    long append(SecurityEvent event);

    /** The last records, at most {@code count}, oldest first. */
    List<LoggedEvent> tail(int count);

    /**
     * Recomputes the whole chain, from the first segment. Only reads files; events can be appended at the same time.
     */
    Verification verify();
}
