package org.postern.architecturetests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may depend on whom, and what no bundle may do. */
class ModuleDependenciesTest {

    private static final Set<String> ROLES =
            Set.of("electricityimportsupplier", "gasimportsupplier", "electricitynetworkoperator");

    /** Every bundle, by its package below org.postern, and the bundles that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("catalogue", Set.of()),
            Map.entry("ecprovider", Set.of()),
            Map.entry("camelruntime", Set.of("appliance")),
            Map.entry("unavailable", Set.of()),
            Map.entry("appliance", Set.of("catalogue")),
            Map.entry("broker", Set.of("catalogue", "appliance")),
            Map.entry("duis", Set.of("catalogue", "ecprovider")),
            Map.entry("gbcs", Set.of("catalogue", "ecprovider")),
            Map.entry("hsm", Set.of("catalogue", "ecprovider")),
            Map.entry("hsmsoftware", Set.of("hsm", "catalogue", "ecprovider")),
            Map.entry("hsmpkcs11", Set.of("hsm", "catalogue", "ecprovider")),
            Map.entry("securitylogging", Set.of("catalogue", "hsm")),
            Map.entry("inventory", Set.of("catalogue")),
            Map.entry("ledger", Set.of("catalogue")),
            Map.entry("jettyruntime", Set.of()),
            Map.entry("gatewayclient", Set.of("catalogue", "duis", "jettyruntime")),
            Map.entry("parsecorrelate", Set.of("catalogue", "ecprovider", "duis", "gbcs", "hsm", "inventory")),
            Map.entry(
                    "servicerequests",
                    Set.of(
                            "catalogue",
                            "ecprovider",
                            "duis",
                            "gbcs",
                            "hsm",
                            "inventory",
                            "ledger",
                            "securitylogging",
                            "parsecorrelate",
                            "gatewayclient")),
            Map.entry("electricityimportsupplier", Set.of("catalogue", "servicerequests")),
            Map.entry("gasimportsupplier", Set.of("catalogue", "servicerequests")),
            Map.entry("electricitynetworkoperator", Set.of("catalogue", "servicerequests")),
            Map.entry(
                    "intake",
                    Set.of(
                            "catalogue",
                            "ledger",
                            "servicerequests",
                            "appliance",
                            "broker",
                            "camelruntime",
                            "unavailable")),
            Map.entry("dispatch", Set.of("catalogue", "servicerequests", "broker", "camelruntime")),
            Map.entry("delivery", Set.of("catalogue", "ledger", "servicerequests", "broker", "camelruntime")),
            Map.entry(
                    "console",
                    Set.of(
                            "catalogue",
                            "ecprovider",
                            "gbcs",
                            "hsm",
                            "inventory",
                            "ledger",
                            "securitylogging",
                            "parsecorrelate",
                            "servicerequests",
                            "appliance")),
            Map.entry("demo", Set.of("catalogue", "simulator.pki")),
            Map.entry("simulator.pki", Set.of("catalogue", "ecprovider", "inventory")),
            Map.entry(
                    "simulator.examples",
                    Set.of("catalogue", "ecprovider", "duis", "gbcs", "inventory", "simulator.pki")),
            Map.entry("simulator.devices", Set.of("catalogue", "ecprovider", "gbcs", "inventory", "simulator.pki")),
            Map.entry(
                    "simulator.dcc",
                    Set.of(
                            "catalogue",
                            "ecprovider",
                            "duis",
                            "gbcs",
                            "inventory",
                            "parsecorrelate",
                            "jettyruntime",
                            "simulator.pki",
                            "simulator.examples",
                            "simulator.devices")));

    /** The parts of the simulator, which use each other and of which the product knows nothing. */
    private static final Set<String> SIMULATOR =
            Set.of("simulator.pki", "simulator.examples", "simulator.devices", "simulator.dcc");

    /** Those that nobody may use. */
    private static final Set<String> LEAVES =
            union(union(ROLES, SIMULATOR), Set.of("intake", "dispatch", "delivery", "console", "demo"));

    /** Those that may know Camel, the broker and JMS. */
    private static final Set<String> ROUTES = Set.of("camelruntime", "broker", "intake", "dispatch", "delivery");

    /**
     * Bundles whose public package makes its own implementation (a static factory, a nested type that the
     * implementation fills), so that it uses its internals and they use it; nothing may be added.
     */
    private static final Set<String> FACTORIES = Set.of(
            "catalogue",
            "duis",
            "ecprovider",
            "gbcs",
            "inventory",
            "parsecorrelate",
            "securitylogging",
            "simulator.dcc",
            "simulator.devices",
            "simulator.pki");

