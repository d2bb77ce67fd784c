package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * The reference data: GBCS messages, DUIS requests, test keys and official schemas that live outside the project.
 *
 * <p>Found at {@code $POSTERN_SHARED/rtds}, by default {@code ../shared/rtds} from the project's root. Where it, or the
 * requested part of it, is absent, a test is skipped with a message; with {@code POSTERN_REQUIRE_REFERENCE=true} it
 * fails, so that a successful run with that variable has always read the data.
 */
public final class Rtds {

    private static final String WHAT = "reference data";

    private final Path root;

    private Rtds(Path root) {
        this.root = root;
    }

    /** The data, or the calling test is skipped (fails with {@code POSTERN_REQUIRE_REFERENCE=true}). */
    public static Rtds required() {
        return new Rtds(SharedFolder.required(WHAT, SharedFolder.locate("rtds")));
    }

    /**
     * True where the data is present, for tests that do something more with it. Fails the test where the data is
     * required but absent.
     */
    public static boolean present() {
        boolean there = Files.isDirectory(SharedFolder.locate("rtds"));
        if (!there && Missing.referenceRequired()) {
            required();
        }
        return there;
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

    /** Every GBCS message file, sorted by path; at least one. */
    public List<Path> messages() {
        return files("RTDS-4.5.0", ".HEX");
    }

    /** GBCS message files of one folder such as {@code 4.1.1_ECS17b}, sorted; at least one. */
    public List<Path> messages(String folder) {
        return files("RTDS-4.5.0/" + folder, ".HEX");
    }

    /** Every DUIS request template, sorted; at least one. */
    public List<Path> requests() {
        return files("duis-templates", ".XML");
    }

    /** Folder of the GBCS test keys and certificates. */
    public Path keystore() {
        return part("keystore");
    }

    /** Folder of the XML-signing test keys and certificates. */
    public Path xmlSignKeystore() {
        return part("xmlsign-keystore");
    }

    /** Official DUIS schema. */
    public Path duisSchema() {
        return part("schemas/DUIS Schema V5.4.xsd");
    }

    /** Official MMC schema. */
    public Path mmcSchema() {
        return part("schemas/MMC Schema V5.4.xsd");
    }

    /** Bytes of a hex file; white space is ignored. */
    public static byte[] hex(Path file) {
        try {
            return HexFormat.of().parseHex(Files.readString(file).replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path part(String name) {
        return SharedFolder.required(WHAT, root.resolve(name));
    }

    private List<Path> files(String part, String ending) {
        return SharedFolder.files(
                WHAT, root.resolve(part), file -> file.getFileName().toString().endsWith(ending));
    }
}
