package org.postern.hsmpkcs11.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.postern.testkit.Missing;

/** SoftHSM behind a test library that hangs on request; compiled with the installed C compiler. */
final class HangingToken {

    private final Path gate;

    /** Compiles the library and adds it to the list as {@code hanging}; skips the test where there is no compiler. */
    HangingToken(Path folder) throws IOException, InterruptedException {
        gate = folder.resolve("hang");
        Path module = folder.resolve("hanging.so");
        Path softHsm = Libraries.find("softhsm2");
        boolean made;
        try {
            made = new ProcessBuilder(
                                    "cc",
                                    "-shared",
                                    "-fPIC",
                                    "-o",
                                    module.toString(),
                                    "-DSOFTHSM=\"" + softHsm + "\"",
                                    "-DGATE=\"" + gate + "\"",
                                    Path.of("src/test/c/hanging.c")
                                            .toAbsolutePath()
                                            .toString(),
                                    "-ldl")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            Missing.tool("no C compiler (install package gcc): a hanging token cannot be simulated");
            return;
        }
        Assertions.assertTrue(made, "module compiled");
        Path table = Files.writeString(folder.resolve("libraries.tsv"), "hanging\t" + module + "\n");
        System.setProperty(Libraries.PROPERTY, table.toString());
    }

    void hang() throws IOException {
        Files.createFile(gate);
    }

    void release() throws IOException {
        Files.deleteIfExists(gate);
    }

    void remove() throws IOException {
        release();
        System.clearProperty(Libraries.PROPERTY);
    }
}
