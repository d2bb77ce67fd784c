package org.postern.securitylogging.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVaultException;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.Verification;

/** Publishes the log, and records the vault's key uses in it: without a log there is no vault. */
@Component(
        service = {SecurityLog.class, KeyUseListener.class, PartHealth.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.securitylogging",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SecurityLogComponent.Config.class)
public final class SecurityLogComponent implements SecurityLog, KeyUseListener, PartHealth {

    /** Settings of PID {@code org.postern.securitylogging}. */
    @ObjectClassDefinition(
            name = "Postern security log",
            description = "Where the tamper-evident security log is kept.")
    public @interface Config {

        @AttributeDefinition(
                name = "Folder",
                description = "Folder of the log's segments. Give it a disk that nothing else fills.")
        @Form(form = SettingForm.PATH)
        String folder() default "state/security-log";

        @AttributeDefinition(
                name = "Segment size in MiB",
                description = "From this size on a segment is sealed and the next one begun.",
                min = "1",
                max = "1024")
        int segmentMebibytes() default 64;

        @AttributeDefinition(
                name = "Patience in seconds",
                description = "How long a signature waits for its record to reach the disk before it is refused.",
                min = "1",
                max = "300")
        int patienceSeconds() default 10;
    }

    private final FileSecurityLog log;

    @Activate
    public SecurityLogComponent(Config config) {
        this(new FileSecurityLog(
                Path.of(config.folder()),
                Math.max(1, config.segmentMebibytes()) * 1048576L,
                Duration.ofSeconds(Math.max(1, config.patienceSeconds())),
                Clock.systemUTC()));
        log.append(new SecurityEvent.Started("postern", "security-log"));
    }

    /** Over a log that is open. */
    public SecurityLogComponent(FileSecurityLog log) {
        this.log = log;
    }

    @Deactivate
    void stop() {
        log.append(new SecurityEvent.Stopped("postern", "security-log"));
        log.close();
    }

    @Override
    public long append(SecurityEvent event) {
        return log.append(event);
    }

    @Override
    public List<LoggedEvent> tail(int count) {
        return log.tail(count);
    }

    @Override
    public Verification verify() {
        return log.verify();
    }

    @Override
    public String part() {
        return "security log";
    }

    @Override
    public Optional<Fault> trouble() {
        return log.trouble();
    }

    @Override
    public void beforeRelease(KeyUse use) {
        log.append(new SecurityEvent.KeyUsed(
                use.eui().dashed(), use.operation().name(), use.alias(), use.object(), use.inputSha256()));
    }

    @Override
    public void refused(KeyUse use, KeyVaultException why) {
        log.append(new SecurityEvent.KeyRefused(
                use.eui().dashed(),
                use.operation().name(),
                use.alias(),
                use.object(),
                why.fault().code(),
                why.fault().rule() + ": " + why.fault().cause()));
    }
}
