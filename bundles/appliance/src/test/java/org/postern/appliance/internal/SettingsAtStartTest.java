package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.settings.SettingsCheck;
import org.postern.catalogue.settings.SettingsTable;

/**
 * What a part is given while the process starts: the first time, after {@code clean}, with files that changed
 * meanwhile.
 */
class SettingsAtStartTest extends SettingsGateBench {

    /** If a wrong {@code mode} counted as not set, a broker would start that nobody configured. */
    @Test
    void whereNothingWasEverInForceAFileWithAWrongValueGivesThePartNothing() {
        for (List<String> wrong :
                List.of(List.of("mode", "outr"), List.of("consumers", "abc"), List.of("address", "http://dcc"))) {
            write(wrong.get(0), wrong.get(1), "host", "127.0.0.2");
            assertThat(configurations.stored).as("%s", wrong).doesNotContainKey("inforce." + PID);
            assertThat(gate.trouble())
                    .hasValueSatisfying(fault -> assertThat(fault.toString())
                            .startsWith("PST-7104 org.postern.intake.cfg: " + wrong.get(0) + ": " + wrong.get(1))
                            .contains("no settings until"));
            assertThat(remarks()).hasSize(1);
            assertThat(gate.held()).containsExactly(PID);
        }
        write("mode", "inner");
        assertThat(gate.held()).isEmpty();
        assertThat(configurations.inForce(PID, "mode")).isEqualTo("inner");
        assertThat(gate.trouble()).isEmpty();
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void everyWrongSettingOfAFirstStartIsNamedAtOnce() {
        write("mode", "outr", "consumers", "abc", "colour", "red");
        assertThat(gate.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.toString())
                        .startsWith("PST-7104 org.postern.intake.cfg: consumers")
                        .contains(
                                "abc; and 2 more: org.postern.intake.cfg: mode (outr)",
                                "org.postern.intake.cfg: colour (there is no such setting)"));
    }

    /** {@code clean} and a newer archive remove the cache. */
    @Test
    void theLastGoodSettingsAreStoredOutsideTheCache() throws Exception {
        write("consumers", "3");
        Path kept = folder.resolve("state/settings/org.postern.intake.properties");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        configurations.stored.clear();
        begin();
        write("consumers", "abc", "host", "127.0.0.2");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(configurations.inForce(PID, "host")).isNull();
        assertThat(remarks()).singleElement().asString().startsWith("PST-7102 org.postern.intake.cfg: consumers: abc");
        assertThat(gate.trouble()).isEmpty();
        write("consumers", "5");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("5");
        assertThat(Files.readString(kept)).contains("consumers=5");
    }

    /** Their paths are absolute: otherwise a restored copy would open the ledger of the original installation. */
    @Test
    void storedSettingsAreValidOnlyInTheirOwnFolder() throws Exception {
        write("consumers", "3");
        Path elsewhere = folder.resolve("elsewhere");
        Path kept = elsewhere.resolve("state/settings/org.postern.intake.properties");
        Files.createDirectories(kept.getParent());
        Files.copy(folder.resolve("state/settings/org.postern.intake.properties"), kept);
        configurations.stored.clear();
        gate = new SettingsGate(configurations.admin(), elsewhere, List.of(table()));
        write("consumers", "abc");
        assertThat(configurations.stored).doesNotContainKey("inforce." + PID);
        assertThat(gate.trouble()).isPresent();
    }

