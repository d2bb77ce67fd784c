package org.postern.servicerequests.internal.credentials;

import java.time.Clock;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.duis.DuisRequest;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoles;

/**
 * The pre-checks with the operator's settings; changed settings take effect from the next request on, without a
 * restart.
 */
@Component(
        service = CredentialChecks.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.credentials",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CredentialsComponent.Config.class)
public final class CredentialsComponent implements CredentialChecks {

    /** Settings of PID {@code org.postern.credentials}. */
    @ObjectClassDefinition(
            name = "Postern credentials",
            description = "Pre-checks of the services that replace credentials on devices.")
    public @interface Config {

        @AttributeDefinition(
                name = "Days of validity",
                min = "0",
                max = "3650",
                description = "How many days a certificate must be valid after it is installed.")
        int validityDays() default 30;

        @AttributeDefinition(
                name = "Floor lead",
                min = "0",
                max = "1000000000000",
                description = "How far a floor may be above both the"
                        + " highest counter used and the clock in milliseconds.")
        long floorLead() default 86_400_000L;

        @AttributeDefinition(
                name = "Top-up floor lead",
                min = "0",
                max = "1000000",
                description =
                        "How many top-ups a top-up floor may be above the highest prepayment counter with the device.")
        int prepaymentLead() default 1000;

        @AttributeDefinition(
                name = "Floor by device",
                description = "A floor must not be below the counters used with that device"
                        + " (true), or below any counter used by the User ID (false).")
        boolean floorByDevice() default false;

        @AttributeDefinition(
                name = "Own User IDs",
                description = "Further User IDs of our company, separated by commas, whose certificates"
                        + " one of our Users may install instead of its own.")
        @Form(form = SettingForm.EUI64_LIST)
        String ownUserIds() default "";

        @AttributeDefinition(
                name = "Other parties",
                description =
                        "EUI-64s, separated by commas, of parties whose keys must not be in certificates of others.")
        @Form(form = SettingForm.EUI64_LIST)
        String otherParties() default "";

        @AttributeDefinition(
                name = "Require a known device",
                description =
                        "Refuse 6.15.2, 6.17 and 6.24.2 for a device that the inventory does not list with its type.")
        boolean requireKnownDevice() default true;

        @AttributeDefinition(
                name = "Require the key in the vault",
                description = "Refuse own certificates if the vault does not have their private key.")
        boolean requireKeyInVault() default false;

        @AttributeDefinition(
                name = "Require an issued request",
                description =
                        "Refuse 6.15.2 if the ledger has no certification request (6.17) of the device for that usage.")
        boolean requireIssuedRequest() default false;
    }

    private final CredentialChecker.Collaborators with;
    private volatile CredentialChecker checker;

    @Activate
    public CredentialsComponent(
            @Reference Ledger ledger,
            @Reference CertificateDirectory certificates,
            @Reference DeviceInventory inventory,
            @Reference UserRoles roles,
            @Reference ServiceCatalogue catalogue,
            @Reference KeyVault vault,
            Config config) {
        with = new CredentialChecker.Collaborators(
                ledger,
                certificates,
                inventory,
                roles,
                CredentialChecker.reader(catalogue, roles),
                vault,
                Clock.systemUTC());
        configure(config);
    }

    @Modified
    void configure(Config config) {
        checker = new CredentialChecker(
                with,
                new CredentialSettings(
                        Duration.ofDays(config.validityDays()),
                        config.floorLead(),
                        config.prepaymentLead(),
                        config.floorByDevice(),
                        SettingForm.parties(config.ownUserIds()),
                        SettingForm.parties(config.otherParties()),
                        config.requireKnownDevice(),
                        config.requireKeyInVault(),
                        config.requireIssuedRequest()));
    }

    @Override
    public boolean concerns(String serviceReferenceVariant) {
        return checker.concerns(serviceReferenceVariant);
    }

    @Override
    public CredentialsReport check(DuisRequest request) {
        return checker.check(request);
    }

    @Override
    public CredentialsReport check(Submission.Format format, byte[] bytes) {
        return checker.check(format, bytes);
    }
}
