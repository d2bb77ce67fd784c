package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Small inputs with their right values, kept outside the project at {@code $POSTERN_SHARED/cases/2026-11}, by default
 * {@code ../shared}. Where they are absent a test is skipped with a message that says so; with {@code CI=true} it
 * fails.
 */
public final class Cases {

    private final Path root;

    private Cases(Path root) {
        this.root = root;
    }

    /** The cases, or the calling test is skipped (fails where {@code CI=true}). */
    public static Cases required() {
        Path root = locate();
        if (!Files.isDirectory(root)) {
            String message = "cases not found at " + root + " (set POSTERN_SHARED to the folder that holds cases/)";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(message);
            }
            Assumptions.abort(message);
        }
        return new Cases(root);
    }

    private static Path locate() {
        String shared = System.getenv("POSTERN_SHARED");
        return (shared != null ? Path.of(shared) : Rtds.projectRoot().resolve("../shared"))
                .resolve("cases/2026-11")
                .normalize();
    }

    /** A file or folder of the cases. */
    public Path path(String name) {
        return root.resolve(name);
    }

    /** Every file of a folder, sorted by name. */
    public List<Path> files(String folder) {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the folders. */
    public List<String> folders() {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
