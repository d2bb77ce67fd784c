package org.postern.securitylogging.internal;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records logins to the console and to the management interface. Karaf reports them only by events, so this entry,
 * unlike all others, is written after the login took effect. It is written on a separate thread, because EventAdmin
 * permanently ignores a handler that is slow.
 */
@Component(service = EventHandler.class, immediate = true, property = "event.topics=org/apache/karaf/login/*")
public final class LoginWatch implements EventHandler {

    private static final Logger LOG = LoggerFactory.getLogger(LoginWatch.class);

    private final SecurityLog log;
    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1000), work -> {
                Thread thread = new Thread(work, "security-log-logins");
                thread.setDaemon(true);
                return thread;
            });

    @Activate
    public LoginWatch(@Reference SecurityLog log) {
        this.log = log;
    }

    @Deactivate
    void stop() {
        writer.shutdown();
    }

    @Override
    public void handleEvent(Event event) {
        boolean success = event.getTopic().endsWith("/SUCCESS");
        if (!success && !event.getTopic().endsWith("/FAILURE")) {
            return;
        }
        Object name = event.getProperty("username");
        SecurityEvent entry = new SecurityEvent.Login(
                name == null ? "" : name.toString(), "console", success ? Outcome.DONE : Outcome.REFUSED);
        try {
            writer.execute(() -> append(entry));
        } catch (RejectedExecutionException e) {
            LOG.error("A login could not be written to the security log: the queue of logins is full");
        }
    }

    private void append(SecurityEvent entry) {
        try {
            log.append(entry);
        } catch (SecurityLogException e) {
            LOG.error("A login could not be written to the security log", e);
        }
    }
}
