package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The reference data: GBCS messages, DUIS requests, test keys and official schemas that live outside the project.
 *
 * <p>Found at {@code $POSTERN_SHARED/rtds}, by default {@code ../shared/rtds} from the project's root. Where it is
 * absent a test is skipped with a message that says so; with {@code CI=true} it fails, so that a green CI run has
 * always read it.
 */
public final class Rtds {

    private final Path root;

    private Rtds(Path root) {
        this.root = root;
    }

    /** The data, or the calling test is skipped (fails where {@code CI=true}). */
    public static Rtds required() {
        Path root = locate();
        if (!Files.isDirectory(root)) {
            String message =
                    "reference data not found at " + root + " (set POSTERN_SHARED to the folder that holds rtds/)";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(message);
            }
            Assumptions.abort(message);
        }
        return new Rtds(root);
    }

    /** True where the data is there; for sources of parameters, which cannot be skipped one by one. */
    public static boolean present() {
        return Files.isDirectory(locate());
    }

    private static Path locate() {
        String shared = System.getenv("POSTERN_SHARED");
        return (shared != null ? Path.of(shared) : projectRoot().resolve("../shared"))
                .resolve("rtds")
                .normalize();
    }

    /** The project's root, whichever module's folder the test runs in. */
    public static Path projectRoot() {
        Path folder = Path.of(System.getProperty("postern.root", System.getProperty("user.dir")))
                .toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("karaf-assembly"))) {
            folder = folder.getParent();
        }
        return folder == null ? Path.of("").toAbsolutePath() : folder;
    }

    /** Root folder of the data. */
    public Path root() {
        return root;
    }

    /** Every GBCS message file, sorted by path. */
    public List<Path> messages() {
        return files(root.resolve("RTDS-4.5.0"), ".HEX");
    }

    /** GBCS message files of one folder such as {@code 4.1.1_ECS17b}, sorted. */
    public List<Path> messages(String folder) {
        return files(root.resolve("RTDS-4.5.0").resolve(folder), ".HEX");
    }

    /** Every DUIS request template, sorted. */
    public List<Path> requests() {
        return files(root.resolve("duis-templates"), ".XML");
    }

    /** Folder of the GBCS test keys and certificates. */
    public Path keystore() {
        return root.resolve("keystore");
    }

    /** Folder of the XML-signing test keys and certificates. */
    public Path xmlSignKeystore() {
        return root.resolve("xmlsign-keystore");
    }

    /** Official DUIS schema. */
    public Path duisSchema() {
        return root.resolve("schemas").resolve("DUIS Schema V5.4.xsd");
    }

    /** Official MMC schema. */
    public Path mmcSchema() {
        return root.resolve("schemas").resolve("MMC Schema V5.4.xsd");
    }

    /** Bytes of a hex file; white space is ignored. */
    public static byte[] hex(Path file) {
        try {
            return HexFormat.of().parseHex(Files.readString(file).replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .filter(f -> f.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
