package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.osgi.util.promise.Promise;

class MissingServicesTest {

    private final Components components = new Components();
    private final Set<String> registered = new HashSet<>();
    private final Map<String, Integer> bundles = new HashMap<>();
    private final MissingServices missing = new MissingServices(
            components,
            (type, filter) -> registered.contains(type + (filter == null ? "" : " " + filter)),
            () -> bundles);

    @Test
    void theRootOfAChainIsNamed() {
        components.add("Intake", "a.Intake", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.Requests", null);
        components.add("LifeCycle", "a.Requests", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.Ledger", null);
        components.add("JdbcLedger", "a.Ledger", ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION, null, null)
                        .configurationPid =
                new String[] {"inforce.org.postern.ledger"};

        assertThat(missing.why("a.Intake", null).lines().map(String::strip))
                .containsExactly(
                        "a.Intake is offered by Intake (bundle of.Intake)",
                        "Intake (bundle of.Intake) waits for its reference needed: a.Requests",
                        "a.Requests is offered by LifeCycle (bundle of.LifeCycle)",
                        "LifeCycle (bundle of.LifeCycle) waits for its reference needed: a.Ledger",
                        "a.Ledger is offered by JdbcLedger (bundle of.JdbcLedger)",
                        "JdbcLedger (bundle of.JdbcLedger) waits for settings of PID inforce.org.postern.ledger:"
                                + " etc/org.postern.ledger.cfg is missing, or its settings were refused (see the log)");
    }

    @Test
    void aServiceThatNobodyOffersAndABundleThatIsNotActiveAreNamed() {
        components.add("Intake", "a.Intake", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.Requests", null);
        bundles.put("org.postern.service-requests", Bundle.INSTALLED);
        bundles.put("org.postern.duis", Bundle.ACTIVE);

        assertThat(missing.why("a.Intake", null))
                .contains("a.Requests: no component of an active bundle offers it")
                .contains("bundle org.postern.service-requests is not resolved")
                .doesNotContain("org.postern.duis");
    }

    @Test
    void aComponentThatFailedIsReportedWithItsReason() {
        components.add("JdbcLedger", "a.Ledger", ComponentConfigurationDTO.FAILED_ACTIVATION, null, null);
        components.configurations.get("JdbcLedger").failure = "LedgerException: PST-5001\n\tat there\n\tat here";

        assertThat(missing.why("a.Ledger", null))
                .contains(
                        "JdbcLedger (bundle of.JdbcLedger) failed at its start: LedgerException: PST-5001 | at there");
    }

    @Test
    void aServiceWithOtherPropertiesIsReportedAsSuch() {
        registered.add("a.Queue");
        components.add("Broker", "a.Queue", ComponentConfigurationDTO.SATISFIED, null, null);

        assertThat(missing.why("a.Queue", "(mode=external)"))
                .contains("a.Queue is there, but none with (mode=external)")
                .contains("Broker (bundle of.Broker) is satisfied");
        assertThat(missing.why("a.Queue", null)).isEqualTo("a.Queue is there now");
    }

    @Test
    void circularReferencesAreFollowedOnce() {
        components.add("One", "a.One", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.Two", null);
        components.add("Two", "a.Two", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.One", null);

        assertThat(missing.why("a.One", null)).contains("a.One: see above");
    }

    @Test
    void whatIsDisabledIsNamedAndWhatWaitsIsListed() {
        components.add("Off", "a.Off", ComponentConfigurationDTO.SATISFIED, null, null);
        components.disabled.add("Off");
        components.add("Intake", "a.Intake", ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "a.Requests", "(x=1)");
        components.add("Fine", "a.Fine", ComponentConfigurationDTO.ACTIVE, null, null);

        assertThat(missing.why("a.Off", null)).contains("it is disabled");
        assertThat(missing.all())
                .contains("Intake (bundle of.Intake) waits for its reference needed: a.Requests (x=1)")
                .doesNotContain("Fine");
    }

    /** Components whose states a test sets. */
    private static final class Components implements ServiceComponentRuntime {

        private final List<ComponentDescriptionDTO> descriptions = new ArrayList<>();
        private final Map<String, ComponentConfigurationDTO> configurations = new HashMap<>();
        private final Set<String> disabled = new HashSet<>();

        private ComponentDescriptionDTO add(String name, String offers, int state, String needs, String target) {
            ComponentDescriptionDTO made = new ComponentDescriptionDTO();
            made.name = name;
            made.bundle = new BundleDTO();
            made.bundle.symbolicName = "of." + name;
            made.serviceInterfaces = new String[] {offers};
            made.configurationPid = new String[] {name};
            made.references = new ReferenceDTO[0];
            ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
            configuration.description = made;
            configuration.state = state;
            configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[0];
            if (needs != null) {
                ReferenceDTO reference = new ReferenceDTO();
                reference.name = "needed";
                reference.interfaceName = needs;
                made.references = new ReferenceDTO[] {reference};
                UnsatisfiedReferenceDTO open = new UnsatisfiedReferenceDTO();
                open.name = "needed";
                open.target = target;
                configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {open};
            }
            descriptions.add(made);
            configurations.put(name, configuration);
            return made;
        }

        @Override
        public Collection<ComponentDescriptionDTO> getComponentDescriptionDTOs(Bundle... of) {
            return descriptions;
        }

        @Override
        public ComponentDescriptionDTO getComponentDescriptionDTO(Bundle bundle, String name) {
            throw new IllegalStateException("unexpected call");
        }

        @Override
        public Collection<ComponentConfigurationDTO> getComponentConfigurationDTOs(ComponentDescriptionDTO of) {
            return List.of(configurations.get(of.name));
        }

        @Override
        public boolean isComponentEnabled(ComponentDescriptionDTO description) {
            return !disabled.contains(description.name);
        }

        @Override
        public Promise<Void> enableComponent(ComponentDescriptionDTO description) {
            throw new IllegalStateException("only looked at");
        }

        @Override
        public Promise<Void> disableComponent(ComponentDescriptionDTO description) {
            throw new IllegalStateException("only looked at");
        }
    }
}
