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

/** Publishes the security log, and records in it each use of a key of the vault. Without a log no vault is opened. */
@Component(
        service = {SecurityLog.class, KeyUseListener.class, PartHealth.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.securitylogging",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SecurityLogComponent.Config.class)
public final class SecurityLogComponent implements SecurityLog, KeyUseListener, PartHealth {

    /** Settings of PID {@code org.postern.securitylogging}. */
    @ObjectClassDefinition(name = "Postern security log", description = "Location of the tamper-evident security log.")
    public @interface Config {

        @AttributeDefinition(
                name = "Folder",
                description = "Folder of the segments of the log. Use a disk that nothing else can fill.")
        @Form(form = SettingForm.PATH)
        String folder() default "state/security-log";

        @AttributeDefinition(
                name = "Segment size in MiB",
                description = "Size from which a segment is sealed and the next one is started.",
                min = "1",
                max = "1024")
        int segmentMebibytes() default 64;

        @AttributeDefinition(
                name = "Write timeout in seconds",
                description = "How long a signature waits for its record to be on disk before it is refused.",
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

    /** For a log that is already open. */
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
