package org.postern.rolecontract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;

/**
 * The requirements that the bundle of every User Role must meet. The test of a role extends this class and provides the
 * values of the role.
 */
public abstract class RoleContract {

    private static final String USER_ID = "02504F5301000001";

    private final UserRole role;
    private final String name;
    private final int services;
    private final String only;

    /**
     * @param role the role
     * @param name name of its bundle
     * @param services number of Service Reference Variants that DUIS assigns to the role, counted independently of the
     *     catalogue
     * @param only a Service Reference Variant that the role may send, but not every role
     */
    protected RoleContract(UserRole role, String name, int services, String only) {
        this.role = role;
        this.name = name;
        this.services = services;
        this.only = only;
    }

    /** Creates the bundle's component as the OSGi runtime does. */
    protected abstract RoleBundle create(ServiceCatalogue catalogue, Map<String, Object> settings);

    /** The class whose metatype defines the settings. */
    protected abstract Class<?> settings();

    /** True if the role makes top-up tokens. */
    protected abstract boolean topsUp();

    private RoleBundle with(Map<String, Object> changed) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "userId",
                USER_ID,
                "xmlSigningKey",
                "a-xml",
                "gbcsSigningKey",
                "a-sign",
                "keyAgreementKey",
                "a-agree",
                "alertQueue",
                "alerts.here"));
        settings.putAll(changed);
        return create(new ServiceCatalogue(), settings);
    }

    @Test
    void providesExactlyTheServicesThatTheCatalogueAssignsToTheRole() {
        UserRoleProfile profile = with(Map.of()).profile().orElseThrow();
        ServiceCatalogue catalogue = new ServiceCatalogue();
        assertThat(profile.services())
                .hasSize(services)
                .contains(only)
                .allSatisfy(service -> assertThat(catalogue.require(service).roles())
                        .as(service)
                        .contains(role));
    }

    @Test
    void isActiveOnceUserIdAndKeysAreConfigured() {
        RoleBundle bundle = with(Map.of("userId", " 02-50-4F-53-01-00-00-01 ", "xmlSigningKey", " a-xml "));
        UserRoleProfile profile = bundle.profile().orElseThrow();
        assertThat(bundle.role()).isEqualTo(role);
        assertThat(bundle.name()).isEqualTo(name);
        assertThat(bundle.inactiveReason()).isEmpty();
        assertThat(profile.role()).isEqualTo(role);
        assertThat(profile.userId()).isEqualTo(Eui64.parse(USER_ID));
        assertThat(profile.keys().xmlSigning()).isEqualTo("a-xml");
        assertThat(profile.keys().gbcsSigning()).contains("a-sign");
        assertThat(profile.keys().keyAgreement()).contains("a-agree");
        assertThat(profile.keys().prepayment()).isEmpty();
        assertThat(profile.alertQueue()).isEqualTo("alerts.here");
        assertThat(with(Map.of("prepaymentKey", "a-prepay"))
                        .profile()
                        .orElseThrow()
                        .keys()
                        .prepayment())
                .contains("a-prepay");
    }

    @Test
    void usesTheDefaultQueueForAlertsIfTheSettingsNameNone() {
        RoleBundle bundle = create(
                new ServiceCatalogue(),
                Map.of("userId", USER_ID, "xmlSigningKey", "a", "gbcsSigningKey", "b", "keyAgreementKey", "c"));
        assertThat(bundle.profile().map(UserRoleProfile::alertQueue)).contains("postern.alerts." + role);
    }

    @Test
    void isInactiveWithAReasonUntilUserIdAndKeysAreConfigured() {
        assertReason(Map.of("userId", ""), "userId is not set");
        assertReason(Map.of("userId", "nonsense"), "userId is not an EUI-64");
        assertReason(Map.of("xmlSigningKey", ""), "xmlSigningKey is not set");
        assertReason(Map.of("gbcsSigningKey", ""), "gbcsSigningKey is not set");
        assertReason(Map.of("keyAgreementKey", " "), "keyAgreementKey is not set");
        assertReason(Map.of("alertQueue", ""), "alertQueue is not set");
    }

    private void assertReason(Map<String, Object> changed, String reason) {
        RoleBundle bundle = with(changed);
        assertThat(bundle.profile()).isEmpty();
        assertThat(bundle.inactiveReason().orElseThrow()).startsWith(reason);
        assertThat(bundle.role()).isEqualTo(role);
        assertThat(bundle.name()).isEqualTo(name);
    }

    @Test
    void theMetatypeDefinesTheSettingsThatAreRead() throws IOException {
        String document = "/" + SettingsTable.FOLDER + "/" + settings().getName() + ".xml";
        try (InputStream in = settings().getResourceAsStream(document)) {
            assertThat(in).as(document).isNotNull();
            List<SettingsTable> tables = SettingsTable.read(in);
            assertThat(tables)
                    .extracting(SettingsTable::pid)
                    .containsExactly("org.postern.role." + name.replace("-", ""));
            Map<String, Setting> found = tables.get(0).settings();
            assertThat(found)
                    .containsKeys("userId", "xmlSigningKey", "gbcsSigningKey", "keyAgreementKey", "alertQueue");
            assertThat(found).hasSize(topsUp() ? 6 : 5);
            assertThat(found.containsKey("prepaymentKey")).isEqualTo(topsUp());
            assertThat(found.get("userId").terms().form()).isEqualTo(SettingForm.EUI64);
            assertThat(found.get("userId").standard()).contains("");
            assertThat(found.get("alertQueue").terms().form()).isEqualTo(SettingForm.QUEUE);
            assertThat(found.get("alertQueue").standard()).contains("postern.alerts." + role);
        }
    }
}
