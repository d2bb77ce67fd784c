package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadFilesTest {

    private static final FileTime NOTED = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir
    Path etc;

    private final UnreadFiles unread = new UnreadFiles(Map.of("postern.state", "/opt/postern/state")::get);

    /** A file with the time that File Install has noted. */
    private Path save(String text) throws IOException {
        Path file = Files.writeString(etc.resolve("org.postern.intake.cfg"), text);
        Files.setLastModifiedTime(file, NOTED);
        return file;
    }

    private Hashtable<String, Object> read(String... keysAndValues) {
        Hashtable<String, Object> read = new Hashtable<>(Map.of(
                "service.pid",
                "org.postern.intake",
                "felix.fileinstall.filename",
                etc.resolve("org.postern.intake.cfg").toUri().toString()));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            read.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return read;
    }

    @Test
    void aFileOfTheSameTimeAndLengthIsReadAgainOnceItHasSettled() throws IOException {
        Path file = save("consumers = 8\n");
        unread.poll(read("consumers", "8"));
        unread.poll(read("consumers", "8"));
        assertThat(Files.getLastModifiedTime(file)).as("read already").isEqualTo(NOTED);

        save("consumers = 9\n");
        unread.poll(read("consumers", "8"));
        assertThat(Files.getLastModifiedTime(file))
                .as("File Install may be at it")
                .isEqualTo(NOTED);
        unread.poll(read("consumers", "8"));
        assertThat(Files.getLastModifiedTime(file)).isGreaterThan(NOTED);
        assertThat(file).hasContent("consumers = 9\n");
    }

    @Test
    void aFileThatIsNotReadIsTouchedOnceAndAgainAfterTheNextSave() throws IOException {
        Path file = save("consumers = 9\n");
        unread.poll(read());
        unread.poll(read());
        save("consumers = 9\n");
        unread.poll(read());
        unread.poll(read());
        assertThat(Files.getLastModifiedTime(file)).as("not for ever").isEqualTo(NOTED);
        save("consumers = 7\n");
        unread.poll(read());
        unread.poll(read());
        assertThat(Files.getLastModifiedTime(file)).isGreaterThan(NOTED);
    }

    @Test
    void whatFileInstallReadsInItsOwnWayIsNoDifference() throws IOException {
        Path file = save(
                "# a comment\nfolder = ${postern.state}/intake\nkeys = a, \\\n       b\nother = ${nobody.knows}/x\n"
                        + "list = [ \"a\", \"b\" ]\nempty =\nservice.ranking = 4\n");
        Hashtable<String, Object> read =
                read("folder", "/opt/postern/state/intake", "keys", "a, b", "other", "/x", "empty", "");
        read.put("list", new String[] {"a", "b"});
        unread.poll(read);
        unread.poll(read);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(NOTED);
    }

    @Test
    void aFileThatIsGoneIsLeftAlone() {
        unread.poll(read("consumers", "8"));
        unread.poll(read("consumers", "8"));
        assertThat(etc).isEmptyDirectory();
    }
}
