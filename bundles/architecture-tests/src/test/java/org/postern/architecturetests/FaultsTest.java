package org.postern.architecturetests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/**
 * Checks the registry of faults, that is, all enums that implement {@link FaultCode}: each number has one meaning,
 * every constant is used, no code is written as text elsewhere, and {@code docs/errors.md} agrees with the enums.
 *
 * <p>A new fault is a new constant in the enum of its module, with a number of the module's range that was never used;
 * then {@code mvn -o -pl bundles/architecture-tests -am test -Dtest=FaultsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dpostern.regenerate=true} regenerates {@code docs/errors.md}.
 */
class FaultsTest {

    private static final String REGENERATE = "postern.regenerate";
    private static final String HOW = "docs/errors.md is made from the enums of faults; write it anew with\n"
            + "  mvn -o -pl bundles/architecture-tests -am test -Dtest=FaultsTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -D" + REGENERATE + "=true\nand commit it";

    private static final Pattern CODE = Pattern.compile("PST-\\d{4}");
    private static final Pattern WRITTEN_OUT = Pattern.compile("\"PST-\\d{4}");

    /** First and last number of each module, by its package below org.postern. */
    private static final Map<String, int[]> RANGES = Map.ofEntries(
            Map.entry("catalogue", new int[] {1000, 1019}),
            Map.entry("duis", new int[] {1010, 1999}),
            Map.entry("servicerequests", new int[] {2000, 2999}),
            Map.entry("gbcs", new int[] {3000, 3999}),
            Map.entry("parsecorrelate", new int[] {4000, 4999}),
            Map.entry("hsm", new int[] {5000, 5999}),
            Map.entry("ledger", new int[] {6000, 6999}),
            Map.entry("gatewayclient", new int[] {7000, 7089}),
            Map.entry("console", new int[] {7090, 7094}),
            Map.entry("appliance", new int[] {7095, 7199}),
            Map.entry("broker", new int[] {7200, 7299}),
            Map.entry("intake", new int[] {7300, 7399}),
            Map.entry("delivery", new int[] {7400, 7499}),
            Map.entry("dispatch", new int[] {7500, 7599}),
            Map.entry("securitylogging", new int[] {8000, 8099}),
            Map.entry("inventory", new int[] {8100, 8199}),
            Map.entry("simulator", new int[] {9000, 9999}));

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/errors.md");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.postern");

    @Test
    void everyModuleWithFaultsHasItsEnum() {
        Set<String> bundles = new TreeSet<>();
        enums().forEach(type -> bundles.add(bundle(type)));
        assertThat(bundles)
                .contains(
                        "catalogue",
                        "duis",
                        "servicerequests",
                        "gbcs",
                        "parsecorrelate",
                        "hsm",
                        "ledger",
                        "gatewayclient",
                        "console",
                        "intake",
                        "securitylogging",
                        "inventory",
                        "simulator");
        assertThat(RANGES.keySet())
                .as("every bundle with faults has a range of numbers")
                .containsAll(bundles);
    }

    @Test
    void noNumberIsUsedTwiceAndEachIsInTheRangeOfItsModule() {
        Map<String, String> seen = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : enums()) {
            int[] range = RANGES.getOrDefault(bundle(type), new int[] {0, -1});
            for (FaultCode fault : constants(type)) {
                String name = type.getSimpleName() + "." + fault.name();
                String other = seen.put(fault.code(), name);
                if (other != null) {
                    wrong.add(fault.code() + " is both " + other + " and " + name);
                }
                int number = Integer.parseInt(fault.code().substring("PST-".length()));
                if (number < range[0] || number > range[1]) {
                    wrong.add(fault.code() + " of " + name + " is outside " + range[0] + " to " + range[1]);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).as("codes of the registry").hasSizeGreaterThan(150);
    }

    @Test
    void everyConstantIsUsedInMainCode() {
        List<String> unused = new ArrayList<>();
        for (JavaClass type : enums()) {
            for (FaultCode fault : constants(type)) {
                boolean used = type.getField(fault.name()).getAccessesToSelf().stream()
                        .anyMatch(access -> !access.getOriginOwner().equals(type));
                if (!used) {
                    unused.add(type.getSimpleName() + "." + fault.name() + " " + fault.code());
                }
            }
        }
        assertThat(unused).as("constants that nothing raises: take them out").isEmpty();
    }

    @Test
    void noCodeIsWrittenAsTextOutsideTheRegistry() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            if (!text.contains("implements FaultCode")
                    && WRITTEN_OUT.matcher(text).find()) {
                found.add(ROOT.relativize(file).toString());
            }
        }
        assertThat(found)
                .as("files with a literal code instead of a constant of their bundle's enum")
                .isEmpty();
    }

    @Test
    void everyCodeInDocumentsAndCommentsIsInTheRegistry() throws IOException {
        Set<String> known = rows().keySet();
        List<String> unknown = new ArrayList<>();
        List<Path> files = new ArrayList<>(sources());
        files.addAll(below(ROOT.resolve("docs"), ".md", ".yaml"));
        files.addAll(below(ROOT.resolve("karaf-assembly/src/main"), ".cfg"));
        for (Path file : files) {
            // a range may include numbers that are not used
            String text = Files.readString(file).replaceAll("PST-\\d{4} to PST-\\d{4}", "");
            CODE.matcher(text)
                    .results()
                    .map(found -> found.group())
                    .filter(code -> !known.contains(code))
                    .forEach(code -> unknown.add(ROOT.relativize(file) + " " + code));
        }
        assertThat(unknown)
                .as("codes in documents and comments that no enum has")
                .isEmpty();
    }

    @Test
    void theErrorsPageAgreesWithTheRegistry() throws IOException {
        String page = page();
        if (Boolean.getBoolean(REGENERATE)) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as(HOW).exists();
        assertThat(Files.readString(PAGE)).as(HOW).isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Faults

                Generated from the enums of faults. After a change of one of them run:

                    mvn -o -pl bundles/architecture-tests -am test -Dtest=FaultsTest \\
                      -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.regenerate=true

                Every refusal has one of these codes, with the field at fault, the rule, what was found, and what to do;
                a message may be more specific than this table. *May pass* states whether the same request may succeed
                later without a change: the request is not at fault, the problem is in Postern or its environment and is
                temporary, in some cases until the person in *who acts* has acted. Then the HTTP interface answers 503
                with `Retry-After` (404 if a result does not exist yet, 408 if the caller was too slow, 500 for an error
                in the program), the JMS and file interfaces keep the message and try again, a document of the DCC is
                stored and processed later, and the DCC is asked to send again. Any other fault is final: the HTTP
                interface returns it as 4xx. An admitted request is never ended by a temporary fault: its step waits and
                is tried again. The DCC's own response codes (`I0`, `E1` and so on) are separate from these codes.
                """);
        Map<String, List<FaultCode>> byBundle = new LinkedHashMap<>();
        rows().values()
                .forEach(row -> byBundle.computeIfAbsent(row.bundle(), bundle -> new ArrayList<>())
                        .add(row.fault()));
        byBundle.forEach((bundle, faults) -> {
            page.append("\n## ")
                    .append(bundle)
                    .append("\n\n")
                    .append("| code | name | meaning | rule | may pass | who acts | what to do |\n")
                    .append("|---|---|---|---|---|---|---|\n");
            for (FaultCode fault : faults) {
                FaultEntry entry = fault.entry();
                page.append("| ")
                        .append(String.join(
                                " | ",
                                entry.code(),
                                "`" + fault.name() + "`",
                                cell(entry.meaning()),
                                cell(entry.rule()),
                                entry.mayPass() ? "**yes**" : "no",
                                entry.actor().toString(),
                                cell(entry.remedy())))
                        .append(" |\n");
            }
        });
        return page.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private record Row(String bundle, FaultCode fault) {}

    /** By code. */
    private static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        for (JavaClass type : enums()) {
            constants(type).forEach(fault -> rows.put(fault.code(), new Row(bundle(type), fault)));
        }
        return rows;
    }

    private static List<JavaClass> enums() {
        return CLASSES.stream()
                .filter(type -> type.isEnum() && type.isAssignableTo(FaultCode.class))
                .sorted(Comparator.comparing(JavaClass::getName))
                .toList();
    }

    private static List<FaultCode> constants(JavaClass type) {
        return Stream.of(type.reflect().getEnumConstants())
                .map(FaultCode.class::cast)
                .toList();
    }

    private static String bundle(JavaClass type) {
        return type.getPackageName().substring("org.postern.".length()).replaceAll("\\..*", "");
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("bundles", "simulator", "camel-routes", "hsm-adapter")) {
            for (Path file : below(ROOT.resolve(folder), ".java")) {
                if (file.toString().replace('\\', '/').contains("/src/main/java/")) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static List<Path> below(Path folder, String... endings) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        }
    }
}
