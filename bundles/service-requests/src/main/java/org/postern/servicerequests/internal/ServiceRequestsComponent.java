package org.postern.servicerequests.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Ledger;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;

/**
 * Builds the life cycle from the services of the other modules and registers it, its outbox and the parser with access
 * to our keys.
 */
@Component(
        service = {ServiceRequests.class, TopUps.class, Outbox.class, PartHealth.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.servicerequests",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ServiceRequestsComponent.Config.class)
public final class ServiceRequestsComponent extends LifeCycle implements PartHealth {

    /** Settings of PID {@code org.postern.servicerequests}. */
    @ObjectClassDefinition(name = "Postern service requests", description = "The life cycle of Service Requests.")
    public @interface Config {

        @AttributeDefinition(
                name = "Access Control Broker",
                description = "EUI-64 of the DCC's Access Control Broker: target of"
                        + " non-device requests, and the party whose MAC protects commands.")
        @Form(form = SettingForm.EUI64)
        String accessControlBroker();

        @AttributeDefinition(
                name = "Transform signers",
                description = "EUI-64s, separated by commas, whose XML key signs documents that carry a Pre-Command.")
        @Form(form = SettingForm.EUI64_LIST)
        String transformSigners();

        @AttributeDefinition(
                name = "ACB signers",
                description = "EUI-64s, separated by commas, whose XML key signs all other documents of the DCC. A test"
                        + " product that signs everything with one key must be in both lists.")
        @Form(form = SettingForm.EUI64_LIST, formerly = "brokerSigners")
        String acbSigners();

        @AttributeDefinition(
                name = "Largest document in bytes",
                min = "10000",
                max = "67108864",
                description = "Larger documents are neither accepted nor sent; a firmware image needs 16 MiB.")
        int maxBytes() default 16_777_216;

        @AttributeDefinition(
                name = "Schema folder",
                description =
                        "Folder with the official DUIS schema. Empty, or a folder without it: only Postern's own rules"
                                + " apply.")
        @Form(form = SettingForm.PATH)
        String schemaFolder() default "";

        @AttributeDefinition(
                name = "First retry in milliseconds",
                min = "50",
                max = "600000",
                description = "Delay before the first retry; doubled for each further one.")
        int firstRetryMillis() default 1000;

        @AttributeDefinition(
                name = "Longest retry in seconds",
                min = "1",
                max = "86400",
                description = "Maximum delay between retries.")
        int longestRetrySeconds() default 60;

        @AttributeDefinition(
                name = "Give up after hours",
                min = "1",
                max = "8760",
                description =
                        "A request that the DCC has not accepted for this time is overdue, or unknown if it may have"
                                + " been accepted.")
        int giveUpAfterHours() default 48;

        @AttributeDefinition(
                name = "Tries without an outcome",
                min = "1",
                max = "1000",
                description = "How often a request is sent if the immediate reply is not proven to be the DCC's"
                        + " answer, or states that the device cannot be reached (E20). After that its outcome is"
                        + " unknown,"
                        + " and it is not sent again automatically; a proven answer that arrives later is accepted.")
        int triesWithoutOutcome() default 5;

        @AttributeDefinition(
                name = "Overdue grace in seconds",
                min = "0",
                max = "2592000",
                description = "How long after its target time an answer counts as overdue.")
        int overdueGraceSeconds() default 600;

        @AttributeDefinition(
                name = "Agreed secrets in memory",
                min = "16",
                max = "1000000",
                description =
                        "Maximum number of secrets agreed with devices that are cached in memory; they are wiped when"
                                + " removed.")
        int agreedSecrets() default 20_000;
    }

    private final ServiceRegistration<GbcsParser> parser;

    @Activate
    public ServiceRequestsComponent(
            @Reference Ledger ledger,
            @Reference KeyVault vault,
            @Reference CertificateDirectory certificates,
            @Reference DeviceInventory inventory,
            @Reference UserRoles roles,
            @Reference ServiceCatalogue catalogue,
            @Reference ResponseCodes codes,
            @Reference DccGateway gateway,
            @Reference SecurityLog securityLog,
            @Reference Correlator correlator,
            @Reference EcProvider ec,
            @Reference Metrics metrics,
            @Reference CredentialChecks credentials,
            BundleContext context,
            Config config) {
        super(
                new LifeCycle.Collaborators(
                        ledger,
                        vault,
                        certificates,
                        inventory,
                        roles,
                        catalogue,
                        codes,
                        gateway,
                        securityLog,
                        correlator,
                        ec,
                        metrics,
                        new TrustedClock(Clock.systemUTC(), System::nanoTime, metrics)),
                settings(config),
                credentials);
        parser = context.registerService(GbcsParser.class, parser(), null);
        start();
    }

    private static LifeCycle.Settings settings(Config config) {
        SchemaValidator schema = config.schemaFolder().isBlank()
                ? SchemaValidator.none()
                : SchemaValidator.of(Path.of(config.schemaFolder()));
        return new LifeCycle.Settings(
                Eui64.parse(config.accessControlBroker().strip()),
                SettingForm.parties(config.transformSigners()),
                SettingForm.parties(config.acbSigners()),
                config.maxBytes(),
                schema,
                new Backoff(
                        Duration.ofMillis(config.firstRetryMillis()), Duration.ofSeconds(config.longestRetrySeconds())),
                Duration.ofHours(config.giveUpAfterHours()),
                config.triesWithoutOutcome(),
                Duration.ofSeconds(config.overdueGraceSeconds()),
                config.agreedSecrets());
    }

    /** Called when a queue for one or several steps appears; all unfinished work of these steps is offered to it. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindQueue(WorkQueue queue) {
        offers().bind(queue);
    }

    void unbindQueue(WorkQueue queue) {
        offers().unbind(queue);
    }

    @Deactivate
    void stop() {
        try {
            parser.unregister();
        } finally {
            close();
        }
    }

    /** Metrics of the queues and of the last sweep. */
    @Override
    public Map<String, Long> figures() {
        Map<String, Long> figures = new TreeMap<>();
        depths().forEach(depth -> {
            String labels = "{lane=\"" + depth.lane() + "\",step=\"" + depth.step() + "\"}";
            figures.put("postern_work_waiting" + labels, (long) depth.waiting());
            figures.put("postern_work_at_work" + labels, (long) depth.atWork());
        });
        lastSweep().ifPresent(sweep -> {
            figures.put("postern_last_sweep_timestamp_seconds", sweep.at().getEpochSecond());
            swept(figures, "due", sweep.due());
            swept(figures, "found", sweep.found());
        });
        return figures;
    }

    private static void swept(Map<String, Long> figures, String what, Rebuilt numbers) {
        String name = "postern_last_sweep_" + what + "{work=\"";
        figures.put(name + "step\"}", (long) numbers.steps());
        figures.put(name + "document\"}", (long) numbers.documents());
        figures.put(name + "delivery\"}", (long) numbers.deliveries());
    }

    @Override
    public String part() {
        return "clock";
    }

    @Override
    public Optional<Fault> trouble() {
        return clockTrouble();
    }

    @Override
    public List<Fault> remarks() {
        return clockRemark().stream().toList();
    }
}
