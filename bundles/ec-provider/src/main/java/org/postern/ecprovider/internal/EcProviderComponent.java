package org.postern.ecprovider.internal;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Locale;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the selected provider as a service and logs its name. */
@Component(
        service = EcProvider.class,
        configurationPid = "inforce.org.postern.ecprovider",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EcProviderComponent.Config.class)
public final class EcProviderComponent implements EcProvider {

    private static final Logger LOG = LoggerFactory.getLogger(EcProviderComponent.class);

    /** Settings of PID {@code org.postern.ecprovider}. */
    @ObjectClassDefinition(
            name = "Postern elliptic-curve provider",
            description = "The provider of elliptic-curve operations in software.")
    public @interface Config {

        @AttributeDefinition(
                name = "Provider",
                description = "auto selects the fastest provider that can be loaded; a name selects that provider,"
                        + " and fails where it cannot be loaded.",
                options = {
                    @Option(label = "fastest available", value = "auto"),
                    @Option(label = "Amazon Corretto", value = "accp"),
                    @Option(label = "Bouncy Castle", value = "bouncy_castle"),
                    @Option(label = "JDK (SunEC)", value = "sun_ec")
                })
        String provider() default "auto";
    }

    private final EcProvider selected;

    @Activate
    public EcProviderComponent(BundleContext bundle, Config config) {
        ClassLoader accp = AccpLoader.of(bundle);
        String name = config.provider().trim().toUpperCase(Locale.ROOT);
        if (name.equals("AUTO")) {
            selected = Choice.fastest(accp);
        } else {
            try {
                selected = Choice.of(Kind.valueOf(name), accp);
            } catch (IllegalArgumentException e) {
                throw new EcException(
                        EcException.Kind.PROVIDER_FAILED,
                        "org.postern.ecprovider: provider is auto, accp, bouncy_castle or sun_ec, not "
                                + config.provider(),
                        e);
            }
        }
        LOG.info(
                "Elliptic-curve provider: {}, {} us per signature at start",
                selected.description(),
                Math.round(selected.signMicroseconds()));
        if (selected.kind() == Kind.SUN_EC) {
            LOG.warn(
                    "Only the elliptic-curve provider of the JDK could be loaded: expect a twentieth of the throughput");
        }
    }

    @Override
    public Kind kind() {
        return selected.kind();
    }

    @Override
    public String description() {
        return selected.description();
    }

    @Override
    public double signMicroseconds() {
        return selected.signMicroseconds();
    }

    @Override
    public PrivateKey privateKey(byte[] pkcs8) {
        return selected.privateKey(pkcs8);
    }

    @Override
    public PublicKey publicKey(byte[] subjectPublicKeyInfo) {
        return selected.publicKey(subjectPublicKeyInfo);
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] input, int offset, int length) {
        return selected.sign(key, input, offset, length);
    }

    @Override
    public boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length) {
        return selected.verify(key, signature, input, offset, length);
    }

    @Override
    public byte[] agree(PrivateKey own, PublicKey peer) {
        return selected.agree(own, peer);
    }
}
