package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFileTest {

    @TempDir
    Path folder;

    @Test
    void theContentIsOnDiskBeforeItsNameAndTheNameBeforeItReturns() throws IOException {
        Path file = Files.writeString(folder.resolve("marks"), "former");
        List<String> forced = new ArrayList<>();
        ReplacedFile.write(
                file,
                "new",
                written -> forced.add(written.getFileName() + " while the file holds " + Files.readString(file)));
        assertThat(forced)
                .containsExactly(
                        "marks.new while the file holds former", folder.getFileName() + " while the file holds new");
        assertThat(file).hasContent("new");
        assertThat(folder.resolve("marks.new")).doesNotExist();
    }

    @Test
    void aFolderThatCannotBePutOnDiskFailsTheWrite() throws IOException {
        Path file = folder.resolve("marks");
        assertThatThrownBy(() -> ReplacedFile.write(file, "new", written -> {
                    if (Files.isDirectory(written)) {
                        throw new IOException("played");
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("played");
    }

    @Test
    void filesAndFoldersAreReallyPutOnDisk() throws IOException {
        Path file = folder.resolve("marks");
        ReplacedFile.write(file, "first");
        ReplacedFile.write(file, "second");
        assertThat(file).hasContent("second");
    }
}
