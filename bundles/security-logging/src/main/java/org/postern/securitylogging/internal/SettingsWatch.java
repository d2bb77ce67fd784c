package org.postern.securitylogging.internal;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records changes of the appliance's settings, of the permissions for console commands and of users, by the names of
 * the settings. The settings of the security log itself are not recorded, because a change of them closes the log.
 */
@Component(service = SynchronousConfigurationListener.class, immediate = true)
public final class SettingsWatch implements SynchronousConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

    private final SecurityLog log;

    @Activate
    public SettingsWatch(@Reference SecurityLog log) {
        this.log = log;
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String pid = event.getPid();
        if (!isRecorded(pid)) {
            return;
        }
        boolean deleted = event.getType() == ConfigurationEvent.CM_DELETED;
        try {
            log.append(new SecurityEvent.ConfigurationChanged(
                    "configuration-admin", pid, deleted ? List.of("(deleted)") : names(event, pid)));
        } catch (SecurityLogException e) {
            LOG.error("A change of the settings {} could not be written to the security log", pid, e);
        }
    }

    private static boolean isRecorded(String pid) {
        // both the settings as a file states them and the settings in force
        String name = pid.startsWith(SettingsTable.IN_FORCE) ? pid.substring(SettingsTable.IN_FORCE.length()) : pid;
        return name.startsWith("org.postern.") && !name.equals("org.postern.securitylogging")
                || pid.startsWith("org.apache.karaf.command.acl")
                || pid.startsWith("org.apache.karaf.jaas")
                || pid.equals("org.apache.karaf.shell");
    }

    private static List<String> names(ConfigurationEvent event, String pid) {
        // no lock is held here, so Configuration Admin may be called from within its own notification; the reference is
        // that of the event
        ConfigurationAdmin admin =
                event.getReference() == null || event.getReference().getBundle() == null
                        ? null
                        : event.getReference().getBundle().getBundleContext().getService(event.getReference());
        try {
            Configuration configuration = admin == null ? null : admin.getConfiguration(pid, null);
            return configuration == null || configuration.getProperties() == null
                    ? List.of()
                    : Collections.list(configuration.getProperties().keys()).stream()
                            .sorted()
                            .toList();
        } catch (IOException | IllegalStateException e) {
            return List.of();
        }
    }
}
