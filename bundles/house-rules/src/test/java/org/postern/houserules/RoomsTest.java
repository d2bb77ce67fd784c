package org.postern.houserules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Design section 2: who may depend on whom, and what no room may do. */
class RoomsTest {

    /** Each room and the rooms it may use; a room that is not a key may use none. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("duis", Set.of("catalogue", "ecprovider")),
            Map.entry("gbcs", Set.of("catalogue", "ecprovider")),
            Map.entry("hsm", Set.of("catalogue", "ecprovider", "securitylogging")),
            Map.entry("securitylogging", Set.of("catalogue", "hsm")),
            Map.entry("inventory", Set.of("catalogue")),
            Map.entry("ledger", Set.of("catalogue")),
            Map.entry("gatewayclient", Set.of("catalogue", "duis")),
            Map.entry("parsecorrelate", Set.of("catalogue", "ecprovider", "duis", "gbcs", "hsm", "inventory")),
            Map.entry("servicerequests", Set.of("catalogue", "ecprovider", "duis", "gbcs", "hsm", "inventory", "ledger",
                    "securitylogging", "parsecorrelate", "gatewayclient")));

    private static final List<String> LEAVES =
            List.of("intake", "dispatch", "delivery", "console", "dccsimulator", "demo", "roles");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.postern");

    @Test
    void everyRoomIsLookedAt() {
        for (String room : MAY_USE.keySet()) {
            assertThat(HOUSE.stream().anyMatch(c -> room.equals(room(c)))).as("classes of room %s", room).isTrue();
        }
    }

    @Test
    void thePackagesOfTheLifeCycleLeadOneWay() {
        slices().matching("org.postern.servicerequests.internal.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void aRoomUsesOnlyTheRoomsBelowIt() {
        classes().that(new DescribedPredicate<>("are of a room with a rule") {
            @Override
            public boolean test(JavaClass type) {
                return MAY_USE.containsKey(room(type));
            }
        }).should(new ArchCondition<>("use only the rooms below") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Set<String> allowed = MAY_USE.get(room(type));
                type.getDirectDependenciesFromSelf().forEach(use -> {
                    String other = room(use.getTargetClass().getBaseComponentType());
                    if (!other.isEmpty() && !other.equals(room(type)) && !allowed.contains(other)) {
                        events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                    }
                });
            }
        }).check(HOUSE);
    }

    @Test
    void nobodyDependsOnRoutesConsoleOrSimulator() {
        noClasses().that(new DescribedPredicate<>("are not of a leaf room") {
            @Override
            public boolean test(JavaClass type) {
                return !LEAVES.contains(room(type));
            }
        }).should().dependOnClassesThat(new DescribedPredicate<>("are of a leaf room") {
            @Override
            public boolean test(JavaClass type) {
                return LEAVES.contains(room(type));
            }
        }).check(HOUSE);
    }

    @Test
    void nobodyReachesIntoTheInternalsOfAnotherRoom() {
        classes().should(new ArchCondition<>("keep out of other rooms' internals") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(use -> {
                    JavaClass target = use.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().contains(".internal") && !bundle(target).equals(bundle(type))) {
                        events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                    }
                });
            }
        }).check(HOUSE);
    }

    @Test
    void domainRoomsKnowNoCamelAndNoBroker() {
        noClasses().that(new DescribedPredicate<>("are of a domain room") {
            @Override
            public boolean test(JavaClass type) {
                return MAY_USE.containsKey(room(type)) || "catalogue".equals(room(type));
            }
        }).should().dependOnClassesThat().resideInAnyPackage("org.apache.camel..", "org.apache.activemq..", "jakarta.jms..")
                .check(HOUSE);
    }

    @Test
    void noStaticFieldCanChange() {
        fields().that().areStatic().and().doNotHaveModifier(JavaModifier.SYNTHETIC).should().beFinal().check(HOUSE);
    }

    @Test
    void onlyTheCorrelatorReachesTheProofMint() {
        JavaClass mint = HOUSE.get("org.postern.hsm.ProofMint");
        Set<String> users = mint.getAccessesToSelf().stream().map(JavaAccess::getOriginOwner).map(RoomsTest::room)
                .filter(room -> !"hsm".equals(room)).collect(java.util.stream.Collectors.toSet());
        assertThat(users).isSubsetOf("parsecorrelate");
        assertThat(HOUSE.get("org.postern.hsm.CorrelationProof").getConstructors())
                .allSatisfy(c -> assertThat(c.getModifiers()).doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED));
        assertThat(HOUSE.stream().filter(c -> c.getPackageName().equals("org.postern.hsm"))
                .map(c -> c.getSource().orElseThrow().getUri().toString().replaceAll("org/postern/.*", ""))
                .collect(java.util.stream.Collectors.toSet())).as("no split package").hasSize(1);
    }

    @Test
    void noSecretReachesStandardOutput() {
        noClasses().that().resideOutsideOfPackages("..cli..", "..dccsimulator..", "..demo..", "..console..")
                .and().haveNameNotMatching(".*Verifier(Main)?")
                .should().accessField(System.class, "out").check(HOUSE);
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("org.postern.")) {
            return "";
        }
        String rest = name.substring("org.postern.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    /** The jar or folder a class came from: the hsm room has an API and two providers, each with internals of its own. */
    private static String bundle(JavaClass type) {
        return type.getSource().map(s -> s.getUri().toString().replaceAll("org/postern/.*", "")).orElse(type.getName());
    }
}
