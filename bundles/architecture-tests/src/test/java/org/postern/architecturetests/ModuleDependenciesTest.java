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

/**
 * Which module may use which, and what no module may do. The table {@link #MAY_USE} is also the picture in
 * docs/architecture.md.
 */
class ModuleDependenciesTest {

    private static final Set<String> ROLES =
            Set.of("electricityimportsupplier", "gasimportsupplier", "electricitynetworkoperator");

    /** Every module, by its package below org.postern, and the modules that it may use. */
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
                            "jettyruntime",
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
            Map.entry("demo", Set.of("catalogue", "simulator.pki", "simulator.examples")),
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

    /** The modules of the simulator, which use each other, and which the product must not use. */
    private static final Set<String> SIMULATOR =
            Set.of("simulator.pki", "simulator.examples", "simulator.devices", "simulator.dcc");

    /** Modules that no module of the product may use. */
    private static final Set<String> LEAVES =
            union(union(ROLES, SIMULATOR), Set.of("intake", "dispatch", "delivery", "console", "demo"));

    /** Modules that may use Camel, the broker and JMS. */
    private static final Set<String> ROUTES = Set.of("camelruntime", "broker", "intake", "dispatch", "delivery");

    /**
     * Public types that use internal packages of their own module which in turn use the public package, so that the two
     * packages depend on each other. All others must not. Each of these types is the only way into its module for users
     * without OSGi, and the internal packages need the public types as parameters and results; the circle could be
     * broken only by a third package or by an interface with one implementation.
     *
     * <ul>
     *   <li>Codecs, readers, writers and verifiers call their implementation: all of duis, gbcs ({@code AnswerCheck},
     *       {@code BlockReassembler}, {@code GbcsCodec}, {@code ZclFields}), {@code SecurityLogVerifier},
     *       {@code GbcsParser}, {@code Recheck}, {@code SmkiCertificate}.
     *   <li>Types with a static factory for the only implementation: {@code EcProvider}, {@code Asn1Shapes},
     *       {@code Correlator}, {@code Transformer}, {@code MappingCatalogue}, {@code KeySource}.
     *   <li>Documents that write themselves: {@code GbcsMessage}, {@code EvidenceFile}, {@code MmcDocument}.
     *   <li>Components, which OSGi creates, with internal parts: {@code Devices}, {@code Simulator},
     *       {@code SimulatorPki}, {@code Population}.
     *   <li>{@code ResponseCodes} has settings, whose annotations and checks report the catalogue's faults.
     * </ul>
     */
    private static final Set<String> USE_OWN_INTERNALS = Set.of(
            "catalogue.ResponseCodes",
            "duis.CanonicalDuis",
            "duis.DuisReader",
            "duis.DuisSigner",
            "duis.DuisVerifier",
            "duis.DuisWriter",
            "duis.JsonRequests",
            "duis.RequestRules",
            "duis.SchemaValidator",
            "ecprovider.EcProvider",
            "gbcs.AnswerCheck",
            "gbcs.Asn1Shapes",
            "gbcs.BlockReassembler",
            "gbcs.GbcsCodec",
            "gbcs.GbcsMessage",
            "gbcs.ZclFields",
            "inventory.SmkiCertificate",
            "parsecorrelate.Correlator",
            "parsecorrelate.EvidenceFile",
            "parsecorrelate.GbcsParser",
            "parsecorrelate.MappingCatalogue",
            "parsecorrelate.MmcDocument",
            "parsecorrelate.Recheck",
            "parsecorrelate.Transformer",
            "securitylogging.SecurityLogVerifier",
            "simulator.dcc.Simulator",
            "simulator.devices.Devices",
            "simulator.pki.KeySource",
            "simulator.pki.Population",
            "simulator.pki.SimulatorPki");

    private static final String PICTURE =
            "<!-- what may use what: generated from the table in ModuleDependenciesTest -->";
    private static final String PICTURE_END = "<!-- end of the picture -->";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit"))
            .importPackages("org.postern");

    @Test
    void everyModuleHasARow() {
        Set<String> modules = CLASSES.stream()
                .map(ModuleDependenciesTest::module)
                .filter(module -> !"architecturetests".equals(module))
                .collect(Collectors.toSet());
        assertThat(modules).as("every module has a row, every row a module").isEqualTo(MAY_USE.keySet());
        assertThat(MAY_USE.keySet()).containsAll(LEAVES).containsAll(ROUTES);
    }

