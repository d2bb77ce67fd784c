package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleUserTest {

    @TempDir
    Path home;

    @Test
    void theFirstStartMakesAUserWithARandomPassword() throws IOException {
        Path etc = Files.createDirectory(home.resolve("etc"));
        Files.writeString(etc.resolve("users.properties"), "# nobody yet\n");
        new ConsoleUser(etc, home.resolve("state"));
        String password = Files.readString(home.resolve("state/secrets/console-admin.password"))
                .strip();
        assertThat(Files.readString(etc.resolve("users.properties")))
                .contains("# nobody yet", "admin = " + password + ",_g_:admingroup");
    }

    @Test
    void aUserThatExistsIsLeftAlone() throws IOException {
        Path etc = Files.createDirectory(home.resolve("etc"));
        Files.writeString(etc.resolve("users.properties"), "ada = {CRYPT}x{CRYPT},_g_:admingroup\n");
        new ConsoleUser(etc, home.resolve("state"));
        assertThat(Files.readString(etc.resolve("users.properties"))).doesNotContain("admin =");
        assertThat(home.resolve("state")).doesNotExist();
    }
}
