package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.PosternException;

class ParseCommandTest {

    private static final byte[] MESSAGE = HexFormat.of().parseHex("df09010000000000000007ff");

    @Test
    void aMessageIsTakenAsHexAsBase64AndFromFilesOfAnyForm(@TempDir Path folder) throws Exception {
        String hex = HexFormat.of().formatHex(MESSAGE);
        String base64 = Base64.getEncoder().encodeToString(MESSAGE);
        assertThat(ParseCommand.bytes(hex)).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(hex.toUpperCase())).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(base64)).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(Files.writeString(folder.resolve("hex"), "DF 09 01\n" + hex.substring(6) + "\n").toString())).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(Files.writeString(folder.resolve("b64"), base64 + "\n").toString())).isEqualTo(MESSAGE);
        assertThat(ParseCommand.bytes(Files.write(folder.resolve("raw"), MESSAGE).toString())).isEqualTo(MESSAGE);
    }

    @Test
    void anythingElseIsRefusedByName() {
        for (String given : new String[] {"", "xyz!", "/no/such/file.hex", "DF0", "\0"}) {
            assertThatThrownBy(() -> ParseCommand.bytes(given)).isInstanceOf(PosternException.class).hasMessageStartingWith("PST-7091");
        }
    }
}
