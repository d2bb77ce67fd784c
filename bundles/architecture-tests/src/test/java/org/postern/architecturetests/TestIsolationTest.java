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
 * Tests use only public types of other modules. What a test needs from another module besides is provided by that
 * module (in its package {@code standalone}) or by a test kit.
 *
 * <p>Reads the compiled tests of every module from its folder, since they are not on the class path of this module.
 */
class TestIsolationTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** Folders that contain modules. */
    private static final List<String> GROUPS =
            List.of("bundles", "bundles/roles", "camel-routes", "hsm-adapter", "simulator");

    /** Modules that are built after this test: they are programs that use the other modules as packaged. */
    private static final Set<String> LATER = Set.of("itests", "fault-simulation", "benchmarks");

    private static final Set<String> REFLECTION = Set.of("setAccessible", "trySetAccessible");

    /**
     * Justified exceptions, as test class and module. None may be added, and one that is no longer needed must be
     * removed.
     */
    private static final Set<String> ALLOWED = Set.of(
            // runs the whole check of settings, with the metatype of every module
            "org.postern.architecturetests.EverySettingTest uses appliance.internal",
            // uses the plugin of the appliance's broker in a broker of its own
            "org.postern.intake.internal.IntakeBench uses broker.internal");

    /** Tests that use reflection on classes of their own module. */
    private static final Set<String> REFLECTING = Set.of(
            // fields that Karaf's shell fills by reflection itself
            "org.postern.console.internal.CommandFixture",
            "org.postern.console.internal.command.ForeignArgumentsTest",
            "org.postern.console.internal.AclTest",
            // finds out what the JDK still references of a class loader
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

    /** The module by its package below org.postern; empty for classes that are not Postern's. */
    private static String module(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        return parts.length > 2 && parts[0].equals("org") && parts[1].equals("postern") ? parts[2] : "";
    }

    private static String outermost(JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    @Test
    void noTestUsesInternalsOfAnotherModule() {
        Set<String> found = new TreeSet<>();
        int checked = 0;
        for (Path folder : folders()) {
            for (JavaClass test : tests(folder)) {
                checked++;
                test.getDirectDependenciesFromSelf().forEach(use -> {
                    JavaClass target = use.getTargetClass().getBaseComponentType();
                    String other = module(target);
                    if (!other.isEmpty()
                            && !other.equals(module(test))
                            && (target.getPackageName() + ".").contains(".internal.")) {
                        found.add(outermost(test) + " uses " + other + ".internal");
                    }
                });
            }
        }
        assertThat(checked).as("compiled tests: build all modules first").isGreaterThan(300);
        assertThat(found).as("uses of other bundles' internals").isEqualTo(new TreeSet<>(ALLOWED));
    }

    @Test
    void noTestUsesReflection() {
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
    void everyModuleWithTestsIsChecked() throws IOException {
        Set<Path> modules;
        try (Stream<Path> poms = Files.find(ROOT, 4, (path, file) -> path.endsWith("pom.xml"))) {
            modules = poms.map(Path::getParent)
                    .filter(module -> !module.toString().contains("/target/"))
                    .filter(module -> !LATER.contains(module.getFileName().toString()))
                    .filter(module -> Files.isDirectory(module.resolve("src/test/java")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<Path> checked = folders().stream()
                .map(folder -> folder.getParent().getParent())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(checked)
                .as("build all modules first; a new folder of modules goes into GROUPS")
                .containsAll(modules);
    }
}
