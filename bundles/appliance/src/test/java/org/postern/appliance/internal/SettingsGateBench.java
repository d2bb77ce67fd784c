package org.postern.appliance.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Fault;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.testkit.FakeConfigurations;

/** A gate over one part with settings of every form, and the file that is written for it. */
abstract class SettingsGateBench {

    static final String PID = "org.postern.intake";

    @TempDir
    Path folder;

    final FakeConfigurations configurations = new FakeConfigurations();
    SettingsGate gate;

    @BeforeEach
    void begin() {
        gate = new SettingsGate(configurations.admin(), folder, List.of(table()));
    }

    static SettingsTable table() {
        return new SettingsTable(
                PID,
                Stream.of(
                                new Setting(
                                        "consumers",
                                        "Integer",
                                        false,
                                        true,
                                        Optional.of("8"),
                                        0,
                                        1000,
                                        List.of(),
                                        Setting.Terms.of(SettingForm.TEXT),
                                        ""),
                                new Setting(
                                        "address",
                                        "String",
                                        false,
                                        true,
                                        Optional.empty(),
                                        0,
                                        0,
                                        List.of(),
                                        Setting.Terms.of(SettingForm.HTTPS_ADDRESS),
                                        ""),
                                new Setting(
                                        "passwordFile",
                                        "String",
                                        false,
                                        false,
                                        Optional.of(""),
                                        0,
                                        0,
                                        List.of(),
                                        Setting.Terms.of(SettingForm.EXISTING),
                                        ""),
                                new Setting(
                                        "keyStore",
                                        "String",
                                        false,
                                        false,
                                        Optional.of(""),
                                        0,
                                        0,
                                        List.of(),
                                        Setting.Terms.of(SettingForm.EXISTING),
                                        ""),
                                new Setting(
                                        "host",
                                        "String",
                                        false,
                                        true,
                                        Optional.of("127.0.0.1"),
                                        0,
                                        0,
                                        List.of(),
                                        new Setting.Terms(SettingForm.LISTEN_ADDRESS, "", "keyStore", "", false),
                                        ""),
                                new Setting(
                                        "port",
                                        "Integer",
                                        false,
                                        true,
                                        Optional.of("0"),
                                        0,
                                        65_535,
                                        List.of(),
                                        new Setting.Terms(SettingForm.LISTEN_PORT, "host", "", "", false),
                                        ""),
                                new Setting(
                                        "url",
                                        "String",
                                        false,
                                        true,
                                        Optional.of("jdbc:sqlite:a"),
                                        0,
                                        0,
                                        List.of(),
                                        new Setting.Terms(SettingForm.JDBC_URL, "", "", "", true),
                                        ""),
                                new Setting(
                                        "mode",
                                        "String",
                                        false,
                                        true,
                                        Optional.of("inner"),
                                        0,
                                        0,
                                        List.of("inner", "outer"),
                                        new Setting.Terms(SettingForm.TEXT, "", "", "outer:broker", false),
                                        ""),
                                new Setting(
                                        "broker",
                                        "String",
                                        false,
                                        false,
                                        Optional.of(""),
                                        0,
                                        0,
                                        List.of(),
                                        Setting.Terms.of(SettingForm.BROKER_URL),
                                        ""))
                        .collect(Collectors.toMap(Setting::key, each -> each)));
    }

    void write(String... keysAndValues) {
        Map<String, String> values = new HashMap<>(Map.of("address", "https://dcc:443"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        configurations.file(PID, values);
        gate.poll();
    }

    List<String> remarks() {
        return gate.remarks().stream().map(Fault::toString).toList();
    }
}
