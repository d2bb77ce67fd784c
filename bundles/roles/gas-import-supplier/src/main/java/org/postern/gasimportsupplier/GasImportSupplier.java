package org.postern.gasimportsupplier;

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

/** The gas supplier's role: inactive, with a reason, until its User ID and keys are configured. */
@Component(
        service = RoleBundle.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.role.gasimportsupplier",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GasImportSupplier.Settings.class)
public final class GasImportSupplier extends ConfiguredRole {

    private static final String ALERTS = "postern.alerts.GS";

    /** Settings of PID {@code org.postern.role.gasimportsupplier}. */
    @ObjectClassDefinition(name = "Postern role: gas supplier", description = "User ID and keys of the role.")
    interface Settings extends RoleSettings.Supplier {

        @AttributeDefinition(
                name = "Queue of alerts",
                description = "Where the role's alerts are delivered.",
                defaultValue = ALERTS)
        @Form(form = SettingForm.QUEUE)
        String alertQueue();
    }

    @Activate
    public GasImportSupplier(@Reference ServiceCatalogue catalogue, Map<String, Object> settings) {
        super(UserRole.GS, "gas-import-supplier", ALERTS, catalogue, settings);
    }
}
