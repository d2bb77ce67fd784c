package org.postern.hsm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Runs a {@link VaultKeeper} in OSGi: the vault that it opens is registered as the service {@link KeyVault}. */
public final class VaultHost {

    private VaultHost() {}

    /**
     * Starts a keeper, which opens the vault asynchronously.
     *
     * @param bundle bundle of the provider, which registers the service
     * @param settings settings of the provider
     * @param source opens the vault
     */
    public static VaultKeeper start(
            BundleContext bundle,
            ConfigurationAdmin configurations,
            Map<String, ?> settings,
            VaultKeeper.Source source) {
        SingleVaultCheck one = new SingleVaultCheck(
                Path.of(System.getProperty("karaf.etc", "etc")), settings, () -> configured(configurations));
        return new VaultKeeper(source, vault -> publish(bundle, source.pid(), vault), one, System::nanoTime).start();
    }

    private static Runnable publish(BundleContext bundle, String pid, KeyVault vault) {
        @SuppressWarnings("JdkObsolete") // required by the service registry
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("vault", pid));
        ServiceRegistration<KeyVault> registration = bundle.registerService(KeyVault.class, vault, properties);
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // the bundle has stopped already, which unregistered its services
            }
        };
    }

    private static Collection<String> configured(ConfigurationAdmin configurations) {
        List<String> pids = new ArrayList<>();
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + SingleVaultCheck.PREFIX + "*)");
            for (Configuration each : found == null ? new Configuration[0] : found) {
                Object file = each.getProperties() == null
                        ? null
                        : each.getProperties().get(SingleVaultCheck.FILE_INSTALL_PROPERTY);
                // settings of a deleted file are discarded elsewhere and do not count as a second vault
                if (file == null || Files.exists(Path.of(URI.create(file.toString())))) {
                    pids.add(each.getPid());
                }
            }
            return pids;
        } catch (IOException | InvalidSyntaxException | IllegalArgumentException e) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.BAD_SETTING,
                    SingleVaultCheck.PREFIX + "*",
                    "the configurations can be listed",
                    e.getClass().getSimpleName(),
                    "see the log",
                    e);
        }
    }
}
