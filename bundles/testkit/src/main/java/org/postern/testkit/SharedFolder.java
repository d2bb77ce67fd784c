package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The folder outside the project that holds the reference data: {@code $POSTERN_SHARED}, by default ../shared. */
final class SharedFolder {

    private SharedFolder() {}

    /** The path of a folder in it, which need not exist. */
    static Path locate(String name) {
        String shared = System.getenv("POSTERN_SHARED");
        return (shared != null && !shared.isBlank()
                        ? Path.of(shared)
                        : Rtds.projectRoot().resolve("../shared"))
                .resolve(name)
                .normalize();
    }

    /** Returns the path if it exists; otherwise ends the test by {@link Missing#reference}. */
    static Path required(String what, Path path) {
        if (!Files.exists(path)) {
            Missing.reference(what + " not found at " + path + " (POSTERN_SHARED names the folder that holds it)");
        }
        return path;
    }

    /**
     * Files below a folder, sorted by path. At least one, so that a loop over them cannot pass without having checked
     * anything.
     */
    static List<Path> files(String what, Path folder, Predicate<Path> wanted) {
        try (Stream<Path> walk = Files.walk(required(what, folder))) {
            List<Path> found =
                    walk.filter(Files::isRegularFile).filter(wanted).sorted().toList();
            if (found.isEmpty()) {
                Missing.reference(what + " not found: no file of that kind below " + folder);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
