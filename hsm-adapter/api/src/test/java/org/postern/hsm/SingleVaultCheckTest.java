package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.hsm.KeyVaultException.Kind;

class SingleVaultCheckTest {

    private static final String TOKEN = "org.postern.hsm.pkcs11";
    private static final String SOFTWARE = "org.postern.hsm.software";

    @TempDir
    Path etc;

    private Path file(String pid) throws Exception {
        return Files.writeString(etc.resolve(pid + ".cfg"), "keys=\n");
    }

    @Test
    void oneVaultWithItsFileIsAccepted() throws Exception {
        Map<String, ?> own = Map.of(
                SingleVaultCheck.FILE_INSTALL_PROPERTY, file(TOKEN).toUri().toString());
        Files.writeString(etc.resolve(SOFTWARE + ".cfg.example"), "");
        assertThat(new SingleVaultCheck(etc, own, () -> List.of(TOKEN)).now()).isEmpty();
        assertThat(new SingleVaultCheck(etc.resolve("nowhere"), Map.of(), () -> List.of(TOKEN)).now())
                .as("settings without files")
                .isEmpty();
    }

    @Test
    void twoVaultsAreRefusedAndNamedWhetherInForceOrOnlyAFile() throws Exception {
        file(TOKEN);
        assertThat(new SingleVaultCheck(etc, Map.of(), () -> List.of(TOKEN, SOFTWARE)).now())
                .hasValueSatisfying(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TWO_VAULTS);
                    assertThat(e.getMessage()).contains(TOKEN, SOFTWARE);
                });
        file(SOFTWARE);
        assertThat(new SingleVaultCheck(etc, Map.of(), () -> List.of(TOKEN)).now())
                .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.TWO_VAULTS));
    }

    @Test
    void settingsWhoseFileWasDeletedAreRefused() throws Exception {
        Path gone = file(SOFTWARE);
        Map<String, ?> own =
                Map.of(SingleVaultCheck.FILE_INSTALL_PROPERTY, gone.toUri().toString());
        Files.delete(gone);
        assertThat(new SingleVaultCheck(etc, own, () -> List.of(SOFTWARE)).now())
                .hasValueSatisfying(e -> {
                    assertThat(e.kind()).isEqualTo(Kind.STALE_SETTINGS);
                    assertThat(e.getMessage()).contains(SOFTWARE + ".cfg");
                });
    }

    @Test
    void theFileOfTheSettingsInForceTakesPrecedenceOverThatOfFileInstall() throws Exception {
        String there = file(TOKEN).toUri().toString();
        String gone = etc.resolve("gone.cfg").toUri().toString();
        assertThat(new SingleVaultCheck(
                                etc,
                                Map.of(
                                        SingleVaultCheck.FILE_PROPERTY,
                                        there,
                                        SingleVaultCheck.FILE_INSTALL_PROPERTY,
                                        gone),
                                () -> List.of(TOKEN))
                        .now())
                .isEmpty();
        assertThat(new SingleVaultCheck(
                                etc,
                                Map.of(
                                        SingleVaultCheck.FILE_PROPERTY,
                                        gone,
                                        SingleVaultCheck.FILE_INSTALL_PROPERTY,
                                        there),
                                () -> List.of(TOKEN))
                        .now())
                .hasValueSatisfying(e -> assertThat(e.kind()).isEqualTo(Kind.STALE_SETTINGS));
    }

    @Test
    void aNameThatIsNotTheAddressOfAFileIsNotAMissingFile() {
        for (String odd : List.of("not an address", "relative.cfg")) {
            assertThat(new SingleVaultCheck(
                                    etc, Map.of(SingleVaultCheck.FILE_INSTALL_PROPERTY, odd), () -> List.of(TOKEN))
                            .now())
                    .isEmpty();
        }
    }

    @Test
    void aFileCountsUnderItsPid() throws Exception {
        file(TOKEN);
        file(SOFTWARE);
        assertThat(new SingleVaultCheck(etc, Map.of(), List::of).now()).hasValueSatisfying(e -> {
            assertThat(e.fault().field()).isEqualTo(TOKEN + " and " + SOFTWARE);
            assertThat(e.fault().cause()).isEqualTo("2 are configured");
        });
    }
}