    private static final String PICTURE = "<!-- what may use what, made from the table of ModuleDependenciesTest -->";
    private static final String PICTURE_END = "<!-- end of the picture -->";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit"))
            .importPackages("org.postern");

    @Test
    void everyRoomIsLookedAt() {
        Set<String> rooms = HOUSE.stream()
                .map(ModuleDependenciesTest::room)
                .filter(room -> !"architecturetests".equals(room))
                .collect(Collectors.toSet());
        assertThat(rooms).as("every room has a rule, every rule has its room").isEqualTo(MAY_USE.keySet());
        assertThat(MAY_USE.keySet()).containsAll(LEAVES).containsAll(ROUTES);
    }

    @Test
    void thePackagesOfTheLifeCycleLeadOneWay() {
        slices().matching("org.postern.servicerequests.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
    }

    @Test
    void aRoomUsesOnlyTheRoomsBelowIt() {
        classes()
                .should(new ArchCondition<>("use only the rooms below") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Set<String> allowed = MAY_USE.getOrDefault(room(type), Set.of());
                        type.getDirectDependenciesFromSelf().forEach(use -> {
                            String other = room(use.getTargetClass().getBaseComponentType());
                            if (!other.isEmpty() && !other.equals(room(type)) && !allowed.contains(other)) {
                                events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                            }
                        });
                    }
                })
                .check(HOUSE);
    }

    @Test
    void nobodyDependsOnRoutesConsoleOrSimulator() {
        noClasses()
                .that(new DescribedPredicate<>("are not of a leaf room") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !LEAVES.contains(room(type));
                    }
                })
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are of a leaf room") {
                    @Override
                    public boolean test(JavaClass type) {
                        return LEAVES.contains(room(type));
                    }
                })
                .check(HOUSE);
    }

    @Test
    void nobodyReachesIntoTheInternalsOfAnotherRoom() {
        classes()
                .should(new ArchCondition<>("keep out of other rooms' internals") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getDirectDependenciesFromSelf().forEach(use -> {
                            JavaClass target = use.getTargetClass().getBaseComponentType();
                            if (target.getPackageName().contains(".internal")
                                    && !bundle(target).equals(bundle(type))) {
                                events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                            }
                        });
                    }
                })
                .check(HOUSE);
    }

    @Test
    void noPackagesOfOneRoomGoInACircle() {
        Map<String, Set<String>> uses = uses();
        Map<String, Set<String>> inside = new TreeMap<>();
        uses.forEach((name, of) -> {
            if (name.contains(".internal")) {
                inside.put(
                        name,
                        of.stream().filter(other -> other.contains(".internal")).collect(Collectors.toSet()));
            }
        });
        assertThat(circles(inside))
                .as("internal packages of one bundle that use each other in a circle")
                .isEmpty();
        assertThat(circles(uses).stream()
                        .filter(circle -> circle.stream().anyMatch(name -> !name.contains(".internal")))
                        .map(circle -> room(circle.iterator().next())))
                .as("bundles whose public package and internals use each other")
                .isSubsetOf(FACTORIES);
    }

    /** The packages, below org.postern, that each package uses within its bundle. */
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : HOUSE) {
            Set<String> of = uses.computeIfAbsent(below(type), name -> new TreeSet<>());
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (!room(target).isEmpty() && bundle(target).equals(bundle(type))) {
                    of.add(below(target));
                }
            }
        }
        return uses;
    }

    private static Set<Set<String>> circles(Map<String, Set<String>> uses) {
        Set<Set<String>> circles = new HashSet<>();
        for (String name : uses.keySet()) {
            Set<String> circle = reached(name, uses).stream()
                    .filter(other -> reached(other, uses).contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (circle.size() > 1) {
                circles.add(circle);
            }
        }
        return circles;
    }

    private static String below(JavaClass type) {
        return type.getPackageName().substring("org.postern.".length());
    }

    private static Set<String> reached(String from, Map<String, Set<String>> uses) {
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return Collections.unmodifiableSet(all);
    }

    @Test
    void domainRoomsKnowNoCamelAndNoBroker() {
        noClasses()
                .that(new DescribedPredicate<>("are of no route, and not the broker") {
                    @Override
                    public boolean test(JavaClass type) {
                        // the demonstration stands for a supplier's system, which speaks JMS
                        return !ROUTES.contains(room(type)) && !"demo".equals(room(type));
                    }
                })
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.camel..", "org.apache.activemq..", "jakarta.jms..")
                .check(HOUSE);
    }

    @Test
    void noStaticFieldCanChange() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(HOUSE);
    }

    @Test
    void onlyTheCorrelatorReachesTheProofMint() {
        JavaClass mint = HOUSE.get("org.postern.hsm.ProofMint");
        Set<String> users = mint.getAccessesToSelf().stream()
                .map(JavaAccess::getOriginOwner)
                .map(ModuleDependenciesTest::room)
                .filter(room -> !"hsm".equals(room))
                .collect(Collectors.toSet());
        assertThat(users).isSubsetOf("parsecorrelate");
        assertThat(HOUSE.get("org.postern.hsm.CorrelationProof").getConstructors())
                .allSatisfy(
                        c -> assertThat(c.getModifiers()).doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED));
        assertThat(HOUSE.stream()
                        .filter(c -> c.getPackageName().equals("org.postern.hsm"))
                        .map(c ->
                                c.getSource().orElseThrow().getUri().toString().replaceAll("org/postern/.*", ""))
                        .collect(Collectors.toSet()))
                .as("no split package")
                .hasSize(1);
    }

    @Test
    void aProofIsMadeByTheCorrelatorLookedAtByTheVaultAndOnlyCarriedInBetween() {
        JavaClass proof = HOUSE.get("org.postern.hsm.CorrelationProof");
        Set<String> readers = proof.getAccessesToSelf().stream()
                .map(JavaAccess::getOriginOwner)
                .map(ModuleDependenciesTest::room)
                .collect(Collectors.toSet());
        assertThat(readers).as("rooms that call a proof").isSubsetOf("hsm", "parsecorrelate");
        Set<String> carriers = HOUSE.stream()
                .filter(type -> !Set.of("hsm", "hsmsoftware", "hsmpkcs11", "parsecorrelate")
                        .contains(room(type)))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(use -> use.getTargetClass().equals(proof)))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(carriers)
                .as("classes elsewhere that name a proof: the one that hands it from the correlator to the vault")
                .isSubsetOf("CriticalPath");
    }

    /** The picture of docs/architecture.md is made from the table above; -Dpostern.regenerate=true writes it anew. */
    @Test
    void thePictureShowsWhatTheTableAllows() throws IOException {
        Path page = Path.of(System.getProperty("postern.root", "../..")).resolve("docs/architecture.md");
        String text = Files.readString(page);
        int from = text.indexOf(PICTURE) + PICTURE.length();
        int to = text.indexOf(PICTURE_END);
        assertThat(from).as(PICTURE + " in " + page).isGreaterThan(PICTURE.length() - 1);
        String made = text.substring(0, from) + picture() + text.substring(to);
        if (Boolean.getBoolean("postern.regenerate")) {
            Files.writeString(page, made);
        }
        assertThat(Files.readString(page))
                .as("the picture of the modules is made from ModuleDependenciesTest; write it anew with\n"
                        + "  mvn -o -pl bundles/architecture-tests -am test -Dtest=ModuleDependenciesTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.regenerate=true\nand commit it")
                .isEqualTo(made);
    }

    /** Without the arrows that others imply. */
    private static String picture() {
        StringBuilder picture = new StringBuilder("\n```mermaid\nflowchart TD\n");
        new TreeMap<>(MAY_USE).forEach((room, uses) -> {
            picture.append("    ").append(room).append('\n');
            new TreeSet<>(uses)
                    .stream()
                            .filter(used -> uses.stream()
                                    .noneMatch(
                                            between -> reached(between, MAY_USE).contains(used)))
                            .forEach(used -> picture.append("    ")
                                    .append(room)
                                    .append(" --> ")
                                    .append(used)
                                    .append('\n'));
        });
        return picture.append("```\n").toString();
    }

    @Test
    void noSecretReachesStandardOutput() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..cli..", "..simulator.dcc..", "..demo..", "..console..")
                .and()
                .haveNameNotMatching(".*Verifier(Main)?")
                .should()
                .accessField(System.class, "out")
                .check(HOUSE);
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("org.postern.") ? room(name.substring("org.postern.".length())) : "";
    }

    /** The first part of a package below org.postern; of the simulator, which has several bundles, the first two. */
    private static String room(String name) {
        String[] parts = name.split("\\.");
        return parts[0].equals("simulator") && parts.length > 1 ? parts[0] + '.' + parts[1] : parts[0];
    }

    /**
     * The jar or folder a class came from: the hsm room has an API and two providers, each with internals of its own.
     */
    private static String bundle(JavaClass type) {
        return type.getSource()
                .map(s -> s.getUri().toString().replaceAll("org/postern/.*", ""))
                .orElse(type.getName());
    }
}
