package org.postern.architecturetests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests know of other bundles what everybody knows: their public types. What a test needs of another bundle besides is
 * offered by that bundle (its package {@code standalone}) or by a test kit.
 *
 * <p>Looks at the compiled tests of every module by path, since their class path is no other module's business.
 */
class TestIsolationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** Folders of modules; what is deeper or stands alone is listed by itself. */
    private static final List<String> GROUPS =
            List.of("bundles", "bundles/roles", "camel-routes", "hsm-adapter", "simulator");

    /** Built after this test, against what is built before: they are programs and see the modules as packaged. */
    private static final Set<String> LATER = Set.of("itests", "fault-simulation", "benchmarks");

    private static final Set<String> REFLECTION = Set.of("setAccessible", "trySetAccessible");

    /**
     * Uses that stand for a reason, as test class and bundle. Nothing may be added, and one that is not needed any more
     * has to go.
     */
    private static final Set<String> ALLOWED = Set.of(
            // tries the whole check of settings, with every bundle's metatype
            "org.postern.architecturetests.EverySettingTest uses appliance.internal",
            // the plugin of the appliance's broker, in a broker of the test
            "org.postern.intake.internal.IntakeBench uses broker.internal");

    /** Tests that look at their own bundle's classes by reflection. */
    private static final Set<String> REFLECTING = Set.of(
            // fields that Karaf's shell fills by reflection itself
            "org.postern.console.internal.CommandsTest",
            "org.postern.console.internal.command.ForeignArgumentsTest",
            "org.postern.console.internal.AclTest",
            // what the JDK holds of a class loader
            "org.postern.appliance.internal.FormerCodeTest");

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String group : GROUPS) {
            Path of = ROOT.resolve(group);
            if (Files.isDirectory(of)) {
                try (Stream<Path> modules = Files.list(of)) {
                    modules.map(module -> module.resolve("target/test-classes"))
                            .filter(Files::isDirectory)
                            .sorted()
                            .forEach(folders::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return folders;
    }

    private static JavaClasses tests(Path folder) {
        return new ClassFileImporter().importPath(folder);
    }

    /** The bundle by its package below org.postern; empty for what is not ours. */
    private static String room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 2 && parts[0].equals("org") && parts[1].equals("postern") ? parts[2] : "";
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    @Test
    void noTestReachesIntoTheInternalsOfAnotherBundle() {
        Set<String> found = new TreeSet<>();
        int looked = 0;
        for (Path folder : folders()) {
            for (JavaClass test : tests(folder)) {
                looked++;
                test.getDirectDependenciesFromSelf().forEach(use -> {
                    JavaClass target = use.getTargetClass().getBaseComponentType();
                    String other = room(target);
                    if (!other.isEmpty()
                            && !other.equals(room(test))
                            && (target.getPackageName() + ".").contains(".internal.")) {
                        found.add(outermost(test) + " uses " + other + ".internal");
                    }
                });
            }
        }
        assertThat(looked).as("compiled tests: build all modules first").isGreaterThan(300);
        assertThat(found).as("uses of other bundles' internals").isEqualTo(new TreeSet<>(ALLOWED));
    }

    @Test
    void noTestMakesItselfAccessWhatIsClosed() {
        Set<String> found = new TreeSet<>();
        for (Path folder : folders()) {
            for (JavaClass test : tests(folder)) {
                for (JavaAccess<?> access : test.getAccessesFromSelf()) {
                    boolean byName = access.getTargetOwner().isEquivalentTo(Class.class)
                            && access.getName().equals("forName");
                    if (byName || REFLECTION.contains(access.getName())) {
                        found.add(outermost(test));
                    }
                }
            }
        }
        assertThat(found).as("tests that use reflection").isEqualTo(new TreeSet<>(REFLECTING));
    }

    @Test
    void everyModuleWithTestsIsLookedAt() throws IOException {
        Set<Path> modules;
        try (Stream<Path> poms = Files.find(ROOT, 4, (path, file) -> path.endsWith("pom.xml"))) {
            modules = poms.map(Path::getParent)
                    .filter(module -> !module.toString().contains("/target/"))
                    .filter(module -> !LATER.contains(module.getFileName().toString()))
                    .filter(module -> Files.isDirectory(module.resolve("src/test/java")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<Path> looked = folders().stream()
                .map(folder -> folder.getParent().getParent())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(looked)
                .as("build all modules first; a new folder of modules goes into GROUPS")
                .containsAll(modules);
    }
}
