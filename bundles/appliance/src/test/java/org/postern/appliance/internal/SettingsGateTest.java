package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationEvent;
import org.postern.catalogue.settings.SettingsCheck;

class SettingsGateTest extends SettingsGateBench {

    @Test
    void rightSettingsAreInForceAtOnceAndTheSameOnesAreNotGivenTwice() {
        write("consumers", " 3 ");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(configurations.inForce(PID, "postern.file"))
                .isEqualTo("file:/opt/postern/etc/org.postern.intake.cfg");
        assertThat(configurations.stored.get("inforce." + PID).get("felix.fileinstall.filename"))
                .as("File Install would write the settings in force into the file")
                .isNull();
        gate.poll();
        write("consumers", "3");
        assertThat(configurations.updates).containsEntry("inforce." + PID, 1);
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void aWrongValueChangesNothingAndIsNamedWithFileKeyValueAndRule() {
        write("consumers", "3");
        for (String wrong : List.of("abc", "", "-1", "1001", "99999999999", "1.5", "٣x")) {
            write("consumers", wrong, "host", "127.0.0.2");
            assertThat(configurations.inForce(PID, "consumers")).as(wrong).isEqualTo("3");
            assertThat(configurations.inForce(PID, "host"))
                    .as("nothing of that file is taken")
                    .isNull();
            assertThat(remarks())
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .startsWith("PST-7102 org.postern.intake.cfg: consumers: " + (wrong.isEmpty() ? "empty" : wrong))
                    .contains("a whole number from 0 to 1000", "stay in force");
            assertThat(gate.trouble()).as("the part goes on").isEmpty();
        }
        assertThat(configurations.updates).as("the part was not disturbed").containsEntry("inforce." + PID, 1);
        write("consumers", "4");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("4");
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void aSettingThatIsTakenOutHasItsStandardValue() {
        write("consumers", "3");
        write();
        assertThat(configurations.inForce(PID, "consumers")).isNull();
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void aSettingThatThePartCannotDoWithoutIsNotTakenOut() {
        write();
        configurations.file(PID, Map.of("consumers", "5"));
        gate.poll();
        assertThat(configurations.inForce(PID, "address")).isEqualTo("https://dcc:443");
        assertThat(configurations.inForce(PID, "consumers")).isNull();
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7102 org.postern.intake.cfg: address: no value");
    }

    @Test
    void afterARestartWithAWrongValueTheLastGoodOnesAreStillInForce() {
        write("consumers", "3");
        configurations.file(PID, Map.of("address", "nonsense", "consumers", "5"));
        SettingsGate restarted = new SettingsGate(configurations.admin(), folder, List.of(table()));
        restarted.poll();
        assertThat(configurations.inForce(PID, "address")).isEqualTo("https://dcc:443");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        assertThat(restarted.remarks())
                .singleElement()
                .satisfies(fault -> assertThat(fault.code()).isEqualTo("PST-7102"));
        assertThat(restarted.trouble()).isEmpty();
    }

    @Test
    void settingsWhoseFileGoesAreNoLongerInForce() {
        write();
        configurations.stored.remove(PID);
        gate.poll();
        assertThat(configurations.stored).isEmpty();
        assertThat(folder.resolve("state/settings/org.postern.intake.properties"))
                .doesNotExist();
    }

    @Test
    void aFileThatASettingNamesIsWaitedForOnceSomethingIsInForce() throws Exception {
        Path missing = folder.resolve("keys.p12");
        write();
        write("keyStore", missing.toString());
        assertThat(configurations.inForce(PID, "keyStore")).isNull();
        assertThat(remarks()).singleElement().asString().contains("keyStore", "a file or folder that is there");
        Files.writeString(missing, "x");
        gate.poll();
        assertThat(configurations.inForce(PID, "keyStore")).isEqualTo(missing.toString());
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void aPortThatAnotherProcessHasIsWaitedFor() throws Exception {
        write();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            write("port", Integer.toString(taken.getLocalPort()));
            assertThat(configurations.inForce(PID, "port")).isNull();
            assertThat(remarks()).singleElement().asString().contains("port", "no other process");
        }
        gate.poll();
        assertThat(configurations.inForce(PID, "port")).isNotNull();
    }

    @Test
    void anAddressOfAnotherMachineIsNotListenedOn() {
        write();
        write("host", "192.0.2.1", "keyStore", folder.toString());
        assertThat(configurations.inForce(PID, "host")).isNull();
        assertThat(remarks()).singleElement().asString().contains("host: 192.0.2.1", "of this machine");
    }

    @Test
    void anAddressThatOthersReachNeedsAKeyStoreAlsoAtTheFirstStart() {
        write("host", "0.0.0.0");
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7104 org.postern.intake.cfg: host: 0.0.0.0")
                .contains("a loopback address, or keyStore set as well");
        write("host", "0.0.0.0", "keyStore", folder.toString());
        assertThat(configurations.inForce(PID, "host")).isEqualTo("0.0.0.0");
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void oneValueMayNeedAnotherSetting() {
        write();
        write("mode", "outer");
        assertThat(remarks()).singleElement().asString().contains("mode: outer", "only with broker set as well");
        write("mode", "outer", "broker", "tcp://a:61616");
        assertThat(configurations.inForce(PID, "mode")).isEqualTo("outer");
    }

    @Test
    void anotherDatabaseIsNotTakenWhileTheLedgerRuns() {
        write();
        write("url", "jdbc:sqlite:" + folder.resolve("new.db"));
        assertThat(configurations.inForce(PID, "url")).isNull();
        assertThat(remarks()).singleElement().asString().contains("url", "when the process starts");
        assertThat(folder.resolve("new.db")).doesNotExist();
    }

    @Test
    void aFilterOfAPartThatIsNoneIsNotTaken() {
        PartsSettingCheck check = new PartsSettingCheck();
        for (String wrong : List.of("broker", "=(a=b)", "broker=a", "broker=(a=b", "broker=(a=b); x")) {
            assertThat(check.against(Map.of("parts", List.of(wrong)))).as(wrong).isPresent();
        }
        assertThat(check.against(Map.of("parts", List.of("broker=(a=b); x=(&(a=b)(c=d))"))))
                .isEmpty();
    }

    @Test
    void whatThePartItselfSaysCountsToo() {
        write();
        gate.addCheck(new SettingsCheck() {
            @Override
            public String pid() {
                return PID;
            }

            @Override
            public Optional<Objection> against(Map<String, List<String>> proposed) {
                return Optional.of(new Objection("consumers", "one more than before"));
            }
        });
        write("consumers", "9");
        assertThat(configurations.inForce(PID, "consumers")).isNull();
        assertThat(remarks()).singleElement().asString().contains("consumers: 9", "one more than before");
    }

    static SettingsCheck check(
            java.util.function.Function<Map<String, List<String>>, Optional<SettingsCheck.Objection>> against) {
        return new SettingsCheck() {
            @Override
            public String pid() {
                return PID;
            }

            @Override
            public Optional<Objection> against(Map<String, List<String>> proposed) {
                return against.apply(proposed);
            }
        };
    }

    @Test
    void aCheckWhoseBundleIsGoneDoesNotEndThePolls() {
        write("consumers", "3");
        SettingsCheck gone = check(proposed -> {
            throw new NoClassDefFoundError("org/postern/intake/Gone");
        });
        gate.addCheck(gone);
        write("consumers", "4");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        gate.removeCheck(gone);
        gate.poll();
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("4");
    }

    @Test
    void aFileThatWasSavedUnnoticedIsMarkedForReading() throws Exception {
        Path file = Files.writeString(folder.resolve(PID + ".cfg"), "address = https://dcc:443\nconsumers = 4\n");
        java.nio.file.attribute.FileTime saved = java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(file, saved);
        configurations.file(PID, Map.of("address", "https://dcc:443", "consumers", "3"));
        configurations
                .stored
                .get(PID)
                .put("felix.fileinstall.filename", file.toUri().toString());
        gate.poll();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(saved);
        gate.poll();
        assertThat(Files.getLastModifiedTime(file)).isGreaterThan(saved);
    }

    /** Some editors delete a file and write it again; in between the part would start with its standard values. */
    @Test
    void settingsStayInForceWhileTheirFileIsThereAndGoWithIt() throws Exception {
        Path file = Files.writeString(folder.resolve(PID + ".cfg"), "address = https://dcc:443\nconsumers = 3\n");
        configurations.file(PID, Map.of("address", "https://dcc:443", "consumers", "3"));
        configurations
                .stored
                .get(PID)
                .put("felix.fileinstall.filename", file.toUri().toString());
        gate.poll();
        configurations.stored.remove(PID);
        gate.poll();
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        Files.delete(file);
        gate.poll();
        assertThat(configurations.stored).isEmpty();
    }

    /** A setting that is missing in a half-written file would have its standard value until the next poll. */
    @Test
    void halfOfAFileIsNotTaken() throws Exception {
        Path file = folder.resolve(PID + ".cfg");
        Files.writeString(file, "address = https://dcc:443\nconsumers = 4\n");
        read(file, Map.of("address", "https://dcc:443", "consumers", "3"));
        assertThat(configurations.inForce(PID, "consumers"))
                .as("nothing was in force")
                .isEqualTo("3");
        read(file, Map.of("address", "https://dcc:443"));
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
        read(file, Map.of("address", "https://dcc:443", "consumers", "4"));
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("4");
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
        read(file, Map.of("address", "https://dcc:443", "consumers", "5"));
        assertThat(configurations.inForce(PID, "consumers")).as("not for ever").isEqualTo("5");
        Files.setLastModifiedTime(
                file, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 86_400_000L));
        read(file, Map.of("address", "https://dcc:443", "consumers", "6"));
        assertThat(configurations.inForce(PID, "consumers"))
                .as("nor for a file of another clock")
                .isEqualTo("6");
    }

    private void read(Path file, Map<String, String> values) {
        configurations.file(PID, values);
        configurations
                .stored
                .get(PID)
                .put("felix.fileinstall.filename", file.toUri().toString());
        gate.poll();
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatSomebodyElsePutsInForceIsPutRightAtOnce() {
        write("consumers", "3");
        configurations.stored.get("inforce." + PID).put("consumers", "-7");
        ServiceReference<?> admin = (ServiceReference<?>) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceReference.class}, (proxy, method, args) -> null);
        gate.configurationEvent(new ConfigurationEvent(
                (ServiceReference<org.osgi.service.cm.ConfigurationAdmin>) admin,
                ConfigurationEvent.CM_UPDATED,
                null,
                "inforce." + PID));
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("3");
    }

    /** GET /health shows the remarks to anybody. */
    @Test
    void aPasswordWhereItsFileShouldBeNamedIsNotShown() {
        write();
        write("passwordFile", "/s3cret-itself");
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7102 org.postern.intake.cfg: passwordFile: not shown")
                .doesNotContain("s3cret");
    }

    @Test
    void aMisspeltKeyIsRemarkedAndTheRestIsTaken() {
        write("consumer", "9", "consumers", "7");
        assertThat(configurations.inForce(PID, "consumers")).isEqualTo("7");
        assertThat(remarks()).singleElement().asString().startsWith("PST-7105 org.postern.intake.cfg: consumer:");
    }

    @Test
    void whatMayBeSecretInAnAddressIsNotShown() {
        write("address", "http://user:s3cret@dcc?password=pa55");
        assertThat(String.join("", remarks()))
                .contains("http://")
                .doesNotContain("s3cret")
                .doesNotContain("pa55");
    }
}
