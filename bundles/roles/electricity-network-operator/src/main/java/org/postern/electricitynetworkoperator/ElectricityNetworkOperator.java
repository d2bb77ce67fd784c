package org.postern.electricitynetworkoperator;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.servicerequests.ConfiguredRole;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;

/** The electricity network operator's role: inactive, with a reason, until its User ID and keys are configured. */
@Component(
        service = RoleBundle.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.role.electricitynetworkoperator",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ElectricityNetworkOperator.Config.class)
public final class ElectricityNetworkOperator implements RoleBundle {

    /** Settings of PID {@code org.postern.role.electricitynetworkoperator}. */
    @ObjectClassDefinition(
            name = "Postern role: electricity network operator",
            description = "User ID and keys of the role.")
    @interface Config {

        @AttributeDefinition(
                name = "User ID",
                description =
                        "Our EUI-64 in this role, sixteen hex digits or eight dashed pairs. Empty: the role is inactive.")
        @Form(form = SettingForm.EUI64)
        String userId() default "";

        @AttributeDefinition(
                name = "XML signing key",
                description = "Alias in the key vault of the key that signs DUIS documents.")
        String xmlSigningKey() default "";

        @AttributeDefinition(
                name = "GBCS signing key",
                description = "Alias in the key vault of the key that signs correlated Pre-Commands.")
        String gbcsSigningKey() default "";

        @AttributeDefinition(
                name = "Key agreement key",
                description = "Alias in the key vault of the key that agrees with devices.")
        String keyAgreementKey() default "";

        @AttributeDefinition(name = "Queue of alerts", description = "Where the role's alerts are delivered.")
        @Form(form = SettingForm.QUEUE)
        String alertQueue() default "postern.alerts.ED";
    }

    private final ConfiguredRole role;

    @Activate
    public ElectricityNetworkOperator(@Reference ServiceCatalogue catalogue, Config config) {
        this.role = new ConfiguredRole(
                UserRole.ED,
                "electricity-network-operator",
                ConfiguredRole.services(ElectricityNetworkOperator.class, "services.txt", UserRole.ED, catalogue),
                catalogue,
                new ConfiguredRole.Settings(
                        config.userId(),
                        config.xmlSigningKey(),
                        config.gbcsSigningKey(),
                        config.keyAgreementKey(),
                        "",
                        config.alertQueue()));
    }

    @Override
    public UserRole role() {
        return role.role();
    }

    @Override
    public String name() {
        return role.name();
    }

    @Override
    public Optional<UserRoleProfile> profile() {
        return role.profile();
    }

    @Override
    public Optional<String> inactiveReason() {
        return role.inactiveReason();
    }
}
