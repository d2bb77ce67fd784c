package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.event.Event;
import org.postern.catalogue.Fault;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.securitylogging.Verification;

class WatchTest {

    private final BlockingQueue<SecurityEvent> logged = new LinkedBlockingQueue<>();
    private boolean broken;

    private final SecurityLog log = new SecurityLog() {
        @Override
        public long append(SecurityEvent event) {
            if (broken) {
                throw new SecurityLogException(new Fault(SecurityLogFault.NOT_WRITABLE, "f", "r", "c", "a"), null);
            }
            logged.add(event);
            return logged.size();
        }

        @Override
        public List<LoggedEvent> tail(int count) {
            return List.of();
        }

        @Override
        public Verification verify() {
            throw new IllegalStateException("the listener only appends");
        }
    };

    private SecurityEvent next() throws InterruptedException {
        return logged.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void loginsAndFailedLoginsAreRecordedAndNothingElse() throws Exception {
        LoginWatch watch = new LoginWatch(log);
        for (String kind : List.of("ATTEMPT", "SUCCESS", "FAILURE", "LOGOUT")) {
            watch.handleEvent(new Event("org/apache/karaf/login/" + kind, Map.of("username", "eve")));
        }
        assertThat(next()).isEqualTo(new SecurityEvent.Login("eve", "console", Outcome.DONE));
        assertThat(next()).isEqualTo(new SecurityEvent.Login("eve", "console", Outcome.REFUSED));
        watch.stop();
        assertThat(logged).isEmpty();
    }

    @Test
    void changesOfPosternSettingsAndOfPermissionsAreRecordedAndOthersAreNot() throws Exception {
        SettingsWatch watch = new SettingsWatch(log);
        for (String pid : List.of(
                "org.postern.ledger",
                "org.apache.karaf.command.acl.hsm",
                "org.apache.karaf.features",
                "org.postern.securitylogging")) {
            watch.configurationEvent(event(ConfigurationEvent.CM_UPDATED, pid));
        }
        watch.configurationEvent(event(ConfigurationEvent.CM_DELETED, "org.postern.hsm.pkcs11"));
        assertThat(logged)
                .extracting(SecurityEvent::object)
                .containsExactly("org.postern.ledger", "org.apache.karaf.command.acl.hsm", "org.postern.hsm.pkcs11");
    }

    @Test
    void aBrokenLogDoesNotBreakConfigurationAdmin() {
        broken = true;
        new SettingsWatch(log).configurationEvent(event(ConfigurationEvent.CM_UPDATED, "org.postern.ledger"));
        assertThat(logged).isEmpty();
    }

    private static ConfigurationEvent event(int type, String pid) {
        return new ConfigurationEvent(reference(), type, null, pid);
    }

    /** A reference to a Configuration Admin service that is no longer registered. */
    @SuppressWarnings("unchecked")
    private static org.osgi.framework.ServiceReference<org.osgi.service.cm.ConfigurationAdmin> reference() {
        return (org.osgi.framework.ServiceReference<org.osgi.service.cm.ConfigurationAdmin>)
                java.lang.reflect.Proxy.newProxyInstance(
                        WatchTest.class.getClassLoader(),
                        new Class<?>[] {org.osgi.framework.ServiceReference.class},
                        (p, m, a) -> null);
    }
}
