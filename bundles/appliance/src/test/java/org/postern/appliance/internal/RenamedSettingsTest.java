package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;

/** A setting that was renamed is read under its former name for one release, and the operator is warned. */
class RenamedSettingsTest extends SettingsGateBench {

    private static final SettingsTable RENAMED = table("acbSigners", "brokerSigners");
    private static final SettingsTable RELEASE_BEFORE = table("brokerSigners", "");

    private static SettingsTable table(String name, String formerly) {
        return new SettingsTable(
                PID,
                Map.of(
                        name,
                        new Setting(
                                name,
                                "String",
                                false,
                                true,
                                Optional.empty(),
                                0,
                                0,
                                List.of(),
                                new Setting.Terms(SettingForm.TEXT, "", "", "", false, formerly),
                                "")));
    }

    @BeforeEach
    void theReleaseThatRenamedIt() {
        gate = gate(RENAMED);
    }

    private SettingsGate gate(SettingsTable table) {
        return new SettingsGate(configurations.admin(), folder, List.of(table));
    }

    private void file(Map<String, String> values) {
        configurations.file(PID, values);
        gate.poll();
    }

    @Test
    void theFormerNameIsReadWithAWarningWhereThePresentOneIsNotSet() {
        file(Map.of("brokerSigners", "a"));
        assertThat(configurations.inForce(PID, "acbSigners")).isEqualTo("a");
        assertThat(configurations.inForce(PID, "brokerSigners")).isNull();
        assertThat(gate.trouble()).isEmpty();
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7107 org.postern.intake.cfg: brokerSigners")
                .contains("acbSigners", "the next one will not");
    }

    @Test
    void thePresentNameCountsWhereBothAreSet() {
        file(Map.of("brokerSigners", "a", "acbSigners", "b"));
        assertThat(configurations.inForce(PID, "acbSigners")).isEqualTo("b");
        assertThat(remarks()).singleElement().asString().contains("the old name has no effect");
        file(Map.of("acbSigners", "b"));
        assertThat(gate.remarks()).isEmpty();
    }

    @Test
    void whatTheReleaseBeforeHasPutInForceIsGivenUnderThePresentName() {
        gate = gate(RELEASE_BEFORE);
        file(Map.of("brokerSigners", "a"));
        assertThat(configurations.inForce(PID, "brokerSigners")).isEqualTo("a");
        gate = gate(RENAMED);
        gate.poll();
        assertThat(configurations.inForce(PID, "acbSigners")).isEqualTo("a");
        assertThat(configurations.inForce(PID, "brokerSigners")).isNull();
    }

    @Test
    void theLastGoodSettingsOfTheReleaseBeforeStandInForAWrongFile() {
        gate = gate(RELEASE_BEFORE);
        file(Map.of("brokerSigners", "a"));
        configurations.stored.clear();
        gate = gate(RENAMED);
        file(Map.of("acbSigners", ""));
        assertThat(configurations.inForce(PID, "acbSigners")).isEqualTo("a");
        assertThat(remarks())
                .singleElement()
                .asString()
                .startsWith("PST-7102 org.postern.intake.cfg: acbSigners: empty");
    }
}
