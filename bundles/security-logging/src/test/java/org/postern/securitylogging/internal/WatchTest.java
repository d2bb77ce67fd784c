package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
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
import org.postern.testkit.Await;
import org.postern.testkit.FakeConfigurations;

class WatchTest {

    private final BlockingQueue<SecurityEvent> logged = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean broken;

    private final SecurityLog log = new SecurityLog() {
        @Override
        public long append(SecurityEvent event) {
            if (broken) {
                refusals.incrementAndGet();
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

    @Test
    void settingsInForceAndPermissionsOfKarafAreRecordedBesideTheFiles() {
        SettingsWatch watch = new SettingsWatch(log);
        List<String> recorded = List.of(
                "inforce.org.postern.ledger",
                "org.apache.karaf.jaas",
                "org.apache.karaf.command.acl",
                "org.apache.karaf.shell");
        for (String pid : recorded) {
            watch.configurationEvent(event(ConfigurationEvent.CM_UPDATED, pid));
        }
        for (String other : List.of(
                "inforce.org.postern.securitylogging",
                "inforce.org.apache.karaf.shell",
                "org.apache.karaf.shell.x",
                "org.posternx.ledger")) {
            watch.configurationEvent(event(ConfigurationEvent.CM_UPDATED, other));
        }
        assertThat(logged).extracting(SecurityEvent::object).containsExactlyElementsOf(recorded);
    }

    @Test
    void aChangeIsRecordedWithTheNamesOfTheSettingsAndNotTheirValues() {
        FakeConfigurations configurations = new FakeConfigurations();
        configurations.file("org.postern.ledger", Map.of("password", "secret", "a", "b"));
        ServiceReference<ConfigurationAdmin> reference = reference(configurations.admin());
        SettingsWatch watch = new SettingsWatch(log);
        for (String pid : List.of("org.postern.ledger", "org.postern.none")) {
            watch.configurationEvent(new ConfigurationEvent(reference, ConfigurationEvent.CM_UPDATED, null, pid));
        }
        watch.configurationEvent(
                new ConfigurationEvent(reference, ConfigurationEvent.CM_DELETED, null, "org.postern.ledger"));
        assertThat(logged)
                .extracting(event -> event.details().get("settings"))
                .containsExactly("a felix.fileinstall.filename password service.pid", "", "(deleted)");
    }

    @Test
    void aChangeIsRecordedWhereConfigurationAdminFails() {
        SettingsWatch watch = new SettingsWatch(log);
        ConfigurationAdmin failing = proxy(ConfigurationAdmin.class, (p, m, a) -> {
            throw new IOException("played");
        });
        for (ConfigurationAdmin admin : new ConfigurationAdmin[] {failing, null}) {
            watch.configurationEvent(new ConfigurationEvent(
                    reference(admin), ConfigurationEvent.CM_UPDATED, null, "org.postern.ledger"));
        }
        assertThat(logged).hasSize(2);
    }

    @Test
    void aLoginWithoutANameIsRecordedAndAFailureToRecordDoesNotAffectTheNextLogin() throws Exception {
        LoginWatch watch = new LoginWatch(log);
        broken = true;
        watch.handleEvent(new Event("org/apache/karaf/login/SUCCESS", Map.of("username", "lost")));
        Await.until("the first was refused", Duration.ofSeconds(20), () -> refusals.get() == 1);
        broken = false;
        watch.handleEvent(new Event("org/apache/karaf/login/FAILURE", Map.of()));
        assertThat(next()).isEqualTo(new SecurityEvent.Login("", "console", Outcome.REFUSED));
        watch.stop();
        watch.handleEvent(new Event("org/apache/karaf/login/SUCCESS", Map.of("username", "late")));
        assertThat(logged.poll(200, TimeUnit.MILLISECONDS)).as("after the stop").isNull();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(WatchTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** A reference to this Configuration Admin. */
    @SuppressWarnings("unchecked")
    private static ServiceReference<ConfigurationAdmin> reference(ConfigurationAdmin admin) {
        BundleContext context = proxy(BundleContext.class, (p, m, a) -> admin);
        Bundle bundle = proxy(Bundle.class, (p, m, a) -> context);
        return proxy(ServiceReference.class, (p, m, a) -> m.getName().equals("getBundle") ? bundle : null);
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
