package org.postern.hsmpkcs11.internal;

import java.nio.file.Path;
import java.util.List;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.AbstractKeyVault;
import org.postern.hsm.KeyBinding;
import org.postern.hsm.KeyTrial;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.hsm.ProductionRule;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A vault whose keys stay in a PKCS#11 token. Agreed values leave the token while the callback of the caller runs,
 * because tokens do not offer the key derivation of GBCS.
 */
public final class Pkcs11KeyVault extends AbstractKeyVault {

    static final String PID = "org.postern.hsm.pkcs11";

    private static final Logger LOG = LoggerFactory.getLogger(Pkcs11KeyVault.class);

    /** Settings of PID {@code org.postern.hsm.pkcs11}. */
    @ObjectClassDefinition(
            name = "Postern PKCS#11 key vault",
            description = "Keys in a hardware token, or in SoftHSM for tests.")
    public @interface Config {

        @AttributeDefinition(
                name = "Production mode",
                description =
                        "Refuse keys with a certificate of a test PKI. The system property postern.production=true"
                                + " has the same effect.")
        boolean production() default true;

        @AttributeDefinition(
                name = "Library",
                description = "Name of a PKCS#11 library on the list of allowed ones: softhsm2, luna, nshield, utimaco,"
                        + " cloudhsm, yubihsm, opencryptoki.")
        String library();

        @AttributeDefinition(name = "Token label", description = "Label of the token. The token may be in any slot.")
        String tokenLabel();

        @AttributeDefinition(
                name = "PIN file",
                description =
                        "A file with the user PIN of the token. In production mode only owner and group may have access.")
        @Form(form = SettingForm.EXISTING)
        String pinFile();

        @AttributeDefinition(
                name = "Keys",
                description =
                        "One line for each key: alias=PURPOSE:entry name:EUI. The entry name is the label of key and"
                                + " certificate on the token.")
        @Form(form = SettingForm.KEYS)
        String[] keys();

        @AttributeDefinition(
                name = "Test issuers",
                required = false,
                description = "SHA-256 of the DER-encoded names of further issuers whose keys production mode refuses.")
        @Form(form = SettingForm.SHA256_LIST)
        String[] testIssuerSha256() default {};

        @AttributeDefinition(
                name = "Answer timeout",
                min = "1",
                max = "60",
                description = "Seconds after which a call to the token that has not returned is abandoned.")
        int timeoutSeconds() default 5;
    }

    Pkcs11KeyVault(
            Config config, ProofAuthority authority, KeyUseListener listener, EcProvider ec, BoundedCalls calls) {
        this(
                config,
                new ProductionRule(
                        config.production() || Boolean.getBoolean("postern.production"), testIssuers(config)),
                authority,
                listener,
                ec,
                calls);
    }

    Pkcs11KeyVault(
            Config config,
            ProductionRule rule,
            ProofAuthority authority,
            KeyUseListener listener,
            EcProvider ec,
            BoundedCalls calls) {
        super(open(config, rule, ec, calls), rule, authority, listener, ec);
        LOG.info("Token {} opened with {} keys", config.tokenLabel(), keys().size());
    }

    private static List<FoundKey> open(Config config, ProductionRule rule, EcProvider ec, BoundedCalls calls) {
        if (config.tokenLabel() == null
                || config.tokenLabel().isBlank()
                || config.pinFile() == null
                || config.library() == null
                || config.keys() == null) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    PID,
                    "the settings library, tokenLabel, pinFile and keys are present",
                    "one of them is missing",
                    "see the example in etc/");
        }
        List<KeyBinding> bindings = KeyBinding.parse(PID, config.keys());
        Path pinFile = Path.of(config.pinFile());
        return new Token(
                        Libraries.find(config.library()),
                        config.tokenLabel(),
                        () -> SecretFile.read(PID + ": pinFile", pinFile, rule.production()),
                        bindings,
                        new KeyTrial(ec),
                        calls,
                        System::nanoTime)
                .keys();
    }

    private static String[] testIssuers(Config config) {
        return config.testIssuerSha256() == null
                ? new String[0]
                : String.join(",", config.testIssuerSha256()).split(",");
    }
}
