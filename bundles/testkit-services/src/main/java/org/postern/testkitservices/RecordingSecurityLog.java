package org.postern.testkitservices;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.Verification;

/** A security log in memory, which tests can read and make fail. Safe between threads. */
public class RecordingSecurityLog implements SecurityLog {

    /** The appended events, in order. */
    public final List<SecurityEvent> events = new CopyOnWriteArrayList<>();

    private volatile @Nullable RuntimeException failure;

    /** Makes every further append fail with that exception; null ends that. */
    public void fail(@Nullable RuntimeException with) {
        failure = with;
    }

    @Override
    public long append(SecurityEvent event) {
        RuntimeException now = failure;
        if (now != null) {
            throw now;
        }
        events.add(event);
        return events.size();
    }

    @Override
    public List<LoggedEvent> tail(int count) {
        throw new IllegalStateException("this log is not read");
    }

    @Override
    public Verification verify() {
        throw new IllegalStateException("this log is not read");
    }
}
