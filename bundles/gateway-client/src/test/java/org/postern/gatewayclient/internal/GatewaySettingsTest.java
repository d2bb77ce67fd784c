package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.TlsFiles;

/** Faults of the settings and files of the gateway. */
class GatewaySettingsTest extends GatewayFixture {

    @Test
    void aFaultInTheSettingsNamesTheSetting() throws Exception {
        assertSetting(
                "keyStore",
                new TlsFiles(
                        folder.resolve("none"),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "keyStorePasswordFile",
                new TlsFiles(
                        ours.keyStore(),
                        folder.resolve("none"),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "keyStore",
                new TlsFiles(
                        ours.trustStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        ours.protocols(),
                        List.of()));
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        assertSetting(
                "trustStore",
                new TlsFiles(
                        ours.keyStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        wrong,
                        ours.protocols(),
                        List.of()));
        assertSetting(
                "protocols",
                new TlsFiles(
                        ours.keyStore(),
                        ours.keyStorePassword(),
                        ours.trustStore(),
                        ours.trustStorePassword(),
                        List.of("TLSv1"),
                        List.of()));
        for (String address : List.of("http://localhost", "nonsense", "https://", "https://user@localhost")) {
            assertThatThrownBy(() -> GatewaySettings.uri("baseUrl", address, ""))
                    .isInstanceOfSatisfying(
                            PosternException.class,
                            e -> assertThat(e.fault().field()).isEqualTo("org.postern.gateway/baseUrl"));
        }
    }

    private void assertSetting(String name, TlsFiles files) {
        assertThatThrownBy(() -> gateway(settings(1, files, Duration.ofSeconds(1), 1, 1024, true, "localhost")))
                .isInstanceOfSatisfying(PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo("PST-7001");
                    assertThat(e.fault().field()).isEqualTo("org.postern.gateway/" + name);
                    Path file = Map.of(
                                    "keyStore",
                                    files.keyStore(),
                                    "keyStorePasswordFile",
                                    files.keyStorePassword(),
                                    "trustStore",
                                    files.trustStore(),
                                    "trustStorePasswordFile",
                                    files.trustStorePassword())
                            .get(name);
                    if (file != null) {
                        assertThat(e.fault().cause()).as("names the file").startsWith(file.toAbsolutePath() + ": ");
                    }
                });
    }
}
