package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.testkit.ComponentSettings;
import org.postern.testkit.Rtds;

/**
 * The settings: the file that is shipped, the metatype and the defaults say the same, and a change holds from the next
 * request on.
 */
class CredentialsComponentTest {

    private final Map<String, Object> changed = new HashMap<>();

    private CredentialsComponent.Config config() {
        return ComponentSettings.of(CredentialsComponent.Config.class, changed);
    }

    @Test
    void theShippedFileHasEverySettingWithItsDefault() throws IOException {
        Path file = Rtds.projectRoot().resolve("karaf-assembly/src/main/resources/etc/org.postern.credentials.cfg");
        Properties shipped = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            shipped.load(in);
        }
        Set<String> settings = Arrays.stream(CredentialsComponent.Config.class.getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());

        assertThat(shipped.stringPropertyNames()).isEqualTo(settings);
        for (Method setting : CredentialsComponent.Config.class.getDeclaredMethods()) {
            // the simulator's DCC is for the file alone to name
            if (!setting.getName().equals("otherParties")) {
                assertThat(shipped.getProperty(setting.getName()).strip())
                        .as(setting.getName())
                        .isEqualTo(String.valueOf(setting.getDefaultValue()));
            }
        }
    }

    @Test
    void aChangedSettingHoldsFromTheNextRequestOn() {
        Bench bench = new Bench(Kind.SUPPLIER_BY_ITSELF);
        bench.devices.clear();
        DuisRequest request = Bench.request(
                Bench.SUPPLIER,
                "6.17",
                DuisElement.of("IssueSecurityCredentials", DuisElement.leaf("CredentialType", "Key Agreement")));
        CredentialChecker.Collaborators with = bench.collaborators();
        CredentialsComponent component = new CredentialsComponent(
                with.ledger(),
                with.certificates(),
                with.inventory(),
                with.roles(),
                new ServiceCatalogue(),
                with.vault(),
                config());

        assertThat(component.concerns("6.17")).isTrue();
        assertThat(component.check(request).refusal())
                .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("PST-2142"));
        changed.put("requireKnownDevice", false);
        component.configure(config());
        assertThat(component.check(request).refusal()).isEmpty();
    }
}