    @Test
    void thePackagesOfServiceRequestsHaveNoCircularDependencies() {
        slices().matching("org.postern.servicerequests.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void aModuleUsesOnlyTheModulesInItsRow() {
        classes()
                .should(new ArchCondition<>("use only the modules in its row") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Set<String> allowed = MAY_USE.getOrDefault(module(type), Set.of());
                        type.getDirectDependenciesFromSelf().forEach(use -> {
                            String other = module(use.getTargetClass().getBaseComponentType());
                            if (!other.isEmpty() && !other.equals(module(type)) && !allowed.contains(other)) {
                                events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                            }
                        });
                    }
                })
                .check(CLASSES);
    }

    @Test
    void noModuleOfTheProductUsesRoutesConsoleRolesOrSimulator() {
        noClasses()
                .that(new DescribedPredicate<>("are not in a leaf module") {
                    @Override
                    public boolean test(JavaClass type) {
                        return !LEAVES.contains(module(type));
                    }
                })
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are in a leaf module") {
                    @Override
                    public boolean test(JavaClass type) {
                        return LEAVES.contains(module(type));
                    }
                })
                .check(CLASSES);
    }

    @Test
    void noModuleUsesInternalsOfAnotherModule() {
        classes()
                .should(new ArchCondition<>("not use internals of other modules") {
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
                .check(CLASSES);
    }

    @Test
    void packagesOfOneModuleHaveNoCircularDependencies() {
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
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String own = below(type);
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (!module(target).isEmpty()
                        && bundle(target).equals(bundle(type))
                        && !own.contains(".internal")
                        && below(target).startsWith(own + ".")
                        && reached(below(target), uses).contains(own)) {
                    found.add(own + "." + outermost(type));
                }
            }
        }
        assertThat(found)
                .as("public types that use internals of their module which use the public package")
                .isEqualTo(new TreeSet<>(USE_OWN_INTERNALS));
    }

    /** The packages that each package uses within its module, by their names below org.postern. */
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            Set<String> of = uses.computeIfAbsent(below(type), name -> new TreeSet<>());
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (!module(target).isEmpty() && bundle(target).equals(bundle(type))) {
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

    private static String outermost(JavaClass type) {
        return type.getName().substring(type.getPackageName().length() + 1).replaceAll("\\$.*", "");
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
    void domainModulesUseNeitherCamelNorJms() {
        noClasses()
                .that(new DescribedPredicate<>("are in no route module and not in the broker") {
                    @Override
                    public boolean test(JavaClass type) {
                        // the demo plays a supplier's system, which uses JMS
                        return !ROUTES.contains(module(type)) && !"demo".equals(module(type));
                    }
                })
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.camel..", "org.apache.activemq..", "jakarta.jms..")
                .check(CLASSES);
    }

    @Test
    void everyStaticFieldIsFinal() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(CLASSES);
    }

    @Test
    void onlyTheCorrelatorUsesTheProofMint() {
        JavaClass mint = CLASSES.get("org.postern.hsm.ProofMint");
        Set<String> users = mint.getAccessesToSelf().stream()
                .map(JavaAccess::getOriginOwner)
                .map(ModuleDependenciesTest::module)
                .filter(module -> !"hsm".equals(module))
                .collect(Collectors.toSet());
        assertThat(users).as("modules that use the mint").isEqualTo(Set.of("parsecorrelate"));
        assertThat(CLASSES.get("org.postern.hsm.CorrelationProof").getConstructors())
                .allSatisfy(
                        c -> assertThat(c.getModifiers()).doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED));
        assertThat(CLASSES.stream()
                        .filter(c -> c.getPackageName().equals("org.postern.hsm"))
                        .map(c ->
                                c.getSource().orElseThrow().getUri().toString().replaceAll("org/postern/.*", ""))
                        .collect(Collectors.toSet()))
                .as("no split package")
                .hasSize(1);
    }

    @Test
    void onlyTheVaultReadsAProofAndOneClassPassesItOn() {
        JavaClass proof = CLASSES.get("org.postern.hsm.CorrelationProof");
        Set<String> readers = proof.getAccessesToSelf().stream()
                .map(JavaAccess::getOriginOwner)
                .map(ModuleDependenciesTest::module)
                .collect(Collectors.toSet());
        assertThat(readers).as("modules that call methods of a proof").isEqualTo(Set.of("hsm"));
        Set<String> carriers = CLASSES.stream()
                .filter(type -> !Set.of("hsm", "hsmsoftware", "hsmpkcs11", "parsecorrelate")
                        .contains(module(type)))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(use -> use.getTargetClass().equals(proof)))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(carriers)
                .as(
                        "classes of other modules that use the type: the one that passes the proof from the correlator to the vault")
                .isEqualTo(Set.of("CriticalPath"));
    }

    /** The picture in docs/architecture.md is generated from the table above, by -Dpostern.regenerate=true. */
    @Test
    void thePictureAgreesWithTheTable() throws IOException {
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
                .as("the picture of the modules is generated from ModuleDependenciesTest; regenerate it with\n"
                        + "  mvn -o -pl bundles/architecture-tests -am test -Dtest=ModuleDependenciesTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.regenerate=true\nand commit it")
                .isEqualTo(made);
    }

    /** The picture, without arrows that follow from others. */
    private static String picture() {
        StringBuilder picture = new StringBuilder("\n```mermaid\nflowchart TD\n");
        new TreeMap<>(MAY_USE).forEach((module, uses) -> {
            picture.append("    ").append(module).append('\n');
            new TreeSet<>(uses)
                    .stream()
                            .filter(used -> uses.stream()
                                    .noneMatch(
                                            between -> reached(between, MAY_USE).contains(used)))
                            .forEach(used -> picture.append("    ")
                                    .append(module)
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
                .check(CLASSES);
    }

    private static String module(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("org.postern.") ? module(name.substring("org.postern.".length())) : "";
    }

    /** The first part of a package below org.postern; for the simulator, which has several modules, the first two. */
    private static String module(String name) {
        String[] parts = name.split("\\.");
        return parts[0].equals("simulator") && parts.length > 1 ? parts[0] + '.' + parts[1] : parts[0];
    }

    /** The jar or folder of a class: the hsm module has an API and two providers, each with internals of its own. */
    private static String bundle(JavaClass type) {
        return type.getSource()
                .map(s -> s.getUri().toString().replaceAll("org/postern/.*", ""))
                .orElse(type.getName());
    }
}
