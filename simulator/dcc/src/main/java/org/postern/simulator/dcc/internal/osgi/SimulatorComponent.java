package org.postern.simulator.dcc.internal.osgi;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the simulator inside the appliance while PID {@code org.postern.simulator} is configured. Never in production.
 */
@Component(
        configurationPid = SettingsTable.IN_FORCE + "org.postern.simulator",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = SimulatorComponent.Config.class)
public final class SimulatorComponent {

    /** Settings of the simulator. */
    @ObjectClassDefinition(
            name = "Postern: DCC simulator",
            description = "Plays the DCC and its meters; for demonstrations and tests only.")
    public @interface Config {
        @AttributeDefinition(
                name = "PKI folder",
                description = "Folder of the throwaway PKI; made where it does not exist.")
        @Form(form = SettingForm.PATH)
        String pkiFolder();

        @AttributeDefinition(name = "Seed", description = "Which population a new throwaway PKI is for.")
        long seed() default 1;

        @AttributeDefinition(
                name = "Homes",
                description = "Number of homes of a new population.",
                min = "1",
                max = "65535")
        int premises() default 60;

        @AttributeDefinition(name = "Address", description = "Address of the three services.")
        @Form(form = SettingForm.LISTEN_ADDRESS)
        String host() default "127.0.0.1";

        @AttributeDefinition(name = "Port", description = "TCP port of the three services.", min = "0", max = "65535")
        @Form(form = SettingForm.LISTEN_PORT, host = "host")
        int port() default 8079;

        @AttributeDefinition(
                name = "Control port",
                description = "TCP port of the control service on the loopback address; -1 for none.",
                min = "-1",
                max = "65535")
        int controlPort() default -1;

        @AttributeDefinition(name = "Callback", description = "URL of the appliance's Receive Response service.")
        @Form(form = SettingForm.HTTPS_ADDRESS)
        String callbackUrl() default "https://127.0.0.1:8443/smartdcc/duis";

        @AttributeDefinition(
                name = "Answer delay",
                description = "Milliseconds that a device takes to answer.",
                min = "0",
                max = "86400000")
        long answerDelayMillis() default 40;

        @AttributeDefinition(
                name = "First retry",
                description = "Milliseconds until a callback that was not acknowledged is sent again;"
                        + " doubles each time.",
                min = "1",
                max = "86400000")
        long retryFirstMillis() default 1000;

        @AttributeDefinition(
                name = "Longest retry",
                description = "The longest of these waits in milliseconds.",
                min = "1",
                max = "86400000")
        long retryMostMillis() default 300_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SimulatorComponent.class);

    private final Simulator simulator;
    private final ServiceRegistration<Simulator> registration;

    @Activate
    public SimulatorComponent(Config config, BundleContext context, @Reference EcProvider ec) {
        Clock clock = Clock.systemUTC();
        Path folder = Path.of(config.pkiFolder());
        if (!Files.exists(folder.resolve("simulator/population.properties"))) {
            SimulatorPki.create(folder, new Population(config.seed(), config.premises()), clock);
            LOG.info("made a throwaway PKI in {}", folder);
        }
        SimulatorSettings plain = SimulatorSettings.of(folder, URI.create(config.callbackUrl()));
        this.simulator = new Simulator(
                new SimulatorSettings(
                        folder,
                        plain.eventFile(),
                        config.host(),
                        config.port(),
                        plain.basePath(),
                        plain.callbackUrl(),
                        config.controlPort(),
                        Duration.ofMillis(config.answerDelayMillis()),
                        Duration.ofMillis(config.retryFirstMillis()),
                        Duration.ofMillis(config.retryMostMillis()),
                        plain.keepCallbacks(),
                        plain.maxBodyBytes(),
                        plain.bounds()),
                ec,
                clock);
        this.registration = context.registerService(Simulator.class, simulator, null);
        LOG.warn("the DCC simulator listens on port {}: not for production", simulator.servicesPort());
    }

    @Deactivate
    void stop() {
        registration.unregister();
        simulator.close();
    }
}
