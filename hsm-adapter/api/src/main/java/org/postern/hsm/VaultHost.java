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

/** Runs a vault's keeper inside the framework: what it opens becomes the service {@link KeyVault}. */
public final class VaultHost {

    private VaultHost() {}

    /**
     * Starts a keeper; it opens the vault in its own time.
     *
     * @param bundle the provider's bundle, to which the service belongs
     * @param settings properties of the provider's settings
     * @param source opens the vault
     */
    public static VaultKeeper start(
            BundleContext bundle,
            ConfigurationAdmin configurations,
            Map<String, ?> settings,
            VaultKeeper.Source source) {
        OneVault one = new OneVault(
                Path.of(System.getProperty("karaf.etc", "etc")), settings, () -> configured(configurations));
        return new VaultKeeper(source, vault -> publish(bundle, source.pid(), vault), one, System::nanoTime).start();
    }

    private static Runnable publish(BundleContext bundle, String pid, KeyVault vault) {
        @SuppressWarnings("JdkObsolete") // what the service registry takes
        Hashtable<String, Object> properties = new Hashtable<>(Map.of("vault", pid));
        ServiceRegistration<KeyVault> registration = bundle.registerService(KeyVault.class, vault, properties);
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // the bundle stopped before, and its services went with it
            }
        };
    }

    private static Collection<String> configured(ConfigurationAdmin configurations) {
        List<String> pids = new ArrayList<>();
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + OneVault.PREFIX + "*)");
            for (Configuration each : found == null ? new Configuration[0] : found) {
                Object file = each.getProperties() == null
                        ? null
                        : each.getProperties().get(OneVault.FILE);
                // what is left over from a deleted file is dropped elsewhere, and is no second vault
                if (file == null || Files.exists(Path.of(URI.create(file.toString())))) {
                    pids.add(each.getPid());
                }
            }
            return pids;
        } catch (IOException | InvalidSyntaxException | IllegalArgumentException e) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.BAD_SETTING,
                    OneVault.PREFIX + "*",
                    "the configurations can be listed",
                    e.getClass().getSimpleName(),
                    "see the log",
                    e);
        }
    }
}