    @Test
    void anotherDatabaseIsTakenAtAStartWithoutACache() {
        write("url", "jdbc:sqlite:b");
        configurations.stored.clear();
        begin();
        write("url", "jdbc:sqlite:c");
        assertThat(configurations.inForce(PID, "url")).isEqualTo("jdbc:sqlite:c");
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void storedSettingsThatAreIncompleteOrOfOtherRulesAreNotInForce() throws Exception {
        write("consumers", "123", "host", "127.0.0.2");
        Path kept = folder.resolve("state/settings/org.postern.intake.properties");
        String whole = Files.readString(kept);
        List<String> others = new ArrayList<>(List.of("", "\\u00", whole.replace("consumers=123", "consumers=9999")));
        for (int length = 1; length < whole.length() - 1; length += 7) {
            others.add(whole.substring(0, length));
        }
        for (String other : others) {
            Files.writeString(kept, other);
            configurations.stored.clear();
            begin();
            write("consumers", "abc");
            assertThat(configurations.stored).as(other).doesNotContainKey("inforce." + PID);
            assertThat(gate.trouble()).as(other).isPresent();
        }
    }

    @Test
    void settingsThatCannotBeStoredAreInForceAndThatIsReported() throws Exception {
        Path state = Files.writeString(folder.resolve("state"), "no folder");
        write("consumers", "3");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(remarks()).singleElement().asString().startsWith("PST-7106 " + PID);
        assertThat(gate.trouble()).isEmpty();
        Files.delete(state);
        gate.poll();
        assertThat(gate.remarks()).isEmpty();
        assertThat(folder.resolve("state/settings/org.postern.intake.properties"))
                .exists();
    }

    /**
     * A part without mandatory settings; the standard values are not used while its file exists but was not read yet.
     */
    @Test
    void aPartThatCanDoWithoutAFileHasItsStandardValues() throws Exception {
        SettingsTable some =
                new SettingsTable(PID, Map.of("consumers", table().settings().get("consumers")));
        gate = new SettingsGate(configurations.admin(), folder, List.of(some));
        Path file = Files.createDirectories(folder.resolve("etc")).resolve(PID + ".cfg");
        Files.writeString(file, "consumers = 3\n");
        gate.poll();
        assertThat(configurations.stored).isEmpty();
        Files.delete(file);
        gate.poll();
        gate.poll();
        assertThat(configurations.stored).containsOnlyKeys("inforce." + PID);
        assertThat(configurations.inForce(PID, "consumers")).isNull();
        assertThat(configurations.updates).containsEntry("inforce." + PID, 1);
        assertThat(gate.trouble()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndChangesNothing() throws Exception {
        Path file = Files.createDirectories(folder.resolve("etc")).resolve(PID + ".cfg");
        for (String unreadable : List.of("folder", "escape")) {
            if (unreadable.equals("folder")) {
                Files.createDirectory(file);
            } else {
                Files.writeString(file, "address = https://dcc:443\nmode = \\u00zz\n");
            }
            gate.poll();
            assertThat(gate.trouble())
                    .as(unreadable)
                    .hasValueSatisfying(fault -> assertThat(fault.toString())
                            .startsWith("PST-7104 org.postern.intake.cfg")
                            .contains("a file that Postern may read"));
            assertThat(configurations.stored).isEmpty();
            Files.delete(file);
        }
        write("consumers", "3");
        assertThat(gate.trouble()).isEmpty();
        Files.writeString(file, "consumers = \\u00zz\n");
        configurations
                .stored
                .get(PID)
                .put("felix.fileinstall.filename", file.toUri().toString());
        gate.poll();
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(remarks()).singleElement().asString().startsWith("PST-7102 org.postern.intake.cfg");
        // and after clean
        configurations.stored.clear();
        begin();
        gate.poll();
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(gate.trouble()).isEmpty();
    }

    private static SettingsCheck notNine() {
        return SettingsGateTest.check(
                proposed -> proposed.getOrDefault("consumers", List.of()).equals(List.of("9"))
                        ? Optional.of(new SettingsCheck.Objection("consumers", "not nine"))
                        : Optional.empty());
    }

    /** At the start this class runs before the parts. */
    @Test
    void aPartThatHasACheckHasNoSettingsBeforeTheCheckHasRun() {
        gate = new SettingsGate(configurations.admin(), folder, List.of(table()), Set.of(PID), () -> true);
        write("consumers", "9");
        assertThat(configurations.stored).doesNotContainKey("inforce." + PID);
        gate.addCheck(notNine());
        assertThat(configurations.stored).doesNotContainKey("inforce." + PID);
        assertThat(gate.trouble())
                .hasValueSatisfying(fault -> assertThat(fault.toString())
                        .startsWith("PST-7104 org.postern.intake.cfg: consumers: 9")
                        .contains("not nine"));
        write("consumers", "4");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("4");
        assertThat(gate.trouble()).isEmpty();
    }

    @Test
    void settingsThatChangedWhileTheProcessWasDownWaitForTheCheckAndTheLastGoodOnesAreInForceWhereItObjects() {
        write("consumers", "3");
        for (List<String> changed : List.of(List.of("9", "3"), List.of("4", "4"))) {
            gate = new SettingsGate(configurations.admin(), folder, List.of(table()), Set.of(PID), () -> true);
            write("consumers", changed.get(0));
            assertThat(configurations.stored)
                    .as("neither the former nor the new ones")
                    .doesNotContainKey("inforce." + PID);
            gate.addCheck(notNine());
            assertThat(configurations.inForce(PID, "consumers")).isEqualTo(changed.get(1));
            assertThat(configurations.inForce(PID, "postern.file")).isNotNull();
            assertThat(gate.trouble()).isEmpty();
        }
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void settingsThatChangeWhileAModuleIsRefreshedWaitForItsCheck() {
        write("consumers", "3");
        gate = new SettingsGate(configurations.admin(), folder, List.of(table()), Set.of(PID), () -> false);
        write("consumers", "9");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        gate.addCheck(notNine());
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7102 org.postern.intake.cfg: consumers: 9")
                .contains("not nine");
        write("consumers", "4");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("4");
        assertThat(configurations.updates).as("once each").containsEntry("inforce." + PID, 2);
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void settingsThatStayedWaitForNoCheck() {
        write("consumers", "3");
        gate = new SettingsGate(configurations.admin(), folder, List.of(table()), Set.of(PID), () -> true);
        gate.poll();
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(configurations.updates).containsEntry("inforce." + PID, 1);
    }
}
