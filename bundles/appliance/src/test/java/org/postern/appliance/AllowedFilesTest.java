package org.postern.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.PosternException;

class AllowedFilesTest {

    @TempDir
    Path home;

    private Path state;
    private Path in;
    private Path out;
    private Path ledger;
    private AllowedFiles files;

    @BeforeEach
    void folders() throws IOException {
        state = home.resolve("state");
        in = Files.createDirectories(state.resolve("import"));
        out = state.resolve("export");
        ledger = Files.writeString(
                Files.createDirectories(state.resolve("ledger")).resolve("ledger.db"), "of ours");
        Files.writeString(Files.createDirectories(home.resolve("etc")).resolve("users.properties"), "admin = secret");
        files = over(in);
    }

    private AllowedFiles over(Path... readFrom) {
        return new AllowedFiles(List.of(readFrom), List.of(state, home.resolve("etc")), List.of(in, out));
    }

    private void refused(AllowedFiles by, Object name) {
        assertThatThrownBy(() -> by.read(name.toString(), 100))
                .as("%s", name)
                .isInstanceOf(PosternException.class)
                .hasMessageStartingWith("PST-7095")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFileOfAnAllowedFolderIsReadByItsNameAndByItsPath() throws IOException {
        Path file =
                Files.writeString(Files.createDirectories(in.resolve("monday")).resolve("supply.xml"), "<Request/>");

        assertThat(files.read("monday/supply.xml", 100))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("<Request/>");
        assertThat(files.read(file.toString(), 10))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("<Request/>");
        assertThat(files.readable(file.toString())).isEqualTo(file.toRealPath());
        refused(over(in.resolve("tuesday"), out), file);
    }

    @Test
    void nothingLeadsOutOfTheAllowedFolders() throws IOException {
        Path outside = Files.writeString(home.resolve("outside.xml"), "outside");
        Files.createSymbolicLink(in.resolve("link.xml"), outside);
        Files.createSymbolicLink(in.resolve("folder"), home);
        Files.createLink(in.resolve("hard.xml"), outside);

        for (Object name : new Object[] {
            outside,
            in.resolve("../../outside.xml"),
            "../../outside.xml",
            "link.xml",
            "folder/outside.xml",
            "hard.xml",
            "/dev/null",
            "/proc/self/environ",
            ".",
            "",
            "none.xml",
            "a\0b"
        }) {
            refused(files, name);
        }
    }

    @Test
    void noFileOfOursIsOpenedHoweverWideTheFoldersAreAndByWhateverName() throws IOException {
        AllowedFiles everywhere = over(Path.of("/"), state.resolve("ledger"));
        Files.createSymbolicLink(in.resolve("db.xml"), ledger);
        Files.createSymbolicLink(home.resolve("again"), state);
        Files.createLink(in.resolve("hard.xml"), ledger);

        for (Object name : new Object[] {
            ledger,
            "ledger.db",
            home.resolve("etc/users.properties"),
            in.resolve("db.xml"),
            in.resolve("hard.xml"),
            home.resolve("again/ledger/ledger.db"),
            in.resolve("../ledger/ledger.db")
        }) {
            refused(everywhere, name);
        }
        assertThat(everywhere.read(Files.writeString(in.resolve("a.xml"), "a").toString(), 9))
                .hasSize(1);
    }

    @Test
    void aFileOfOursMayBeNamedAloneAndIsKnownByAnyPath() throws IOException {
        Path database = Files.writeString(home.resolve("elsewhere.db"), "of ours");
        AllowedFiles byName = new AllowedFiles(List.of(home), List.of(database), List.of());

        refused(byName, database);
        assertThat(byName.read(Files.writeString(home.resolve("other.xml"), "x").toString(), 9))
                .hasSize(1);
    }

    @Test
    void aLongFileIsRefused() throws IOException {
        Files.writeString(in.resolve("long.xml"), "x".repeat(101));

        refused(files, "long.xml");
        assertThat(files.read("long.xml", 101)).hasSize(101);
    }

    @Test
    void aNewFileIsWrittenToTheOneFolderAloneAndForItsOwnerAlone() throws IOException {
        Path written = files.write(out, "evidence.json", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(written).isEqualTo(out.toRealPath().resolve("evidence.json")).hasContent("{}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
                .isEqualTo("rw-------");
        assertThat(files.write(out, out.resolve("second.json").toString(), new byte[0]))
                .exists();
    }

    @Test
    void nothingIsWrittenElsewhereNorOverAFile() throws IOException {
        files.write(out, "evidence.json", new byte[] {1});
        Path deploy = Files.createDirectories(home.resolve("deploy"));
        Files.createSymbolicLink(out.resolve("link.json"), deploy.resolve("x.jar"));
        Files.createSymbolicLink(out.resolve("folder"), deploy);

        for (Object name : new Object[] {
            "evidence.json",
            "../ledger/x",
            deploy.resolve("x.jar"),
            "link.json",
            "folder/x.jar",
            "/etc/x",
            ".hidden",
            "none/x",
            "",
            ".",
            "..",
            "a\0b",
            home.resolve("etc/x.cfg")
        }) {
            assertThatThrownBy(() -> files.write(out, name.toString(), new byte[] {2}))
                    .as("%s", name)
                    .isInstanceOf(PosternException.class)
                    .hasMessageStartingWith("PST-7096");
        }
        assertThat(deploy).isEmptyDirectory();
        assertThat(out.resolve("evidence.json")).hasBinaryContent(new byte[] {1});
        assertThatThrownBy(() -> files.write(home.resolve("etc"), "x.cfg", new byte[0]))
                .hasMessageStartingWith("PST-7096");
    }
}
