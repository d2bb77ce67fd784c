package org.postern.hsmsoftware.internal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vault whose keys are stored in PKCS#12 files and, while it is open, in the memory of this process. For development
 * and tests; it does not open in production mode.
 */
public final class SoftwareKeyVault extends AbstractKeyVault {

    static final String PID = "org.postern.hsm.software";

    private static final Logger LOG = LoggerFactory.getLogger(SoftwareKeyVault.class);

    /** Settings of PID {@code org.postern.hsm.software}. */
    @ObjectClassDefinition(
            name = "Postern software key vault",
            description = "Keys in PKCS#12 files. Not for production.")
    public @interface Config {

        @AttributeDefinition(
                name = "Production mode",
                description =
                        "This vault opens only where this is false, and only where the system property postern.production is not true.")
        boolean production() default true;

        @AttributeDefinition(
                name = "Key store",
                description = "A PKCS#12 file, or a folder of which all .p12 files are read.")
        @Form(form = SettingForm.EXISTING)
        String keyStore();

        @AttributeDefinition(
                name = "Password file",
                description = "A file that contains the common password of the key files and their entries.")
        @Form(form = SettingForm.EXISTING)
        String passwordFile();

        @AttributeDefinition(name = "Keys", description = "One line for each key: alias=PURPOSE:entry name:EUI.")
        @Form(form = SettingForm.KEYS)
        String[] keys();
    }

    /**
     * The settings; null where one is absent.
     *
     * @param keys one text for each key: {@code alias=PURPOSE:entry name:EUI}
     */
    public record Settings(
            boolean production,
            @Nullable String keyStore,
            @Nullable String passwordFile,
            @Nullable List<String> keys) {

        static Settings of(Config config) {
            return new Settings(
                    config.production(),
                    config.keyStore(),
                    config.passwordFile(),
                    config.keys() == null ? null : List.of(config.keys()));
        }
    }

    public SoftwareKeyVault(Config config, ProofAuthority authority, KeyUseListener listener, EcProvider ec) {
        this(Settings.of(config), authority, listener, ec);
    }

    public SoftwareKeyVault(Settings settings, ProofAuthority authority, KeyUseListener listener, EcProvider ec) {
        this(
                settings,
                new ProductionRule(settings.production() || Boolean.getBoolean("postern.production")),
                authority,
                listener,
                ec);
    }

    SoftwareKeyVault(
            Settings settings, ProductionRule rule, ProofAuthority authority, KeyUseListener listener, EcProvider ec) {
        super(open(settings, rule, ec), rule, authority, listener, ec);
        LOG.warn(
                "Software key vault opened with {} keys: the keys are in the memory of this process, do not use it in production",
                keys().size());
    }

    private static List<FoundKey> open(Settings settings, ProductionRule rule, EcProvider ec) {
        if (rule.production()) {
            throw new KeyVaultException(
                    Kind.NOT_FOR_PRODUCTION,
                    PID,
                    "production keys are stored in a hardware token",
                    "this is the software vault",
                    "configure org.postern.hsm.pkcs11 instead, or set production=false on a test system");
        }
        String keyStore = settings.keyStore();
        String passwordFile = settings.passwordFile();
        List<String> keys = settings.keys();
        if (keyStore == null || passwordFile == null || keys == null) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    PID,
                    "the settings keyStore, passwordFile and keys are present",
                    "one of them is missing",
                    "see the example in etc/");
        }
        List<KeyBinding> bindings = KeyBinding.parse(PID, keys.toArray(String[]::new));
        char[] password = SecretFile.read(PID + ": passwordFile", Path.of(passwordFile), false);
        try {
            return new Pkcs12Keys(Path.of(keyStore), ec).find(bindings, password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }
}
