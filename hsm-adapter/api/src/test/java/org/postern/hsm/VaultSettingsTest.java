package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyVaultException.Kind;

class VaultSettingsTest {

    @Test
    void anEntryOfKeysStatesAliasPurposeEntryAndParty() {
        assertThat(KeyBinding.parse(
                        "pid",
                        " is-xml = xml_signing : my entry : 90-B3-D5-1F-30-01-00-00 ",
                        "",
                        "k=KEY_AGREEMENT:e:90B3D51F30010000"))
                .containsExactly(
                        new KeyBinding("is-xml", KeyPurpose.XML_SIGNING, "my entry", Eui64.parse("90B3D51F30010000")),
                        new KeyBinding("k", KeyPurpose.KEY_AGREEMENT, "e", Eui64.parse("90B3D51F30010000")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "is-xml",
                "is-xml=XML_SIGNING:e",
                "is-xml=SIGNING:e:90B3D51F30010000",
                "is xml=XML_SIGNING:e:90B3D51F30010000",
                "is-xml=XML_SIGNING:e:90B3",
                "is-xml=XML_SIGNING::90B3D51F30010000"
            })
    void aWrongEntryIsIdentifiedByItsIndexAndItsTextIsNotRepeated(String line) {
        KeyVaultException refused =
                catchThrowableOfType(KeyVaultException.class, () -> KeyBinding.parse("some.pid", "", line));
        assertThat(refused.kind()).isEqualTo(Kind.BAD_SETTING);
        assertThat(refused.fault().field()).isEqualTo("some.pid: keys[1]");
    }

    @Test
    void aSecretIsOneLineAndInProductionNotReadableByOthers(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pin"), "12 34é\r\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(SecretFile.read("pinFile", file, false)).isEqualTo("12 34é".toCharArray());
        assertThatThrownBy(() -> SecretFile.read("pinFile", file, true))
                .isInstanceOf(KeyVaultException.class)
                .hasMessageContaining("every user of this machine")
                .hasMessageNotContaining("12 34");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(SecretFile.read("pinFile", file, true)).hasSize(6);
        assertThatThrownBy(() -> SecretFile.read("pinFile", folder.resolve("none"), false))
                .isInstanceOf(KeyVaultException.class);
    }

    private static String refusal(Path file, boolean strict) {
        KeyVaultException refused =
                catchThrowableOfType(KeyVaultException.class, () -> SecretFile.read("pinFile", file, strict));
        assertThat(refused.kind()).isEqualTo(Kind.BAD_SETTING);
        assertThat(refused.fault().field()).isEqualTo("pinFile");
        return refused.fault().cause();
    }

    @Test
    void aSecretHasBetweenOneAndAThousandAndTwentyFourBytes(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pin");
        assertThat(SecretFile.read("pinFile", Files.writeString(file, "x".repeat(1024)), false))
                .hasSize(1024);
        assertThat(SecretFile.read("pinFile", Files.writeString(file, "x"), false))
                .isEqualTo(new char[] {'x'});
        Files.writeString(file, "x".repeat(1025));
        assertThat(refusal(file, false)).isEqualTo("the file is too long");
        for (String empty : new String[] {"", "\n", "\r\n\n"}) {
            Files.writeString(file, empty);
            assertThat(refusal(file, false)).isEqualTo("the file is empty");
        }
    }

    @Test
    void aSecretThatOthersCanWriteOrThatIsMissingIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("pin"), "1234");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r---w-"));
        assertThat(refusal(file, true)).startsWith("every user of this machine");
        assertThat(SecretFile.read("pinFile", file, false)).hasSize(4);
        assertThat(refusal(folder.resolve("none"), true)).isEqualTo("the file cannot be read");
    }

    @Test
    void anInvalidPurposeOrPartyIsStatedAsTheCause() {
        assertThat(catchThrowableOfType(
                                KeyVaultException.class,
                                () -> KeyBinding.parse("some.pid", "k=SIGNING:e:90B3D51F30010000"))
                        .fault()
                        .cause())
                .startsWith("the purpose is not one of");
        assertThat(catchThrowableOfType(
                                KeyVaultException.class, () -> KeyBinding.parse("some.pid", "k=XML_SIGNING:e:90B3"))
                        .fault()
                        .cause())
                .isEqualTo("the last component is not an EUI-64");
        assertThat(KeyBinding.parse("some.pid")).isEmpty();
    }

    @Test
    void aTestIssuerIsIdentifiedByACompleteDigest() {
        assertThatThrownBy(() -> new ProductionRule(true, "abc"))
                .isInstanceOf(KeyVaultException.class)
                .hasMessageStartingWith("PST-5008");
        assertThat(new ProductionRule(true, " ", "AB".repeat(32)).production()).isTrue();
    }

    @org.junit.jupiter.api.Test
    void theSettingIsCheckedAgainstTheSameFormBeforeTheVaultReadsIt() {
        String eui = "90-B3-D5-1F-30-01-00-00";
        for (KeyPurpose purpose : KeyPurpose.values()) {
            agree("is=" + purpose + ":is-xml:" + eui, true);
            agree(
                    " is = " + purpose.name().toLowerCase(java.util.Locale.ROOT) + " : is xml : 90b3d51f30010000 ,",
                    true);
        }
        for (String wrong : java.util.List.of(
                "is",
                "is=XML_SIGNING",
                "is=XML_SIGNING:is-xml",
                "is=XML_SIGNING::" + eui,
                "=XML_SIGNING:a:" + eui,
                "is=SIGNING:a:" + eui,
                "is=XML_SIGNING:a:90-B3",
                "i s=XML_SIGNING:a:" + eui,
                "is=XML_SIGNING:a:b:" + eui)) {
            agree(wrong, false);
            agree("ok=XML_SIGNING:a:" + eui + "," + wrong, false);
        }
    }

    private static void agree(String keys, boolean right) {
        boolean read;
        try {
            KeyBinding.parse("pid", keys);
            read = true;
        } catch (KeyVaultException e) {
            read = false;
        }
        org.assertj.core.api.Assertions.assertThat(read).as(keys).isEqualTo(right);
        org.assertj.core.api.Assertions.assertThat(org.postern.catalogue.settings.SettingForm.KEYS.fits(keys))
                .as(keys)
                .isEqualTo(right);
    }
}
