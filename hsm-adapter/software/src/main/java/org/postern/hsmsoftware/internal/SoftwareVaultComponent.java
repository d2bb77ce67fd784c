package org.postern.hsmsoftware.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
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
 * The configured software vault: opened in the background, retried where that fails, and published when all keys belong
 * to their certificates.
 */
@Component(
        service = {PartHealth.class, VaultControl.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + SoftwareKeyVault.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SoftwareKeyVault.Config.class)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.postern.hsm.KeyVault\"",
        effective = "active")
public final class SoftwareVaultComponent implements PartHealth, VaultControl {

    private final VaultKeeper keeper;

    @Activate
    public SoftwareVaultComponent(
            BundleContext bundle,
            SoftwareKeyVault.Config config,
            Map<String, Object> settings,
            @Reference ConfigurationAdmin configurations,
            @Reference ProofAuthority authority,
            @Reference KeyUseListener listener,
            @Reference EcProvider ec) {
        keeper = VaultHost.start(bundle, configurations, settings, new VaultKeeper.Source() {
            @Override
            public String pid() {
                return SoftwareKeyVault.PID;
            }

            @Override
            public AbstractKeyVault open() {
                return new SoftwareKeyVault(config, authority, listener, ec);
            }

            @Override
            public String fingerprint() {
                return config.keyStore() == null || config.passwordFile() == null
                        ? ""
                        : FilePrint.of(Path.of(config.keyStore()), Path.of(config.passwordFile()));
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

    @Deactivate
    void stop() {
        keeper.close();
    }
}
