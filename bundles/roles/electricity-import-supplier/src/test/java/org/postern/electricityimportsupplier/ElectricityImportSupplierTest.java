package org.postern.electricityimportsupplier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.servicerequests.RoleBundle;

class ElectricityImportSupplierTest {

    private final ServiceCatalogue catalogue = new ServiceCatalogue();

    @Test
    void bringsEveryServiceThatTheCatalogueGivesTheRoleAndNoOther() {
        RoleBundle role = new ElectricityImportSupplier(
                catalogue, config("02-50-4F-53-01-00-00-01", "a-xml", "a-sign", "a-agree"));
        assertThat(role.profile().orElseThrow().services())
                .containsExactlyInAnyOrderElementsOf(catalogue.rows().stream()
                        .filter(r -> r.roles().contains(UserRole.IS))
                        .map(ServiceRow::variant)
                        .toList());
        assertThat(role.profile().orElseThrow().services()).contains("7.1").doesNotContain("6.5");
        assertThat(role.inactiveReason()).isEmpty();
        assertThat(role.profile().orElseThrow().keys().xmlSigning()).isEqualTo("a-xml");
    }

    @Test
    void isInactiveWithAReasonUntilUserIdAndKeysAreConfigured() {
        assertReason(config("", "a-xml", "a-sign", "a-agree"), "userId is not set");
        assertReason(config("nonsense", "a-xml", "a-sign", "a-agree"), "userId is not an EUI-64");
        assertReason(config("02504F5301000001", "", "a-sign", "a-agree"), "xmlSigningKey is not set");
        assertReason(config("02504F5301000001", "a-xml", "", "a-agree"), "gbcsSigningKey is not set");
        assertReason(config("02504F5301000001", "a-xml", "a-sign", " "), "keyAgreementKey is not set");
    }

    private void assertReason(ElectricityImportSupplier.Config config, String reason) {
        RoleBundle role = new ElectricityImportSupplier(catalogue, config);
        assertThat(role.profile()).isEmpty();
        assertThat(role.inactiveReason().orElseThrow()).startsWith(reason);
        assertThat(role.role()).isEqualTo(UserRole.IS);
    }

    private static ElectricityImportSupplier.Config config(String userId, String xml, String gbcs, String agreement) {
        return new ElectricityImportSupplier.Config() {
            @Override
            public String userId() {
                return userId;
            }

            @Override
            public String xmlSigningKey() {
                return xml;
            }

            @Override
            public String gbcsSigningKey() {
                return gbcs;
            }

            @Override
            public String keyAgreementKey() {
                return agreement;
            }

            @Override
            public String prepaymentKey() {
                return "";
            }

            @Override
            public String alertQueue() {
                return "postern.alerts.IS";
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return ElectricityImportSupplier.Config.class;
            }
        };
    }
}
