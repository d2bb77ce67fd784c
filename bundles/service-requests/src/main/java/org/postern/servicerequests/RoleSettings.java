package org.postern.servicerequests;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/**
 * The settings that every User Role has, for the metatype of its bundle: the bundle's own object class extends this and
 * adds {@code alertQueue} with the role's default.
 */
public interface RoleSettings {

    /** Our EUI-64 in the role. */
    @AttributeDefinition(
            name = "User ID",
            description =
                    "Our EUI-64 in this role, sixteen hex digits or eight dashed pairs. Empty: the role is inactive.",
            defaultValue = "")
    @Form(form = SettingForm.EUI64)
    String userId();

    /** Alias of the XML signing key. */
    @AttributeDefinition(
            name = "XML signing key",
            description = "Alias in the key vault of the key that signs DUIS documents.",
            defaultValue = "")
    String xmlSigningKey();

    /** Alias of the GBCS signing key. */
    @AttributeDefinition(
            name = "GBCS signing key",
            description = "Alias in the key vault of the key that signs correlated Pre-Commands.",
            defaultValue = "")
    String gbcsSigningKey();

    /** Alias of the key agreement key. */
    @AttributeDefinition(
            name = "Key agreement key",
            description = "Alias in the key vault of the key for key agreement with devices.",
            defaultValue = "")
    String keyAgreementKey();

    /** Additional settings of a role that makes top-up tokens. */
    interface Supplier extends RoleSettings {

        /** Alias of the key agreement key for top-ups. */
        @AttributeDefinition(
                name = "Prepayment key",
                description = "Alias in the key vault of the key agreement key for top-ups.",
                defaultValue = "")
        String prepaymentKey();
    }
}
