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

/** Publishes the chosen provider as a service and says in the log which one it is. */
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
            description = "Which provider does elliptic-curve work in software.")
    public @interface Config {

        @AttributeDefinition(
                name = "Provider",
                description = "auto takes the fastest that loads; a name takes that one or fails.",
                options = {
                    @Option(label = "fastest that loads", value = "auto"),
                    @Option(label = "Amazon Corretto", value = "accp"),
                    @Option(label = "Bouncy Castle", value = "bouncy_castle"),
                    @Option(label = "the JDK's own", value = "sun_ec")
                })
        String provider() default "auto";
    }

    private final EcProvider chosen;

    @Activate
    public EcProviderComponent(BundleContext bundle, Config config) {
        ClassLoader accp = AccpLoader.of(bundle);
        String name = config.provider().trim().toUpperCase(Locale.ROOT);
        if (name.equals("AUTO")) {
            chosen = Choice.fastest(accp);
        } else {
            try {
                chosen = Choice.of(Kind.valueOf(name), accp);
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
                chosen.description(),
                Math.round(chosen.signMicroseconds()));
        if (chosen.kind() == Kind.SUN_EC) {
            LOG.warn("Only the JDK's own elliptic-curve code could be loaded: expect a twentieth of the throughput");
        }
    }

    @Override
    public Kind kind() {
        return chosen.kind();
    }

    @Override
    public String description() {
        return chosen.description();
    }

    @Override
    public double signMicroseconds() {
        return chosen.signMicroseconds();
    }

    @Override
    public PrivateKey privateKey(byte[] pkcs8) {
        return chosen.privateKey(pkcs8);
    }

    @Override
    public PublicKey publicKey(byte[] subjectPublicKeyInfo) {
        return chosen.publicKey(subjectPublicKeyInfo);
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] input, int offset, int length) {
        return chosen.sign(key, input, offset, length);
    }

    @Override
    public boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length) {
        return chosen.verify(key, signature, input, offset, length);
    }

    @Override
    public byte[] agree(PrivateKey own, PublicKey peer) {
        return chosen.agree(own, peer);
    }
}
