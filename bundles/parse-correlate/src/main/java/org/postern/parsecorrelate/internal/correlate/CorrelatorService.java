package org.postern.parsecorrelate.internal.correlate;

import java.time.Duration;
import java.time.Instant;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.duis.DuisRequest;
import org.postern.hsm.ProofAuthority;
import org.postern.hsm.ProofMint;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;

/** The only correlator of the appliance: it claims the mint when it starts and releases it when it stops. */
@Component(
        service = Correlator.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.parsecorrelate",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CorrelatorService.Config.class)
public final class CorrelatorService implements Correlator {

    /** How Pre-Commands are compared. */
    @ObjectClassDefinition(
            name = "Postern parse and correlate",
            description = "How a Pre-Command is compared with its Service Request")
    public @interface Config {

        @AttributeDefinition(
                name = "Build time tolerance",
                min = "0",
                max = "86400",
                description =
                        "Largest difference in seconds between the build time in a gas Pre-Command and the time of the exchange")
        int buildTimeToleranceSeconds() default 600;
    }

    private final ProofMint mint;
    private final Correlator correlator;

    /** Claims the mint. */
    @Activate
    public CorrelatorService(@Reference ProofAuthority authority, Config config) {
        if (config.buildTimeToleranceSeconds() < 0 || config.buildTimeToleranceSeconds() > 86_400) {
            throw new IllegalArgumentException("org.postern.parsecorrelate: buildTimeToleranceSeconds: 0 to 86400");
        }
        this.mint = authority.claim();
        this.correlator = new TableCorrelator(Duration.ofSeconds(config.buildTimeToleranceSeconds()), mint);
    }

    /** Releases the mint; its proofs become void. */
    @Deactivate
    public void stop() {
        mint.close();
    }

    @Override
    public Correlation correlate(DuisRequest request, byte[] preCommand, DeviceFacts device, Instant exchangeTime) {
        return correlator.correlate(request, preCommand, device, exchangeTime);
    }

    @Override
    public Duration tolerance() {
        return correlator.tolerance();
    }

    @Override
    public String ruleVersion() {
        return correlator.ruleVersion();
    }
}
