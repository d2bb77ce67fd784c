package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.ConsoleFiles;
import org.postern.parsecorrelate.MmcElement;

class ParseCommandTest {

    private static final byte[] MESSAGE = HexFormat.of().parseHex("df09010000000000000007ff");

    private static Optional<ConsoleFiles> files(Path folder) {
        return Optional.of(new ConsoleFiles(new AllowedFiles(List.of(folder), List.of(), List.of()), folder));
    }

    @Test
    void aMessageIsTakenAsHexAsBase64AndFromFilesOfAnyForm(@TempDir Path folder) throws Exception {
        Optional<ConsoleFiles> files = files(folder);
        String hex = HexFormat.of().formatHex(MESSAGE);
        String base64 = Base64.getEncoder().encodeToString(MESSAGE);
        assertThat(ParseCommand.bytes(files, hex)).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(files, hex.toUpperCase(Locale.ROOT))).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(files, base64)).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(
                        files,
                        Files.writeString(folder.resolve("hex"), "DF 09 01\n" + hex.substring(6) + "\n")
                                .toString()))
                .isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(
                        files,
                        Files.writeString(folder.resolve("b64"), base64 + "\n").toString()))
                .isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(
                        files, Files.write(folder.resolve("raw"), MESSAGE).toString()))
                .isEqualTo(MESSAGE);
    }

    @Test
    void anythingElseIsRefusedByName(@TempDir Path folder) {
        for (String given : new String[] {"", "xyz!", "/no/such/file.hex", "DF0", "\0"}) {
            assertThatThrownBy(() -> ParseCommand.bytes(files(folder), given))
                    .isInstanceOf(PosternException.class)
                    .hasMessageStartingWith("PST-7091");
        }
    }

    @Test
    void readingsAreNamedByTheirPathAndNumberedWhereTheyRepeat() {
        MmcElement root = MmcElement.of(
                "GBCSResponse",
                List.of(
                        MmcElement.of("Header", List.of(MmcElement.text("OriginatorCounter", "7"))),
                        MmcElement.of(
                                "Body",
                                List.of(MmcElement.of(
                                        "ResponseMessage",
                                        List.of(MmcElement.of(
                                                "SMETSData",
                                                List.of(MmcElement.of(
                                                        "ReadRsp",
                                                        List.of(
                                                                MmcElement.of(
                                                                        "Register",
                                                                        List.of(
                                                                                MmcElement.text("Value", "5"),
                                                                                MmcElement.text("Unit", "Wh"))),
                                                                MmcElement.text("Entry", "a"),
                                                                MmcElement.text("Entry", "b")))))))))));

        assertThat(ParseCommand.readings(root))
                .extracting(row -> row.get("what") + " = " + row.get("value"))
                .containsExactly(
                        "ReadRsp/Register/Value = 5",
                        "ReadRsp/Register/Unit = Wh",
                        "ReadRsp/Entry[1] = a",
                        "ReadRsp/Entry[2] = b");
    }
}
