package org.postern.securitylogging.standalone;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.internal.FileSecurityLog;

/** Security logs in folders. */
public final class SecurityLogFiles {

    private SecurityLogFiles() {}

    /**
     * Opens the log of a folder for appending.
     *
     * @param segmentBytes size in bytes from which a segment is sealed and the next one is started
     * @param timeout how long an appending thread waits for the disk before its event is refused
     * @throws SecurityLogException PST-8001 where the log cannot be written; PST-8003 where its newest segment is
     *     damaged
     */
    public static OpenSecurityLog open(Path folder, long segmentBytes, Duration timeout, Clock clock) {
        return new FileSecurityLog(folder, segmentBytes, timeout, clock);
    }
}
