package org.postern.electricitynetworkoperator;

import java.util.Map;
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
import org.postern.servicerequests.RoleSettings;

/** The electricity network operator's role: inactive, with a reason, until its User ID and keys are configured. */
@Component(
        service = RoleBundle.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.role.electricitynetworkoperator",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ElectricityNetworkOperator.Settings.class)
public final class ElectricityNetworkOperator extends ConfiguredRole {

    private static final String ALERTS = "postern.alerts.ED";

    /** Settings of PID {@code org.postern.role.electricitynetworkoperator}. */
    @ObjectClassDefinition(
            name = "Postern role: electricity network operator",
            description = "User ID and keys of the role.")
    interface Settings extends RoleSettings {

        @AttributeDefinition(
                name = "Queue of alerts",
                description = "Where the role's alerts are delivered.",
                defaultValue = ALERTS)
        @Form(form = SettingForm.QUEUE)
        String alertQueue();
    }

    @Activate
    public ElectricityNetworkOperator(@Reference ServiceCatalogue catalogue, Map<String, Object> settings) {
        super(UserRole.ED, "electricity-network-operator", ALERTS, catalogue, settings);
    }
}
