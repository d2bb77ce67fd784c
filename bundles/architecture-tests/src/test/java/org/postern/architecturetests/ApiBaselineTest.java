package org.postern.architecturetests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Exported packages against those of the last release, in {@code api-baseline.txt}: what was removed or changed needs a
 * new major version of its package, what was added a new minor one (OSGi semantic versioning). Bundles that an operator
 * has installed are bound to these versions. {@code -Dpostern.baseline=true} writes the file anew, at a release.
 */
class ApiBaselineTest {

    private static final Path BASELINE =
            Path.of(System.getProperty("postern.root"), "bundles/architecture-tests/api-baseline.txt");
    private static final String EXPORT = "org.osgi.annotation.bundle.Export";
    private static final String VERSION = "org.osgi.annotation.versioning.Version";
    private static final String PACKAGE_INFO = ".package-info";

    /**
     * An exported package.
     *
     * @param version major, minor and micro version
     * @param members one line for each type, field, method and constructor that others can use
     */
    private record Api(String version, Set<String> members) {

        private int part(int index) {
            return Integer.parseInt(version.split("\\.")[index]);
        }
    }

    @Test
    void anExportedPackageThatChangedHasANewVersion() throws IOException {
        Map<String, Api> now = exported(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.postern"));
        if (Boolean.getBoolean("postern.baseline")) {
            Files.write(BASELINE, text(now));
        }
        assertThat(now).as("exported packages").hasSizeGreaterThan(20);
        assertThat(complaints(read(Files.readAllLines(BASELINE)), now)).isEmpty();
    }

    @Test
    void whatWasRemovedNeedsAMajorVersionAndWhatWasAddedAMinorOne() {
        Map<String, Api> before = read(List.of("a 1.2.0", "  A", "  A.m(): void"));
        assertThat(complaints(before, read(List.of("a 1.2.0", "  A", "  A.m(): void"))))
                .isEmpty();
        assertThat(complaints(before, read(List.of("a 1.2.0", "  A", "  A.m(): int"))))
                .containsExactly("a 1.2.0 needs version 2.0.0: removed [A.m(): void]");
        assertThat(complaints(before, read(List.of("a 1.3.0", "  A"))))
                .containsExactly("a 1.3.0 needs version 2.0.0: removed [A.m(): void]");
        assertThat(complaints(before, read(List.of("a 2.0.0", "  A")))).isEmpty();
        assertThat(complaints(before, read(List.of("a 1.2.1", "  A", "  A.m(): void", "  B"))))
                .containsExactly("a 1.2.1 needs version 1.3.0: added [B]");
        assertThat(complaints(before, read(List.of("a 1.3.0", "  A", "  A.m(): void", "  B"))))
                .isEmpty();
        assertThat(complaints(before, Map.of())).containsExactly("a 1.2.0 is no longer exported");
    }

    private static List<String> complaints(Map<String, Api> before, Map<String, Api> now) {
        List<String> complaints = new ArrayList<>();
        before.forEach((name, old) -> {
            Api api = now.get(name);
            if (api == null) {
                complaints.add(name + " " + old.version() + " is no longer exported");
                return;
            }
            Set<String> removed = without(old.members(), api.members());
            Set<String> added = without(api.members(), old.members());
            String is = name + " " + api.version();
            if (!removed.isEmpty() && api.part(0) <= old.part(0)) {
                complaints.add(is + " needs version " + (old.part(0) + 1) + ".0.0: removed " + removed);
            } else if (!added.isEmpty() && api.part(0) == old.part(0) && api.part(1) <= old.part(1)) {
                complaints.add(is + " needs version " + old.part(0) + "." + (old.part(1) + 1) + ".0: added " + added);
            }
        });
        return complaints;
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    private static Map<String, Api> exported(JavaClasses classes) {
        Map<String, Api> exported = new TreeMap<>();
        for (JavaClass info : classes) {
            if (info.getName().endsWith(PACKAGE_INFO) && info.isAnnotatedWith(EXPORT)) {
                Optional<Object> version = info.getAnnotationOfType(VERSION).get("value");
                exported.put(info.getPackageName(), new Api((String) version.orElseThrow(), new TreeSet<>()));
            }
        }
        for (JavaClass type : classes) {
            Api api = exported.get(type.getPackageName());
            if (api != null && visible(type)) {
                describe(type).forEach(api.members()::add);
            }
        }
        return exported;
    }

    /** True where other packages can name the type: it and the types around it are public or protected. */
    private static boolean visible(JavaClass type) {
        return visible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && type.getEnclosingClass().map(ApiBaselineTest::visible).orElse(true);
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    private static Stream<String> describe(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        String parents = Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                .map(JavaClass::getName)
                .filter(parent -> !parent.equals("java.lang.Object"))
                .sorted()
                .collect(Collectors.joining(", "));
        return Stream.of(
                        Stream.of(flags(type.getModifiers()) + name + (parents.isEmpty() ? "" : " is " + parents)),
                        type.getFields().stream()
                                .filter(field -> visible(field.getModifiers()))
                                .map(field -> describe(name, field)),
                        type.getCodeUnits().stream()
                                .filter(unit -> visible(unit.getModifiers()))
                                .map(unit -> describe(name, unit)))
                .flatMap(lines -> lines);
    }

    private static String describe(String type, JavaField field) {
        return flags(field.getModifiers()) + type + "." + field.getName() + ": "
                + field.getRawType().getName();
    }

    private static String describe(String type, JavaCodeUnit unit) {
        return flags(unit.getModifiers()) + type + "." + unit.getName()
                + unit.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .collect(Collectors.joining(", ", "(", "): "))
                + unit.getRawReturnType().getName();
    }

    /** What others depend on, beside that they can see it at all. */
    private static String flags(Set<JavaModifier> modifiers) {
        return Stream.of(JavaModifier.STATIC, JavaModifier.ABSTRACT, JavaModifier.FINAL, JavaModifier.PROTECTED)
                .filter(modifiers::contains)
                .map(modifier -> modifier.name().toLowerCase(java.util.Locale.ROOT) + " ")
                .collect(Collectors.joining());
    }

    private static List<String> text(Map<String, Api> apis) {
        List<String> lines = new ArrayList<>();
        apis.forEach((name, api) -> {
            lines.add(name + " " + api.version());
            api.members().forEach(member -> lines.add("  " + member));
        });
        return lines;
    }

    private static Map<String, Api> read(List<String> lines) {
        Map<String, Api> apis = new TreeMap<>();
        Api api = null;
        for (String line : lines) {
            if (line.startsWith("  ")) {
                api.members().add(line.substring(2));
            } else {
                String[] words = line.split(" ");
                api = new Api(words[1], new TreeSet<>());
                apis.put(words[0], api);
            }
        }
        return apis;
    }
}
