package org.postern.appliance.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.appliance.ApplianceFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes, at the start, Postern's settings whose file was deleted while the process was down. File Install notices
 * only deletions while it runs; without this class the values in the configuration cache would stay in force, for
 * instance those of a key vault that an operator has removed.
 *
 * <p>This bundle starts before the bundles of the parts.
 */
@Component(service = StaleSettings.class, immediate = true)
public final class StaleSettings {

    private static final Logger LOG = LoggerFactory.getLogger(StaleSettings.class);
    private static final String OURS = "(service.pid=org.postern.*)";
    private static final String FILE = "felix.fileinstall.filename";

    @Activate
    public StaleSettings(@Reference ConfigurationAdmin configurations) throws IOException, InvalidSyntaxException {
        this(configurations, Path.of(System.getProperty("karaf.etc", "etc")));
    }

    StaleSettings(ConfigurationAdmin configurations, Path etc) throws IOException, InvalidSyntaxException {
        Configuration[] ours = configurations.listConfigurations(OURS);
        for (Configuration each : ours == null ? new Configuration[0] : ours) {
            Object file =
                    each.getProperties() == null ? null : each.getProperties().get(FILE);
            if (file != null && gone(file.toString(), etc)) {
                LOG.warn(
                        "{} settings {}: their file {} no longer exists; they are deleted",
                        ApplianceFault.STALE_SETTINGS.code(),
                        each.getPid(),
                        file);
                each.delete();
            }
        }
    }

    /**
     * True where the file is gone. An installation that was moved has its files in another folder, under the same
     * names.
     */
    private static boolean gone(String uri, Path etc) {
        try {
            Path file = Path.of(URI.create(uri));
            return !Files.exists(file)
                    && !Files.exists(etc.resolve(file.getFileName().toString()));
        } catch (IllegalArgumentException e) {
            // no URL of a file: not from File Install
            return false;
        }
    }
}
