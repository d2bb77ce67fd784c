package org.postern.hsmpkcs11.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FilePrint;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.VaultControl;
import org.postern.hsm.VaultHost;
import org.postern.hsm.VaultKeeper;

/**
 * The configured vault of a token: opened in the background, retried where that fails, and published when all keys
 * belong to their certificates.
 */
@Component(
        service = {PartHealth.class, VaultControl.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + Pkcs11KeyVault.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Pkcs11KeyVault.Config.class)
public final class Pkcs11VaultComponent implements PartHealth, VaultControl {

    private final VaultKeeper keeper;

    @Activate
    public Pkcs11VaultComponent(
            BundleContext bundle,
            Pkcs11KeyVault.Config config,
            Map<String, Object> settings,
            @Reference ConfigurationAdmin configurations,
            @Reference ProofAuthority authority,
            @Reference KeyUseListener listener,
            @Reference EcProvider ec) {
        BoundedCalls calls = new BoundedCalls(
                config.tokenLabel(),
                Duration.ofSeconds(Math.max(1, Math.min(60, config.timeoutSeconds()))),
                System::nanoTime);
        keeper = VaultHost.start(bundle, configurations, settings, new VaultKeeper.Source() {
            @Override
            public String pid() {
                return Pkcs11KeyVault.PID;
            }

            @Override
            public AbstractKeyVault open() {
                return new Pkcs11KeyVault(config, authority, listener, ec, calls);
            }

            @Override
            public String fingerprint() {
                return config.pinFile() == null ? "" : FilePrint.of(Path.of(config.pinFile()));
            }

            @Override
            public Map<String, Long> figures() {
                return calls.figures();
            }
        });
    }

    @Override
    public void reopen() {
        keeper.reopen();
    }

    @Override
    public String part() {
        return keeper.part();
    }

    @Override
    public Optional<Fault> trouble() {
        return keeper.trouble();
    }

    @Override
    public List<Fault> remarks() {
        return keeper.remarks();
    }

    @Override
    public Map<String, Long> figures() {
        return keeper.figures();
    }

    @Deactivate
    void stop() {
        keeper.close();
    }
}
