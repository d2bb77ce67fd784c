package org.postern.architecturetests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.internal.SettingsGate;
import org.postern.catalogue.Fault;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.testkit.FakeConfigurations;

/**
 * Every setting of every bundle, as the metatype of this build has it: its file, its page in the manual, and what
 * becomes of wrong values. A new setting is in here by itself; {@code docs/settings.md} is written anew with {@code mvn
 * -o -pl bundles/architecture-tests -am package -Dtest=EverySettingTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dpostern.regenerate=true}.
 */
class EverySettingTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path ETC = ROOT.resolve("karaf-assembly/src/main/resources/etc");
    private static final Path PAGE = ROOT.resolve("docs/settings.md");
    private static final Map<String, SettingsTable> TABLES = tables();

    @TempDir
    Path folder;

    private static Map<String, SettingsTable> tables() {
        Map<String, SettingsTable> tables = new TreeMap<>();
        try {
            for (String folder : List.of("bundles", "bundles/roles", "simulator", "camel-routes", "hsm-adapter")) {
                for (Path module : list(ROOT.resolve(folder))) {
                    for (SettingsTable table : tables(module.resolve("target"))) {
                        tables.put(table.pid(), table);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.sorted().toList();
        }
    }

    /** Bundles that embed libraries have their metatype in the jar alone. */
    private static List<SettingsTable> tables(Path target) throws IOException {
        List<SettingsTable> tables = new ArrayList<>();
        for (Path file : list(target.resolve("classes").resolve(SettingsTable.FOLDER))) {
            try (InputStream in = Files.newInputStream(file)) {
                tables.addAll(SettingsTable.read(in));
            }
        }
        for (Path jar : tables.isEmpty() ? list(target) : List.<Path>of()) {
            if (jar.toString().endsWith(".jar")) {
                try (JarFile open = new JarFile(jar.toFile())) {
                    for (JarEntry entry : Collections.list(open.entries())) {
                        if (entry.getName().startsWith(SettingsTable.FOLDER + "/")
                                && entry.getName().endsWith(".xml")) {
                            tables.addAll(SettingsTable.read(open.getInputStream(entry)));
                        }
                    }
                }
            }
        }
        return tables;
    }

    private static List<Setting> sorted(SettingsTable table) {
        return table.settings().values().stream()
                .sorted(Comparator.comparing(Setting::key))
                .toList();
    }

    /** The settings as they are delivered, with folders in place of their variables. */
    private static Map<String, String> delivered(String pid) throws IOException {
        Path file = ETC.resolve(pid + ".cfg");
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(Files.exists(file) ? file : ETC.resolve(pid + ".cfg.example"))
                .replaceAll("\\$\\{[a-z.]*}", "/somewhere")));
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    @Test
    void everyBundleWithSettingsIsLookedAt() {
        assertThat(TABLES.keySet())
                .as("build all bundles first")
                .hasSizeGreaterThanOrEqualTo(23)
                .allMatch(pid -> pid.matches("org\\.postern(\\.[a-z0-9]+)+"));
    }

    @Test
    void everySettingStandsInItsFileAndTheFileHasNoOthers() throws IOException {
        for (SettingsTable table : TABLES.values()) {
            assertThat(delivered(table.pid()).keySet())
                    .as(table.pid())
                    .isEqualTo(table.settings().keySet());
        }
        try (Stream<Path> files = Files.list(ETC)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("org.postern."))
                            .map(name -> name.replaceFirst("\\.cfg(\\.example)?$", "")))
                    .containsExactlyInAnyOrderElementsOf(TABLES.keySet());
        }
    }

    @Test
    void everyNumberHasALeastAndAMost() {
        for (SettingsTable table : TABLES.values()) {
            for (Setting setting : sorted(table)) {
                assertThat(!setting.type().equals("Integer")
                                || setting.min() > Integer.MIN_VALUE && setting.max() < Integer.MAX_VALUE)
                        .as("%s: %s", table.pid(), setting.key())
                        .isTrue();
            }
        }
    }

    /** Wrong values of a setting: of another type, below, above, empty, and what no text may hold. */
    private static List<String> wrongs(Setting setting) {
        List<String> values = new ArrayList<>(List.of("a\u0000b"));
        if (!setting.type().equals("String")) {
            values.addAll(List.of("", "abc", "1.5", "0x10", "1_000", "yes", "1 2"));
        } else if (!setting.mayBeEmpty()) {
            values.addAll(List.of("", "  "));
        }
        if (setting.terms().form() != SettingForm.TEXT || !setting.options().isEmpty()) {
            values.add("\u00a7");
        }
        if (setting.type().equals("Integer") || setting.type().equals("Long")) {
            if (setting.min() > Long.MIN_VALUE) {
                values.add(Long.toString(setting.min() - 1));
            }
            if (setting.max() < Long.MAX_VALUE) {
                values.add(Long.toString(setting.max() + 1));
            }
            values.add("99999999999999999999");
        }
        // a path may have any name that its file system takes
        values.removeIf(
                value -> value.equals("\u00a7") && setting.terms().form().name().matches("PATHS?|EXISTING"));
        return values;
    }

    @Test
    void noWrongValueOfAnySettingIsTakenAndEachIsNamed() throws IOException {
        int tried = 0;
        for (SettingsTable table : TABLES.values()) {
            FakeConfigurations configurations = new FakeConfigurations();
            SettingsGate gate = new SettingsGate(configurations.admin(), folder, List.of(table));
            Map<String, String> good = delivered(table.pid());
            configurations.file(table.pid(), good);
            gate.look();
            assertThat(gate.remarks()).as("%s as it is delivered", table.pid()).isEmpty();
            for (Setting setting : sorted(table)) {
                String where = table.pid() + ".cfg: " + setting.key() + ": ";
                for (String value : wrongs(setting)) {
                    Map<String, String> wrong = new TreeMap<>(good);
                    wrong.put(setting.key(), value);
                    configurations.file(table.pid(), wrong);
                    gate.look();
                    assertThat(gate.remarks()).as(where + value).singleElement().satisfies(fault -> {
                        assertThat(fault.toString()).startsWith("PST-7102 " + where);
                        assertThat(fault.rule()).isEqualTo(setting.rule());
                    });
                    tried++;
                }
                Map<String, String> without = new TreeMap<>(good);
                without.remove(setting.key());
                configurations.file(table.pid(), without);
                gate.look();
                if (setting.mustBeSet() || setting.terms().fixed()) {
                    assertThat(gate.remarks())
                            .extracting(Fault::toString)
                            .singleElement()
                            .asString()
                            .startsWith("PST-7102 " + where);
                    tried++;
                } else {
                    assertThat(gate.remarks()).as(where + "taken out").isEmpty();
                    assertThat(configurations.inForce(table.pid(), setting.key()))
                            .isNull();
                    configurations.file(table.pid(), good);
                    gate.look();
                }
                Object value = configurations.inForce(table.pid(), setting.key());
                assertThat(value instanceof String[] several ? String.join(",", several) : value)
                        .isEqualTo(good.get(setting.key()).strip());
            }
        }
        assertThat(tried).as("wrong values").isGreaterThan(600);
    }

    @Test
    void atTheFirstStartNoWrongValueOfAnySettingLeavesItsPartOnStandardValues() throws IOException {
        for (SettingsTable table : TABLES.values()) {
            for (Setting setting : sorted(table)) {
                for (String value : wrongs(setting)) {
                    FakeConfigurations configurations = new FakeConfigurations();
                    SettingsGate gate = new SettingsGate(configurations.admin(), folder, List.of(table));
                    Map<String, String> wrong = new TreeMap<>(delivered(table.pid()));
                    wrong.put(setting.key(), value);
                    configurations.file(table.pid(), wrong);
                    gate.look();
                    String where = table.pid() + ".cfg: " + setting.key() + ": ";
                    assertThat(configurations.stored).as(where + value).containsOnlyKeys(table.pid());
                    assertThat(gate.trouble())
                            .as(where + value)
                            .hasValueSatisfying(
                                    fault -> assertThat(fault.toString()).startsWith("PST-7104 " + where));
                }
            }
        }
    }

    /** A part that starts without settings has its standard values, whatever its file asks for. */
    @Test
    void everyPartWaitsForItsSettings() throws IOException {
        int seen = 0;
        for (String group : List.of("bundles", "bundles/roles", "simulator", "camel-routes", "hsm-adapter")) {
            for (Path module : list(ROOT.resolve(group))) {
                for (Path component : list(module.resolve("target/classes/OSGI-INF"))) {
                    String text = Files.isRegularFile(component) ? Files.readString(component) : "";
                    if (text.contains("configuration-pid=\"" + SettingsTable.IN_FORCE)) {
                        // the first says what is missing, the second listens nowhere without settings
                        assertThat(text.contains("configuration-policy=\"require\""))
                                .as(component.toString())
                                .isEqualTo(!component.toString().matches(".*(ReadyMarker|StandIn)\\.xml"));
                        seen++;
                    }
                }
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(20);
    }

    private static String more(Setting setting) {
        Setting.Terms terms = setting.terms();
        int colon = terms.with().indexOf(':');
        return (terms.fixed() ? ". A change is taken when the process starts the next time" : "")
                + (terms.formerly().isEmpty()
                        ? ""
                        : " Former name, read for one more release: `" + terms.formerly() + "`.")
                + (terms.secure().isEmpty() ? "" : ". Beyond loopback only with `" + terms.secure() + "`")
                + (terms.with().isEmpty()
                        ? ""
                        : ". " + (colon < 0 ? "Only" : "`" + terms.with().substring(0, colon) + "` only") + " with `"
                                + terms.with().substring(colon + 1) + "`");
    }

    @Test
    void thePageOfSettingsIsWhatTheMetatypeSays() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Settings

                Made from the metatype of all bundles; not written by hand. After a change to a setting:

                    mvn -o -pl bundles/architecture-tests -am package -Dtest=EverySettingTest \\
                      -Dsurefire.failIfNoSpecifiedTests=false -Dpostern.regenerate=true

                What happens with a wrong value: docs/operations.md, "Configure". A setting that is not in its file has its
                standard value; one without a standard value must be set.
                """);
        for (SettingsTable table : TABLES.values()) {
            page.append("\n## etc/")
                    .append(table.pid())
                    .append(".cfg\n\n| setting | rule | standard value | meaning |\n|---|---|---|---|\n");
            for (Setting setting : sorted(table)) {
                page.append("| ")
                        .append(String.join(
                                        " | ",
                                        "`" + setting.key() + "`",
                                        setting.rule(),
                                        setting.standard()
                                                .map(value -> value.isEmpty() ? "empty" : "`" + value + "`")
                                                .orElse(setting.required() ? "none" : "empty"),
                                        setting.about() + more(setting))
                                .replace("\n", " "))
                        .append(" |\n");
            }
        }
        if (Boolean.getBoolean("postern.regenerate")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("write it anew as its head says, and commit it")
                .isEqualTo(page.toString());
    }
}
