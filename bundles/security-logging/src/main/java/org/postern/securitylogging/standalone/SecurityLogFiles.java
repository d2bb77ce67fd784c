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
     * Opens the log of a folder and goes on at its end.
     *
     * @param segmentBytes size from which a segment is sealed and the next begun
     * @param patience how long an appender waits for the disk before it gives up
     * @throws SecurityLogException PST-8001 where it cannot be written; PST-8003 where its newest segment is broken
     */
    public static OpenSecurityLog open(Path folder, long segmentBytes, Duration patience, Clock clock) {
        return new FileSecurityLog(folder, segmentBytes, patience, clock);
    }
}
