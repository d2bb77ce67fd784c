package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Small inputs with their expected values, which lie outside the project at {@code $POSTERN_SHARED/cases/2026-11}, by
 * default {@code ../shared}. Where they are absent a test is skipped with a message that says so; with
 * {@code POSTERN_REQUIRE_REFERENCE=true} it fails.
 */
public final class Cases {

    private final Path root;

    private Cases(Path root) {
        this.root = root;
    }

    /** The cases, or the calling test is skipped (fails with {@code POSTERN_REQUIRE_REFERENCE=true}). */
    public static Cases required() {
        return new Cases(SharedFolder.required("cases", SharedFolder.locate("cases/2026-11")));
    }

    /** A file or folder of the cases. */
    public Path path(String name) {
        return root.resolve(name);
    }

    /** Every file of a folder, sorted by name; at least one. */
    public List<Path> files(String folder) {
        Path in = root.resolve(folder);
        return SharedFolder.files("cases", in, file -> in.equals(file.getParent()));
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
