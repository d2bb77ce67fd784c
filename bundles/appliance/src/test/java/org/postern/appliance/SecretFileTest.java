package org.postern.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {

    @TempDir
    Path folder;

    @Test
    void aNewSecretIsRandomStaysAndIsReadableByItsOwnerAlone() throws IOException {
        Path one = folder.resolve("secrets/one");
        Path two = folder.resolve("secrets/two");
        String secret = SecretFile.readOrCreate(one);
        assertThat(secret).hasSize(32).isNotEqualTo(SecretFile.readOrCreate(two));
        assertThat(SecretFile.readOrCreate(one)).isEqualTo(secret).isEqualTo(SecretFile.read(one));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(one.getParent())) {
            assertThat(files).containsExactlyInAnyOrder(one, two);
        }
    }

    @Test
    void anEmptyOrAbsentSecretIsRefusedByName() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> SecretFile.readOrCreate(empty))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> SecretFile.read(folder.resolve("absent")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("absent");
    }
}
