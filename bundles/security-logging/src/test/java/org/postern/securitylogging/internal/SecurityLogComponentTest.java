package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyVaultException;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogVerifier;

/** The log as a part of the appliance: the events that it records itself, and the records of key uses. */
class SecurityLogComponentTest {

    private static final Eui64 PARTY = Eui64.parse("90B3D51F30010000");
    private static final KeyUse USE = new KeyUse(
            KeyUse.Operation.SIGN_PRE_COMMAND, "is-gbcs", KeyPurpose.GBCS_SIGNING, PARTY, "request", "ab".repeat(32));

    @TempDir
    Path folder;

    private SecurityLogComponent component;
    private boolean stopped;

    @BeforeEach
    void start() {
        // a size below the minimum counts as the minimum of 1 MiB
        Map<String, Object> settings =
                Map.of("folder", folder.toString(), "segmentMebibytes", 0, "patienceSeconds", 60);
        component = new SecurityLogComponent((SecurityLogComponent.Config) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SecurityLogComponent.Config.class},
                (proxy, method, args) -> settings.get(method.getName())));
    }

    @AfterEach
    void stop() {
        if (!stopped) {
            component.stop();
        }
    }

    private LoggedEvent last() {
        return component.tail(1).get(0);
    }

    @Test
    void startAndStopAreRecordedAndTheLogIsClosedAfterwards() {
        assertThat(last().id()).isEqualTo("SL-501");
        component.stop();
        stopped = true;
        assertThat(component.tail(1).get(0).id()).isEqualTo("SL-502");
        assertThat(SecurityLogVerifier.verify(folder).segments()).isEqualTo(1);
        SecurityLogComponent next = new SecurityLogComponent(
                new FileSecurityLog(folder, 1 << 20, java.time.Duration.ofSeconds(20), java.time.Clock.systemUTC()));
        next.stop();
    }

    @Test
    void aUseOfAKeyIsRecordedWithAllThatIdentifiesIt() {
        component.beforeRelease(USE);
        assertThat(last().id()).isEqualTo("SL-101");
        assertThat(last().actor()).isEqualTo(PARTY.dashed());
        assertThat(last().object()).isEqualTo("request");
        assertThat(last().details())
                .isEqualTo(Map.of("operation", "SIGN_PRE_COMMAND", "alias", "is-gbcs", "inputSha256", "ab".repeat(32)));
    }

    @Test
    void aRefusedUseOfAKeyIsRecordedWithItsReason() {
        component.refused(
                USE,
                new KeyVaultException(KeyVaultException.Kind.PROOF_REFUSED, "field", "the rule", "the cause", "do"));
        assertThat(last().id()).isEqualTo("SL-102");
        assertThat(last().actor()).isEqualTo(PARTY.dashed());
        assertThat(last().details())
                .isEqualTo(Map.of(
                        "operation", "SIGN_PRE_COMMAND",
                        "alias", "is-gbcs",
                        "fault", "PST-5005",
                        "reason", "the rule: the cause"));
    }

    @Test
    void itReportsTheStateOfItsLog() {
        long number = component.append(new SecurityEvent.ConfigurationChanged("a", "pid", List.of("x", "y")));
        assertThat(number).isEqualTo(3);
        assertThat(last().details()).containsEntry("settings", "x y");
        assertThat(component.verify().records()).isEqualTo(3);
        assertThat(component.part()).isEqualTo("security log");
        assertThat(component.trouble()).isEmpty();
        component.stop();
        stopped = true;
    }
}
